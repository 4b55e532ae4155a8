# SPDX-License-Identifier: GPL-2.0
# Every allocation fails once while a console is made, used, unbound and removed.
# needs: loop perl
# lane: B
# append: slub_debug=A;-,ftrace_event_field,kmemleak_object,kmemleak_scan_area,debug_objects_cache
# time: 100
. /bed/tests/guest/lib/prove.sh
. /bed/tests/guest/lib/faults.sh
plan 5
load
comes_and_goes con1=loop virtbus_console /sys/class/tty/con1
nth "con1: opened" do=open:/dev/con1
still_looks
