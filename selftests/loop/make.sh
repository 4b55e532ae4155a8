# SPDX-License-Identifier: GPL-2.0
# A RAM disk is made by spec at run time, is what the spec says, and leaves
# nothing behind when it is removed.
# needs: loop
# time: 5
. /bed/ktap.sh
plan 12
PORT=/sys/devices/virtbus_loop/ubd1

load
expect "a RAM disk can be made" config ubd1=ram,64M,serial=seven,queues=2,size=32
expect "it is connected" in_state ubd1 Connected
is "it is on the loop" "$(attr ubd1 transport)" loop
is "its disk has its name" "$(disk_of ubd1)" /dev/ubd1
is "its disk has the size asked for" "$(blockdev --getsize64 /dev/ubd1)" 67108864
is "its serial is the one asked for" "$(cat /sys/block/ubd1/serial)" seven
is "its queues have the size asked for" "$(attr ubd1 queue1/size)" 32
is "its spec would make it again" "$(attr ubd1 spec)" ubd1=ram,64M,serial=seven,queues=2,size=32
expect "its port is there" test -e $PORT/fault
expect "it can be removed" sh -c "echo 1 >$BUS/ubd1/remove"
expect "nothing is left of it" sh -c "! [ -e $BUS/ubd1 ] && ! [ -e $PORT ] && ! [ -e /dev/ubd1 ]"
expect "it can be made again under that name" config ubd1=ram,64M
