# SPDX-License-Identifier: GPL-2.0
# Every allocation fails once while a disk is made, used, unbound and removed.
# needs: loop perl
# lane: B
# append: slub_debug=A;-,ftrace_event_field,kmemleak_object,kmemleak_scan_area,debug_objects_cache
# time: 200
. /bed/tests/guest/lib/prove.sh
. /bed/tests/guest/lib/faults.sh
plan 5
load
# with its cache of bios there, the kernel makes none: that would leak when it fails (6.1)
config ubd9=ram,4K
comes_and_goes ubd1=ram,4K,queues=1,size=8 virtbus_blk /sys/block/ubd1
nth "ubd1: opened" do=open:/dev/ubd1
still_looks
