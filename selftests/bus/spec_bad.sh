# SPDX-License-Identifier: GPL-2.0
# A spec that cannot be read, or that nobody knows, is refused in one line.
# needs: loop
# time: 4
. /bed/ktap.sh
. /bed/disk.sh
plan 11

load virtbus_blk && load virtbus
C=/sys/bus/virtbus/config
spec() { echo "$1" >$C; }
refused "no back end is loaded" "knows the back end ram; load the module" spec ubd1=ram,1M
refuse "it is no such device" "No such device" spec ubd1=ram,1M
load virtbus_loop
refused "an unknown back end" "knows the back end floppy" spec ubd1=floppy
refused "size 0" "size 0" spec ubd1=ram,0
refused "no size" "no size" spec ubd1=ram
refused "a size that is none" "64X is no size" spec ubd1=ram,64X
refused "an unknown key" "speed" spec ubd1=ram,1M,speed=9
refused "no equals sign" "config ubd1:" spec ubd1
refused "an empty text" "virtbus: config" spec ""
mark
refuse "more than a spec can be" "Invalid argument" spec "ubd1=ram,1M,serial=$(printf %0300d 0)"
is "nothing was made" "$(ls $BUS)" ""
