# SPDX-License-Identifier: GPL-2.0
# The kernel freezes its devices and thaws them, under load; and some do not come back
# from it as they were. Only that: it stays on (pm_test). pci/sleep really sleeps.
# needs: loop net fio
# arch: x86_64
# time: 40
. /bed/ktap.sh
. /bed/disk.sh
. /bed/loop.sh
. /bed/net.sh
. /bed/serial.sh
plan 32

at_exit "echo none >/sys/power/pm_test"
echo devices >/sys/power/pm_test
echo 1 >/sys/module/suspend/parameters/pm_test_delay 2>/dev/null
nap() { echo freeze >/sys/power/state; }

load virtbus_blk && load virtbus_loop && ram ubd5 32M
expect "a cable" cable
load virtbus_console && config con1=loop
stty -F /dev/con1 raw -echo
# who opens it first is hung up with it
trap '' HUP
exec 8<>/dev/con1
fio --name=v --filename=/dev/ubd5 --rw=randrw --bs=4k --direct=1 --ioengine=libaio --iodepth=8 \
	--verify=crc32c --time_based --runtime=8 --size=16M --thread --output=/run/fio & fio=$!
dd if=/dev/urandom of=/run/sent bs=64k count=16 2>/dev/null
far nc -l -p 5001 <&$SILENCE >/run/far.got & catching=$!
wait_for 5 listens far 5001
nc -w 60 10.7.0.2 5001 </run/sent >/dev/null & sending=$!
for i in 1 2 3; do
	# what is on its way in the loop itself is lost, as with a host that starts anew
	echo "line $i" >&8
	usleep 500000
	expect "the devices sleep and wake up, $i" nap
	read -r line <&8
	is "what was said before is heard after" "$line" "line $i"
done
wait $sending
expect "a transfer through the cable has ended" wait $catching
is "with what was sent" "$(sum /run/far.got)" "$(sum /run/sent)"
expect "fio saw no error" wait $fio
for d in ubd5 eth1 con1; do
	is "$d is Connected" "$(attr $d state)" Connected
done

# one that comes back as another one is Broken, and its users hear of it
exec 7</dev/ubd5
for d in ubd5 eth1 con1; do
	fault $d features-refused
done
expect "devices that refuse their features do not keep the machine asleep" nap
for d in ubd5 eth1 con1; do
	is "$d is Broken" "$(attr $d state)" Broken
	expect "$d says why" grep -q "did not come back from sleep as it was" "$BUS/$d/error"
	fault $d none
done
# an error, or the end of a disk that has none any more
is "who reads the disk gets nothing" "$(head -c 4096 <&7 2>/dev/null | wc -c)" 0
expect "who had the terminal open sees its end" at_most 10 cat <&8
refuse "nobody gets through the cable" "" ping -c 1 -w 2 10.7.0.2
expect "Broken devices sleep, too" nap
refuse "and stay what they are" "" one_read ubd5
exec 7<&- 8<&-
ip link set eth1 down
for d in ubd5 eth1 con1; do
	expect "$d can be removed" remove $d
done
ram ubd5 32M
expect "made anew the disk works" one_read ubd5
config eth1=pair,eth2 && set_up here eth1 1
expect "made anew the card works" ping -c 2 -w 10 10.7.0.2
config con1=loop && stty -F /dev/con1 raw -echo && exec 8<>/dev/con1 && echo hello >&8
read -r line <&8
is "made anew the terminal works" "$line" hello
exec 8<&-
expect "all of them sleep" nap
ip link set eth1 down
