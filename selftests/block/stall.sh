# SPDX-License-Identifier: GPL-2.0
# A host whose storage stalls is reported; I/O waits, and goes on with the host.
# needs: disks=1
# time: 12
. /bed/ktap.sh
. /bed/disk.sh
plan 8

start stall_report=2
plug slow 16M
at_exit "brake slow 0"
expect "it works" dd if=/dev/$N of=/dev/null bs=64k count=4 iflag=direct
brake slow 1
mark
dd if=/dev/$N of=/run/got bs=64k count=2 skip=8 iflag=direct 2>/run/dd & reader=$!
becomes "a request that waits is reported" 20 1 cat /sys/block/$N/stalled
expect "in the log, with what can be done" said "$N: stalled: request .* echo force > .*/$N/remove"
is "the device is well" "$(attr $N state)" Connected
expect "the reader waits" test -d /proc/$reader
becomes "it is reported again" 20 2 cat /sys/block/$N/stalled
brake slow 0
expect "when the host is back it goes on" wait_for 60 grep -q "2+0 records out" /run/dd
expect "as if nothing had been" dd if=/dev/$N of=/dev/null bs=64k count=4 iflag=direct
