# SPDX-License-Identifier: GPL-2.0
# How long interrupts are off at most, by the kernel's own tracer, which Debian's kernels
# do not have: while nothing happens, and while writers fill consoles and ports whose host
# listens or does not.
# arch: x86_64
# lane: B
# time: 60
. /bed/tests/guest/lib/prove.sh
. /bed/disk.sh
. /bed/serial.sh
plan 4

T=/sys/kernel/debug/tracing
serial
con screen file
port heard.0
port deaf.0
host listen deaf.0 no
expect "the console and the ports are there" wait_for 20 sh -c \
	"[ -c /dev/con0 ] && [ -c $(path heard.0) ] && [ -c $(path deaf.0) ]"
stty -F /dev/con0 raw -echo
dd if=/dev/urandom of=/run/sent bs=64k count=16 2>/dev/null
expect "the kernel has the tracer" sh -c "echo irqsoff >$T/current_tracer"
at_exit "echo nop >$T/current_tracer"

# longest SECONDS - of all sections in that time, in microseconds, and from where to where
longest() {
	echo 0 >$T/tracing_on
	echo 0 >$T/tracing_max_latency
	echo 1 >$T/tracing_on
	sleep "$1"
	echo 0 >$T/tracing_on
	echo "$(cat $T/tracing_max_latency) us, from $(sed -n 's/.*=> started at: *//p' $T/trace | head -n 1) to $(sed -n 's/.*=> ended at: *//p' $T/trace | head -n 1)"
}
tell "longest section with interrupts off, in the debug kernel under TCG, while nothing happens: $(longest 10)"
(while :; do cat /run/sent; done >"$(path heard.0)") & a=$!
(while :; do cat /run/sent; done >"$(path deaf.0)") & b=$!
(while :; do cat /run/sent; done >/dev/con0) & c=$!
busy=$(longest 20)
tell "and while a console and two ports are written to, one of them deaf: $busy"
kill $a $b $c
expect "it was measured" test "${busy%% *}" -gt 0
expect "and data went" test "$(host bytes heard.0)" -gt 1000000
host listen deaf.0 yes
