# SPDX-License-Identifier: GPL-2.0
# The kernel prints on a console whose other end stops listening: it goes on, and
# what is missing is said when somebody listens again.
# needs: loop
# time: 20
. /bed/ktap.sh
. /bed/loop.sh
. /bed/disk.sh
plan 7

load virtbus_console && load virtbus_loop
config con1=loop
stty -F /dev/con1 raw -echo
echo 1 >/sys/class/tty/con1/console
# what comes back is not read: after some 100 KB nothing fits any more
i=0
t=$(took sh -c 'i=0; while [ $i -lt 2000 ]; do i=$((i + 1))
	echo "<1>line $i of many: it takes more room than there is for all of them"; done |
	while read -r l; do echo "$l" >/dev/kmsg; done')
diag "2000 lines in $t tenths of a second"
expect "the kernel prints 140 KB, and somebody who does not listen holds up nobody" test "$t" -lt 300
expect "some of it was heard" sh -c "timeout 5 cat /dev/con1 >/run/heard; grep -q 'line 1 of many' /run/heard"
expect "not all of it" sh -c "! grep -q 'line 2000 of many' /run/heard"
echo "<1>said in the end" >/dev/kmsg
timeout 5 cat /dev/con1 >/run/heard
expect "it says that something is missing" grep -qE '^.. [0-9]+ bytes of the log are missing here' /run/heard
expect "and goes on" grep -q "said in the end" /run/heard
expect "it can be none again" sh -c "echo 0 >/sys/class/tty/con1/console"
expect "and be removed" remove con1
