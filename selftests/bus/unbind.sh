# SPDX-License-Identifier: GPL-2.0
# The driver is unbound and bound through sysfs; the device stays, with its data.
# needs: loop disks=1
# time: 6
. /bed/ktap.sh
. /bed/disk.sh
plan 16

start
ram ubd5 4M
for d in ubd5 "$(bus_name disk0)"; do
	fill $d 1
	expect "$d: it is unbound" unbind $d
	is "$d: its state" "$(attr $d state)" Closed
	expect "$d: its disk is gone" test ! -e /dev/$d
	expect "$d: its queues are" test ! -e $BUS/$d/queue0
	refuse "$d: it is not unbound twice" "No such device" unbind $d
	expect "$d: it is bound" bind $d
	expect "$d: its disk is back" is_disk $d
	expect "$d: with its data" holds $d 1
done
