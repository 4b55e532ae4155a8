# SPDX-License-Identifier: GPL-2.0
# It is a terminal: its line can be numbered, sized, bound anew, and used by a shell.
# needs: loop
# time: 15
. /bed/ktap.sh
. /bed/loop.sh
plan 9

load virtbus_console && load virtbus_loop
config con3=loop
is "con3 is line 3" "$(cat /sys/class/tty/con3/dev)" "$(cat /sys/class/tty/con3/dev | cut -d: -f1):3"
is "the host said how large it is" "$(stty -F /dev/con3 size)" "25 80"
config con-desk=loop
expect "any other name has the first free line" test -c /dev/con0
expect "and the log says which" logged "con-desk: its terminal is /dev/con0"
expect "it is a terminal" sh -c "tty </dev/con3 | grep -qx /dev/con3"
# echoed by the terminal, sent back by the other end
exec 7<>/dev/con3
stty -F /dev/con3 -echo -onlcr
printf 'ab\177c\n' >&7
read -r line <&7
is "lines can be edited" "$line" ac
exec 7<&-
for i in 1 2 3; do
	echo con3 >/sys/bus/virtbus/drivers/virtbus_console/unbind
	echo con3 >/sys/bus/virtbus/drivers/virtbus_console/bind
done
is "bound anew it has its line again" "$(ls -d /sys/class/tty/con*)" "/sys/class/tty/con0
/sys/class/tty/con3
/sys/class/tty/console"
exec 7<>/dev/con3
stty -F /dev/con3 raw -echo
echo again >&7
read -r line <&7
is "and works" "$line" again
exec 7<&-
refuse "it takes no arguments but size=" "" config con4=loop,64M
