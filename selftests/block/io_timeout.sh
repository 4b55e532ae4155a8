# SPDX-License-Identifier: GPL-2.0
# With io_timeout= a device that does not answer is broken in time, and works
# again when it is bound anew.
# needs: loop
# time: 12
. /bed/ktap.sh
. /bed/disk.sh
plan 8

load virtbus_blk stall_report=1 && load virtbus_loop
ram ubd5 4M
echo 3 >/sys/module/virtbus_blk/parameters/io_timeout
fault ubd5 silent
within 60 "a read ends in time" dd if=/dev/ubd5 of=/dev/null bs=4k count=1 iflag=direct
is "the device is Broken" "$(attr ubd5 state)" Broken
expect "and says why" grep -qE "request [0-9]+ was not answered for [0-9]+ s .io_timeout=3." $BUS/ubd5/error
refuse "I/O fails from then on" "error|No such device|not" dd if=/dev/ubd5 of=/dev/null bs=4k count=1 iflag=direct
fault ubd5 none
unbind ubd5
expect "it is bound anew" bind ubd5
expect "it is connected" is_disk ubd5
is "the error is forgotten" "$(attr ubd5 error)" ""
fill ubd5 1
expect "it works" holds ubd5 1
