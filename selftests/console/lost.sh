# SPDX-License-Identifier: GPL-2.0
# Interrupts that were lost hold up neither who writes nor who reads; nobody looks for
# them where nobody has a terminal open.
# needs: loop
# time: 40
. /bed/ktap.sh
. /bed/loop.sh
plan 6

load virtbus_console && load virtbus_loop
config con1=loop
# looks - how often somebody looks for lost interrupts in eight seconds
EVENT=/sys/kernel/tracing/events/workqueue/workqueue_execute_start
looks() {
	: >/sys/kernel/tracing/trace
	echo 1 >$EVENT/enable
	sleep 8
	echo 0 >$EVENT/enable
	grep -c "look_work \[virtbus_console\]" /sys/kernel/tracing/trace
}
mount -t tracefs none /sys/kernel/tracing 2>/dev/null
# as in traced()
echo 0 >/sys/kernel/tracing/options/record-cmd
is "a terminal that nobody has open is left alone" "$(looks)" 0
expect "one that is open is looked at" test "$(looks 6<>/dev/con1)" -ge 1
# two pieces go and come, and nobody is told of it
talk() {
	exec 7<>/dev/con1
	stty -F /dev/con1 raw -echo
	fault con1 event-lost 2
	(echo first; echo second) >&7
	# the watchdog of timeout must not hold the terminal: 7>&-
	at_most 40 dd if=/dev/con1 bs=1 count=13 7>&- 2>/dev/null
}
is "what was written is read" "$(talk | tr '\n' ' ')" "first second "
is "both times nobody was told" "$(struck con1 event-lost)" 2
is "it is Connected" "$(attr con1 state)" Connected
expect "it can be removed" remove con1
