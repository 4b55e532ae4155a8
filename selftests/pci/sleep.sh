# SPDX-License-Identifier: GPL-2.0
# The machine sleeps and wakes up under fio: to RAM, where QEMU resets its devices, and
# into an image that our own disk keeps; what cannot be waited for keeps it awake.
# needs: free pci loop fio disks=64M,256M
# machine: pc
# append: tsc=unstable
# lane: A
# time: 40
. /bed/ktap.sh
. /bed/disk.sh
. /bed/loop.sh
. /bed/sleep.sh
plan 9

start
N=$(bus_name disk0) S=$(bus_name disk1)
ram ubd5 32M
fill "$N" 16
for d in $N ubd5; do
	fio --name="v-$d" --filename="/dev/$d" --offset=16M --size=16M --rw=randrw --bs=4k --direct=1 \
		--ioengine=libaio --iodepth=8 --verify=crc32c --time_based --runtime=25 --thread \
		--output="/run/fio-$d" &
	eval "fio_$d=\$!"
done
naps() { for _i in $(seq 20); do nap || return; usleep 200000; done; }
expect "it falls asleep and wakes up, 20 times" naps
is "its disk is Connected" "$(attr "$N" state)" Connected
for d in $N ubd5; do
	eval "_fio=\$fio_$d"
	expect "fio on $d saw no error" wait "$_fio"
done
expect "what was there is there" holds "$N" 16

# what is under way is waited for, but not for ever
fault ubd5 silent
# a process that waits for one request cannot be frozen itself; one that waits for any can
fio --name=w --filename=/dev/ubd5 --rw=randread --bs=4k --direct=1 --ioengine=libaio --iodepth=2 \
	--size=1M --thread >/dev/null 2>&1 &
usleep 1500000
refuse "a request that nobody answers keeps it awake" "" sh -c "echo mem >/sys/power/state"
expect "and the log says whose" logged "the machine stays awake: the host has not answered all requests of ubd5"
remove ubd5 force

# the image goes to our disk and comes from it, all in one boot
mkswap "/dev/$S" >/dev/null && swapon "/dev/$S"
at_exit "swapoff /dev/$S 2>/dev/null"
cat "/sys/block/$S/dev" >/sys/power/resume
hibernate() { echo test_resume >/sys/power/disk && echo disk >/sys/power/state; }
case $(uname -r) in
6.1.*) skip "into an image on $S and back" "6.1 opens no swap that is in use to test an image, and never frees what it wrote" ;;
*) expect "into an image on $S and back" hibernate ;;
esac
expect "the disks work" holds "$N" 16
