# SPDX-License-Identifier: GPL-2.0
# A device that swallows requests is reported as stalled, and they wait; a forced
# removal ends them within 5 s.
# needs: loop
# time: 60
. /bed/ktap.sh
. /bed/loop.sh
plan 7
now() { cut -d. -f1 /proc/uptime; }

load virtbus_blk stall_report=6
load virtbus_loop
config ubd1=ram,16M
fault ubd1 silent
one_read ubd1 >/tmp/dd.out 2>&1 & reader=$!
becomes "it is reported as stalled" 20 1 cat /sys/block/ubd1/stalled
expect "the log says so" logged "ubd1.*(stall|no answer|has not)"
expect "it is still Connected" in_state ubd1 Connected
expect "the reader still waits" kill -0 $reader
start=$(now)
expect "it can be removed by force" remove ubd1 force
wait $reader
took=$(($(now) - start))
expect "the reader got its error within 5 s (took $took)" test $took -le 6
expect "nothing is left of it" absent ubd1
