# SPDX-License-Identifier: GPL-2.0
# What `spec` says makes the same device again, on the loop and on the machine.
# needs: loop disks=1
# time: 6
. /bed/ktap.sh
. /bed/disk.sh
plan 11

again() { remove "$1" && gone "$1" && echo "$2" >/sys/bus/virtbus/config; }
start
S=ubd-x=ram,3M,ro,serial=seven,queues=1,size=16,blk_size=4096
config $S
is "the spec of a RAM disk is what was asked for" "$(attr ubd-x spec)" $S
expect "it makes the disk again" again ubd-x "$(attr ubd-x spec)"
is "with the same spec" "$(attr ubd-x spec)" $S
is "and what the spec says" "$(attr ubd-x queue0/size) $(cat /sys/block/ubd-x/serial) $(cat /sys/block/ubd-x/ro)" \
	"16 seven 1"

N=$(bus_name disk0)
fill "$N" 1
S=$(attr "$N" spec)
is "the spec of the machine's disk has its address" "$S" "$N=$(attr "$N" transport),$(address disk0)"
expect "it makes the disk again" again "$N" "$S"
expect "connected" is_disk "$N"
expect "with its data" holds "$N" 1
expect "an idle function takes another name" again "$N" "ubd-other=${S#*=}"
is "and knows it" "$(attr ubd-other spec)" "ubd-other=${S#*=}"
expect "with its data" holds ubd-other 1
