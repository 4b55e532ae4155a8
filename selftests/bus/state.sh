# SPDX-License-Identifier: GPL-2.0
# Every change of a device's state is a tracepoint.
# needs: loop
# time: 5
. /bed/ktap.sh
. /bed/disk.sh
plan 5

load virtbus_blk && load virtbus_loop
T=/sys/kernel/tracing
grep -q " $T " /proc/mounts || mount -t tracefs tracefs $T
at_exit "echo 0 >$T/events/virtbus/enable"
expect "there is a tracepoint" sh -c "echo 1 >$T/events/virtbus/virtbus_state/enable"

# walked COMMAND.. - the states that ubd1 walks through meanwhile
walked() { echo >$T/trace; "$@"; sed -n 's/.*virtbus_state: ubd1: //p' $T/trace | tr '\n' ','; }
is "a new disk" "$(walked config ubd1=ram,1M)" \
	"Initialising -> InitWait,InitWait -> Initialised,Initialised -> Connected,"
is "unbinding" "$(walked unbind ubd1)" "Connected -> Closing,Closing -> Closed,"
is "binding" "$(walked bind ubd1)" \
	"Closed -> Initialising,Initialising -> InitWait,InitWait -> Initialised,Initialised -> Connected,"
is "removal" "$(walked remove ubd1)" "Connected -> Closing,Closing -> Closed,Closed -> Gone,"
