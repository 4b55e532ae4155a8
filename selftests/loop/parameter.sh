# SPDX-License-Identifier: GPL-2.0
# config= may be repeated on the command line of modprobe, and one bad spec does
# not cost a machine its other disks.
# needs: loop
# time: 5
. /bed/ktap.sh
. /bed/loop.sh
plan 9
load virtbus_blk
expect "the module loads" load virtbus_loop config=ubd1=ram,64M config=ubd2=ram,0 \
	config=ubd3=ram,1G,ro,queues=1
is "the first is there" "$(blockdev --getsize64 /dev/ubd1)" 67108864
is "the last is there" "$(blockdev --getsize64 /dev/ubd3)" 1073741824
expect "nothing is left of the bad one" absent ubd2
is "one line says what is wrong with it" "$(logged 'ubd2' | wc -l)" 1
expect "and the way out" logged "config=ubd2=ram,0: .*size 0.* as in ram,64M"
expect "its name is free" config ubd2=ram,1M

rmmod virtbus_loop
expect "back ends of other modules can be named" load virtbus_loop ends=frobnicate,other
refuse "one whose module is missing is refused" "" config ubd4=other,1M
