# SPDX-License-Identifier: GPL-2.0
# The console of the kernel breaks while messages wait: the kernel says so, below
# a lock that printing there may want as well, and goes on.
# needs: loop
# time: 10
. /bed/ktap.sh
. /bed/loop.sh
. /bed/disk.sh
. /bed/serial.sh
plan 6

kernel_console con1
# until nothing fits any more, and something is missing
long_lines 150
fault con1 id-range
mark
# room comes, and with it the wrong answer
timeout 2 cat /dev/con1 >/dev/null 2>&1
expect "it breaks" wait_for 5 in_state con1 Broken
expect "the kernel says so" said "con1: Broken, all I.O fails"
expect "and prints on" sh -c "echo '<1>afterwards' >/dev/kmsg && dmesg | grep -q afterwards"
within 10 "without waiting for a device that is lost" long_lines 20
expect "nobody can make it a console again" sh -c "
	echo 0 >/sys/class/tty/con1/console; ! echo 1 2>/dev/null >/sys/class/tty/con1/console"
expect "it can be removed" remove con1 force
