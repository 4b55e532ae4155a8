# SPDX-License-Identifier: GPL-2.0
# What the kernel says when it stops, after its devices were, reaches the host. The machine
# ends with it.
# needs: pci free
# append: virtbus.ends
# time: 15
. /bed/ktap.sh
. /bed/disk.sh
. /bed/serial.sh
plan 1

serial
con last file
wait_for 15 test -e /sys/class/tty/con0/console
echo 1 >/sys/class/tty/con0/console
host found last 10 "virtbus bed: begin" || exit
host die last "reboot: Restarting system"
reboot -f
sleep 60
