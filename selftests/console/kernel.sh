# SPDX-License-Identifier: GPL-2.0
# A terminal becomes the console of the kernel and ceases to be: what the kernel
# prints reaches the host, and the host has SysRq.
# needs: free loop
# lane: A B
# time: 15
. /bed/ktap.sh
. /bed/disk.sh
. /bed/serial.sh
plan 16

serial
con kernel.0
wait_for 15 test -e /sys/class/tty/con0/console
is "it is no console by itself" "$(cat /sys/class/tty/con0/console)" 0
print() { echo "<1>$1" >/dev/kmsg; }
forget_log
print "said before"
expect "it can be made one" sh -c "echo 1 >/sys/class/tty/con0/console"
is "and is" "$(cat /sys/class/tty/con0/console)" 1
expect "what was said before is printed" host found kernel.0 10 "said before"
print "said now"
expect "what the kernel says comes" host found kernel.0 5 "said now"
nothing_missing() { ! host found kernel.0 0 'bytes of the log are missing'; }
printf '<1>a line\nand one below it\n' >/run/two
dd if=/run/two of=/dev/kmsg bs=1k 2>/dev/null
expect "line by line" host found kernel.0 5 "and one below it"
refused "it stays" "not removed: the kernel prints on /dev/con0 " remove con0
refuse "and so does the driver" "" rmmod virtbus_console

# typed by the host: Ctrl-O, then a command
exec 7<>/dev/con0
stty -F /dev/con0 raw -echo
echo 1 >/proc/sys/kernel/sysrq
mark
host type kernel.0 '\x0fh'
expect "the host has SysRq" wait_for 5 said "sysrq: HELP"
host type kernel.0 '\x0f\x0fx\n'
read -r line <&7
is "and can type its key" "$line" "$(printf '\017x')"
exec 7<&-

expect "it can be no console again" sh -c "echo 0 >/sys/class/tty/con0/console"
before=$(host bytes kernel.0)
print "said afterwards"
sleep 1
is "then nothing comes" "$(host bytes kernel.0)" "$before"
echo 1 >/sys/class/tty/con0/console
expect "by force it goes all the same" remove con0 force
expect "the kernel prints on" print "said in the end"
is "its terminal is gone" "$(ls /dev/con0 2>/dev/null)" ""
is "and no console of the kernel" "$(grep -c '^con0' /proc/consoles)" 0
