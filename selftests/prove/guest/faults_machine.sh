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
plan 4
# the other disk keeps the kernel's cache of bios, whose making would leak when it fails (6.1)
load virtbus_blk && load $GLUE
A=$(address disk0)
wait_for 20 ours "$A"
N=$(name_at "$A")
bus=/sys/bus/virtbus at=$bus/drivers/virtbus_blk
# first the glue alone, then the driver: to enable a function takes most of the time
echo "$A" >"$OURS/unbind"
echo 0 >$bus/drivers_autoprobe
nth "$A: bound" "do=write:$OURS/bind:$A" "after=write:$OURS/unbind:$A" "there=$BUS/$N" "whole=$BUS/$N/."
echo "$A" >"$OURS/bind"
nth "$A: unbound" "do=write:$OURS/unbind:$A" "after=write:$OURS/bind:$A"
echo 1 >$bus/drivers_autoprobe
nth "$N: bound" "do=write:$at/bind:$N" "after=write:$at/unbind:$N" \
	"there=$BUS/$N/driver" "there=/sys/block/$N" "whole=$BUS/$N/."
still_looks
