# SPDX-License-Identifier: GPL-2.0
# Every allocation fails once while a driver is bound to a disk, a network card and a console.
# needs: loop net perl
# lane: B
# append: slub_debug=A;-,ftrace_event_field,kmemleak_object,kmemleak_scan_area,debug_objects_cache
# time: 300
. /bed/tests/guest/lib/prove.sh
. /bed/tests/guest/lib/faults.sh
plan 4
load
# with its cache of bios there, the kernel makes none: that would leak when it fails (6.1)
config ubd9=ram,4K
bound ubd1=ram,4K,queues=1,size=8 virtbus_blk /sys/block/ubd1
config eth2=pair,eth1
bound eth1=pair,eth2 virtbus_net /sys/class/net/eth1
bound con1=loop virtbus_console /sys/class/tty/con1
still_looks
