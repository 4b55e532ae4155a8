# SPDX-License-Identifier: GPL-2.0
# A terminal in use refuses to go, and says why; by force its users see a hangup.
# needs: loop
# time: 15
. /bed/ktap.sh
. /bed/loop.sh
. /bed/disk.sh
plan 14

load virtbus_console && load virtbus_loop
config con1=loop
exec 7<>/dev/con1
stty -F /dev/con1 raw -echo
refused "opened once" "not removed: /dev/con1 is open;" remove con1
refused "nor is its driver unloaded" "" rmmod virtbus_console
echo hello >&7
read -r line <&7
is "it works on" "$line" hello
exec 7<&-
expect "free, it can be removed" remove con1
expect "and is gone" sh -c "! [ -e /dev/con1 ] && ! [ -e $BUS/con1 ]"

# by force, under a reader and a writer that wait
config con1=loop
cat </dev/con1 >/dev/null 2>&1 & reader=$!
stty -F /dev/con1 raw -echo
wait_for 5 sh -c "! stty -F /dev/con1 -a | grep -q ' icanon'"
kill -STOP $reader
cat /dev/zero >/dev/con1 2>/dev/null & writer=$!
sleep 1
expect "a writer waits" test -d /proc/$writer
within 50 "by force it goes in time" remove con1 force
kill -CONT $reader
expect "its reader sees the end" wait_for 5 test ! -d /proc/$reader
expect "so does its writer" wait_for 5 test ! -d /proc/$writer
expect "nothing is left" absent con1

# its other end vanishes
config con2=loop
cat </dev/con2 >/dev/null 2>&1 & reader=$!
wait_for 5 has_open $reader /dev/con2
fault con2 gone
expect "a device that vanishes hangs up" wait_for 5 test ! -d /proc/$reader
expect "and is Gone" in_state con2 Gone
refuse "nobody opens it" "" sh -c ": </dev/con2"
expect "it can be removed" remove con2 force
