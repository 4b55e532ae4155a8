# SPDX-License-Identifier: GPL-2.0
# The kernel prints on a console whose other end stops listening: it goes on, and
# what is missing is said when somebody listens again.
# needs: loop
# time: 20
. /bed/ktap.sh
. /bed/loop.sh
. /bed/disk.sh
. /bed/serial.sh
plan 7

kernel_console con1
# what comes back is not read: after 96 KB nothing fits any more
heard=$(took long_lines 50)
long_lines 80
deaf=$(took long_lines 100)
diag "50 lines: $heard tenths of a second while they are heard, 100 lines: $deaf while they are not"
expect "who does not listen holds up nobody" test "$deaf" -lt $((4 * heard + 20))
expect "some of it was heard" sh -c "timeout 2 cat /dev/con1 >/run/heard; grep -q 'line 1 of 50' /run/heard"
expect "not all of it" sh -c "! grep -q 'line 100 of 100' /run/heard"
echo "<1>said in the end" >/dev/kmsg
timeout 2 cat /dev/con1 >/run/heard
expect "it says that something is missing" grep -qE '^.. [0-9]+ bytes of the log are missing here' /run/heard
expect "and goes on" grep -q "said in the end" /run/heard
expect "it can be none again" sh -c "echo 0 >/sys/class/tty/con1/console"
expect "and be removed" remove con1
