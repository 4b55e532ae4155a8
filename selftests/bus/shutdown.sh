# SPDX-License-Identifier: GPL-2.0
# The machine starts anew while a disk, a network card and a console are in use: no device
# may touch its memory after that. The machine ends with it.
# needs: free fio net disks=64M
# append: virtbus.ends
# qemu: -netdev user,id=net -device virtio-net,netdev=net,id=card -device virtio-serial,id=serial
# lane: A
# time: 20
. /bed/ktap.sh
. /bed/disk.sh
. /bed/net.sh
. /bed/serial.sh
plan 1

start
load virtbus_net && load virtbus_console
host port tty0 && end_of virtconsole tty0
wait_for 15 plugged disk0 && wait_for 15 test -c /dev/con0 && wait_for 15 test -e /sys/class/net/eth0 || exit
user_up eth0
ping -q -i 0.05 10.0.2.2 >/dev/null &
yes "a line of some length" >/dev/con0 &
fio --name=r --filename="/dev/$(bus_name disk0)" --rw=randread --bs=4k --direct=1 --ioengine=libaio \
	--iodepth=8 --thread --time_based --runtime=60 >/dev/null 2>&1 &
sleep 1
host stop disk0 card serial
reboot -f
sleep 60
