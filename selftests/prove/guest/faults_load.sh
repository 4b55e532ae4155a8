# SPDX-License-Identifier: GPL-2.0
# Every allocation of every module's load fails once, and the module loads the next time.
# needs: loop perl
# lane: B
# append: slub_debug=A;-,ftrace_event_field,kmemleak_object,kmemleak_scan_area,debug_objects_cache
# time: 300
. /bed/tests/guest/lib/prove.sh
. /bed/tests/guest/lib/faults.sh
plan $(($(wc -l </bed/modules) + 1))

module() { find /lib/modules -name "$1.ko"; }
# what it needs, then it
for m in $(cat /bed/modules); do
	nth "insmod $m" "do=load:$(module "$m")" "after=unload:$m" "there=/sys/module/$m/refcnt" \
		"whole=/sys/bus/virtbus"
	load "$m"
done
still_looks
