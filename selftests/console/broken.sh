# SPDX-License-Identifier: GPL-2.0
# The console of the kernel breaks while messages wait: the kernel says so, below
# a lock that printing there may want as well, and goes on.
# needs: loop
# time: 10
. /bed/ktap.sh
. /bed/loop.sh
. /bed/disk.sh
. /bed/serial.sh
plan 5

load virtbus_console && load virtbus_loop
config con1=loop
stty -F /dev/con1 raw -echo
at_exit "echo 0 2>/dev/null >/sys/class/tty/con1/console"
forget_log
echo 1 >/sys/class/tty/con1/console
# until nothing fits any more, and something is missing
more=$(head -c 800 /dev/zero | tr '\0' x)
i=0
while [ $i -lt 150 ]; do i=$((i + 1)); echo "<1>line $i $more" >/dev/kmsg; done
fault con1 id-range
mark
# room comes, and with it the wrong answer
timeout 2 cat /dev/con1 >/dev/null 2>&1
expect "it breaks" wait_for 5 in_state con1 Broken
expect "the kernel says so" said "con1: Broken, all I.O fails"
expect "and prints on" sh -c "echo '<1>afterwards' >/dev/kmsg && dmesg | grep -q afterwards"
expect "nobody can make it a console again" sh -c "
	echo 0 >/sys/class/tty/con1/console; ! echo 1 2>/dev/null >/sys/class/tty/con1/console"
expect "it can be removed" remove con1 force
