# SPDX-License-Identifier: GPL-2.0
# Processors go and come back, ROUNDS times, at work: all but the first one.
# needs: free fio net disks=64M
# qemu: -smp 4
# lane: A
# time: 200
. /bed/tests/guest/lib/power.sh
plan 7

CPUS=/sys/devices/system/cpu
is "there are 4 processors" "$(cat $CPUS/online)" 0-3
work_begin
set_cpu() { echo "$2" >"$CPUS/cpu$1/online"; }
away_and_back() {
	for _c in 3 1 2; do set_cpu $_c 0 || return; done
	# with one processor left
	at_work || return
	for _c in 1 2 3; do set_cpu $_c 1 || return; done
}
expect "they go and come back $ROUNDS times" again "$ROUNDS" away_and_back
work_end
tell "3 of 4 processors went and came back $ROUNDS times"
