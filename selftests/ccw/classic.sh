# SPDX-License-Identifier: GPL-2.0
# classic=1: everything works with classic indicators too.
# needs: ccw disks=1
# time: 10
. /bed/ktap.sh
. /bed/tests/ccw/lib/ccw.sh
plan 7

modprobe virtbus_blk
a=$(address disk0)
wait_for 10 in_tree "$a" || exit
expect "the glue loads" modprobe virtbus_ccw claim="$a" classic=1
expect "the disk is connected" connected "$a"
before=$(irqs VAI)
expect "data can be written" fill /dev/ubd0 one 4
expect "and read back" holds /dev/ubd0 one 4
is "without adapter interrupts" "$(irqs VAI)" "$before"
host resize disk0 100663296
becomes "a new size arrives" 5 100663296 blockdev --getsize64 /dev/ubd0
echo 0 >$CCW/devices/$a/online
echo 1 >$CCW/devices/$a/online
expect "the data is there after offline and online" holds /dev/ubd0 one 4
