# SPDX-License-Identifier: GPL-2.0
# The machine hibernates: its memory goes to one of our disks, it boots anew, and goes on
# from there, in the middle of what it did.
# arch: x86_64
# needs: free pci loop fio net disks=64M,512M
# append: bed.resume tsc=unstable
# lane: A
# time: 120
. /bed/ktap.sh
. /bed/disk.sh
. /bed/loop.sh
. /bed/net.sh
. /bed/sleep.sh
plan 9

start
N=$(bus_name disk0) S=$(bus_name disk1)
expect "a card of the machine" machine_nic card user
C=$N N=$(bus_name disk0)
user_up "$C"
fill "$N" 16
hibernation_to "$S"

fio --name=v --filename="/dev/$N" --offset=16M --size=16M --rw=randrw --bs=4k --direct=1 --ioengine=libaio \
	--iodepth=8 --verify=crc32c --time_based --runtime=10 --thread --output=/run/fio & fio=$!
fetch 20000000 >/run/fetch.sum & fetching=$!
boot=$(cat /proc/sys/kernel/random/boot_id)
expect "its memory goes to $S and comes back" sh -c "echo disk >/sys/power/state"
expect "by way of another boot" host wait RESET 1 guest=True
is "it is the machine that it was" "$(cat /proc/sys/kernel/random/boot_id)" "$boot"
expect "fio saw no error" wait $fio
expect "what was there is there" holds "$N" 16
expect "the transfer has ended" wait $fetching
set -- $(cat /run/fetch.sum)
is "with what was sent" "$2" "$1"
expect "the host answers" ping -c 1 -w 10 10.0.2.2
