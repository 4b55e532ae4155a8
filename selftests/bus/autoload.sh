# SPDX-License-Identifier: GPL-2.0
# A device finds its driver by its modalias, before and after it is there.
# needs: loop
# time: 4
. /bed/ktap.sh
. /bed/disk.sh
plan 6

load virtbus_loop
config ubd1=ram,1M
is "without a driver a device waits" "$(attr ubd1 state)" Initialising
is "its modalias has kind and vendor" "$(attr ubd1 modalias)" "virtbus:t2v$(($(attr ubd1 vendor)))"
is "and is in its uevent" "$(sed -n 's/^MODALIAS=//p' $BUS/ubd1/uevent)" "$(attr ubd1 modalias)"
expect "modprobe knows the alias" modprobe "$(attr ubd1 modalias)"
expect "it is the disk driver's" test -e /sys/module/virtbus_blk
expect "which has the device now" is_disk ubd1
