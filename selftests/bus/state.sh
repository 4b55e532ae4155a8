# SPDX-License-Identifier: GPL-2.0
# Every change of a device's state is a tracepoint.
# needs: loop
# time: 5
. /bed/ktap.sh
. /bed/disk.sh
plan 4

load virtbus_blk && load virtbus_loop

# walked COMMAND.. - the states that ubd1 walks through meanwhile
walked() { traced virtbus:virtbus_state "$@" | sed -n 's/.*virtbus_state: ubd1: //p' | tr '\n' ','; }
is "a new disk" "$(walked config ubd1=ram,1M)" \
	"Initialising -> InitWait,InitWait -> Initialised,Initialised -> Connected,"
is "unbinding" "$(walked unbind ubd1)" "Connected -> Closing,Closing -> Closed,"
is "binding" "$(walked bind ubd1)" \
	"Closed -> Initialising,Initialising -> InitWait,InitWait -> Initialised,Initialised -> Connected,"
is "removal" "$(walked remove ubd1)" "Connected -> Closing,Closing -> Closed,Closed -> Gone,"
