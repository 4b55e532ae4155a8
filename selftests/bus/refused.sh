# SPDX-License-Identifier: GPL-2.0
# A refusal is told to everybody who may want to know: whoever asked, the log, `reason` and
# `refused`, userspace by a uevent, and the tracepoint. It is not remembered for later.
# needs: loop
# time: 6
. /bed/ktap.sh
. /bed/disk.sh
plan 12

load virtbus_blk && load virtbus_loop
ram ubd1 1M
is "nobody was refused yet" "$(attr ubd1 refused)/$(attr ubd1 reason)" "0/"

hear <<'END'
[ -z "${VIRTBUS_REFUSED:-}" ] || echo "${ACTION:-} ${DEVPATH:-} $VIRTBUS_REFUSED: $VIRTBUS_REASON"
END

exec 7</dev/ubd1
mark
traced virtbus:virtbus_refused remove ubd1 >/run/trace
expect "the tracepoint has it" grep -E "virtbus_refused: ubd1: remove: ubd1 is opened 1 time\$" /run/trace
expect "the log has it, and what to do" said "ubd1: not removed: ubd1 is opened 1 time; asked by remove; free it first, or write force"
expect "userspace hears of it" wait_for 5 grep -qx \
	"change /devices/virtbus_loop/ubd1/ubd1 remove: ubd1 is opened 1 time" /run/heard
is "it is counted" "$(attr ubd1 refused)" 1
refuse "another door is refused, too" "busy" unbind ubd1
expect "the last refusal is the one that is shown" sh -c "grep -E '^20.* UTC, unbind: ubd1 is opened 1 time\$' $BUS/ubd1/reason"
is "both are counted" "$(attr ubd1 refused)" 2
exec 7<&-
is "when the user has gone nothing happens by itself" "$(usleep 500000; attr ubd1 state)" Connected
expect "the disk can be opened as before" dd if=/dev/ubd1 of=/dev/null bs=4k count=1
expect "who asks again gets it" unbind ubd1
is "and what was refused before is still to be read" "$(attr ubd1 refused)" 2
