# SPDX-License-Identifier: GPL-2.0
# What the kernel says when it panics reaches the host. The machine dies of it.
# needs: free loop
# append: virtbus.dies panic=0
# time: 15
. /bed/ktap.sh
. /bed/disk.sh
. /bed/serial.sh
plan 1

serial
con last
wait_for 15 test -e /sys/class/tty/con0/console
echo 1 >/sys/class/tty/con0/console
# more than the device has at once: nobody but the panicking CPU gives it the rest
i=0
while [ $i -lt 100 ]; do i=$((i + 1)); echo "<1>line $i before the end" >/dev/kmsg; done
# s390x stops before the very last line
end="end "
[ "$(uname -m)" != s390x ] || end=
host die last "${end}Kernel panic - not syncing: sysrq triggered crash"
echo c >/proc/sysrq-trigger
sleep 60
