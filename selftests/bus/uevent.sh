# SPDX-License-Identifier: GPL-2.0
# Userspace hears of a new device with what it needs to load a driver, and of
# every change of its state.
# needs: loop
# time: 5
. /bed/ktap.sh
. /bed/disk.sh
plan 5

load virtbus && load virtbus_loop
# one line for each message of a device of the bus; the program gets its fields
hear <<'END'
[ "${SUBSYSTEM:-}" != virtbus ] || echo "${ACTION:-} ${DEVPATH:-} ${MODALIAS:-} ${VIRTBUS_TRANSPORT:-} ${VIRTBUS_STATE:-}"
END
states() { sed -n 's/^change .* loop //p' /run/heard | tr '\n' ' '; }

config ubd1=ram,1M
D=/devices/virtbus_loop/ubd1/ubd1
expect "a new device is announced" wait_for 5 grep -q "^add $D " /run/heard
expect "with its modalias and transport" grep -q "^add $D $(attr ubd1 modalias) loop" /run/heard
load virtbus_blk
becomes "each state of a device that is bound" 5 "InitWait Initialised Connected " states
unbind ubd1
becomes "and unbound" 5 "InitWait Initialised Connected Closing Closed " states
remove ubd1
expect "its end is announced" wait_for 5 grep -q "^remove $D " /run/heard
