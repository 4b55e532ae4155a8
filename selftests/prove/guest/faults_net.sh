# SPDX-License-Identifier: GPL-2.0
# Every allocation fails once while a network card is made, used, unbound and removed.
# needs: loop net perl
# lane: B
# append: slub_debug=A;-,ftrace_event_field,kmemleak_object,kmemleak_scan_area,debug_objects_cache
# time: 200
. /bed/tests/guest/lib/prove.sh
. /bed/tests/guest/lib/faults.sh
plan 5
load
config eth2=pair,eth1
comes_and_goes eth1=pair,eth2 virtbus_net /sys/class/net/eth1
flags=/sys/class/net/eth1/flags
nth "eth1: set up" "do=write:$flags:0x1003" "after=write:$flags:0x1002"
still_looks
