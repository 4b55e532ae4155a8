# SPDX-License-Identifier: GPL-2.0
# Every allocation fails once while the machine's glue takes a disk, and gives it back.
# needs: free disks=2 perl
# lane: B
# append: slub_debug=A;-,ftrace_event_field,kmemleak_object,kmemleak_scan_area,debug_objects_cache,Acpi-*,proc_dir_entry
# time: 200
. /bed/disk.sh
. /bed/tests/guest/lib/prove.sh
. /bed/tests/guest/lib/faults.sh
# Acpi-*: without memory the interpreter of ACPI uses what it has freed (6.1), and the kernel
# asks it for the interrupt of each PCI function that is enabled. proc_dir_entry: where it could not
# make /proc/irq/N/* it warns when it takes that away
plan $([ $BED_ROAD = ccw ] && echo 6 || echo 4)
# the other disk keeps the kernel's cache of bios, whose making would leak when it fails (6.1)
load virtbus_blk && load $GLUE
A=$(address disk0)
wait_for 20 ours "$A"
N=$(name_at "$A")
bus=/sys/bus/virtbus at=$bus/drivers/virtbus_blk
# a channel device that is bound goes online by a work item, so that is done by hand, too
LATER=0
[ $BED_ROAD = pci ] || LATER=10
# first the glue alone, then the driver: to enable a function takes most of the time
echo "$A" >"$OURS/unbind"
echo 0 >$bus/drivers_autoprobe
nth "$A: bound" "do=write:$OURS/bind:$A" "after=write:$OURS/unbind:$A" "there=$BUS/$N" "whole=$BUS/$N/." within=$LATER
echo "$A" >"$OURS/bind"
wait_for 5 test -e "$BUS/$N"
nth "$A: unbound" "do=write:$OURS/unbind:$A" "after=write:$OURS/bind:$A" within=$LATER
wait_for 5 test -e "$BUS/$N"
if [ $BED_ROAD = ccw ]; then
	online=$PARENTS/devices/$A/online
	nth "$A: offline" "do=write:$online:0" "after=write:$online:1"
	echo 0 >"$online"
	nth "$A: online" "do=write:$online:1" "after=write:$online:0" "there=$BUS/$N" "whole=$BUS/$N/."
	echo 1 >"$online"
fi
echo 1 >$bus/drivers_autoprobe
nth "$N: bound" "do=write:$at/bind:$N" "after=write:$at/unbind:$N" \
	"there=$BUS/$N/driver" "there=/sys/block/$N" "whole=$BUS/$N/."
still_looks
