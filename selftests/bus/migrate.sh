# SPDX-License-Identifier: GPL-2.0
# The machine goes on in another QEMU, straight and by way of a file, under load: its
# disks, network cards and consoles notice nothing.
# needs: free fio net loop disks=64M
# lane: A
# time: 60
. /bed/ktap.sh
. /bed/disk.sh
. /bed/loop.sh
. /bed/net.sh
. /bed/serial.sh
[ "$BED_ARCH.$BED_ROAD" != s390x.pci ] || skip_all "QEMU does not move functions of zPCI"
plan 14

start
D=$(bus_name disk0)
expect "a disk that is plugged in" plug moves 32M
H=$N
fill "$H" 8
expect "a cable of the loop" cable
expect "a card of the machine" machine_nic card user
C=$N
user_up "$C"
serial
port org.test.0
p=$(path org.test.0)
expect "a port" wait_for 15 test -c "$p"
exec 7<>"$p"
host wait VSERPORT_CHANGE 5 id=org.test.0 open=True >/dev/null

fio --name=v --filename="/dev/$D" --offset=16M --size=16M --rw=randrw --bs=4k --direct=1 --ioengine=libaio \
	--iodepth=8 --verify=crc32c --time_based --runtime=20 --thread --output=/run/fio & fio=$!
ping -q -i 0.2 -c 100 -s 4000 10.7.0.2 >/run/pings & pinging=$!
# a line at a time: the host's end moves with the machine
lines_of() { for _i in $(seq 400); do echo "line $_i of those that go to the host"; $*; done; }
lines_of usleep 40000 >&7 & writing=$!
for way in there file; do
	expect "it moves: $way" host migrate $way
	fio_runs() { kill -0 $fio; }
	expect "fio goes on" fio_runs
done
expect "fio saw no error" wait $fio
wait $writing
is "the host has every line" "$(host heard org.test.0 "$(lines_of | wc -c)")" "$(lines_of | sha256sum | cut -d' ' -f1)"
wait $pinging
expect "no packet was lost on the cable" grep ' 0% packet loss' /run/pings
host type org.test.0 'hello\n'
read -r line <&7
is "the port hears the host" "$line" hello
# slirp asks who we are, and keeps its answer for a second only
expect "the card answers" wait_for 20 ping -c 1 -w 2 10.0.2.2
expect "what was there is there" holds "$H" 8
