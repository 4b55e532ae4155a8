# SPDX-License-Identifier: GPL-2.0
# Partitions are found when a disk is added, and work.
# needs: disks=1
# time: 5
. /bed/ktap.sh
. /bed/disk.sh
plan 6

start
N=$(bus_name disk0)
dd if=/dev/zero of=/dev/$N bs=64k count=1 2>/dev/null
# two of them: 8 MB from sector 2048, and the 8 MB behind it
printf '\0\0\0\0\203\0\0\0\0\010\0\0\0\100\0\0\0\0\0\0\203\0\0\0\0\110\0\0\0\100\0\0' |
	dd of=/dev/$N bs=1 seek=446 conv=notrunc 2>/dev/null
printf '\125\252' | dd of=/dev/$N bs=1 seek=510 conv=notrunc,fsync 2>/dev/null
unbind $N
bind $N
expect "they are there when the disk is" test -b /dev/${N}p1 -a -b /dev/${N}p2
is "with their sizes" "$(cat /sys/block/$N/${N}p1/size /sys/block/$N/${N}p2/size | tr '\n' ' ')" "16384 16384 "
fill ${N}p2 2
expect "the second one works" holds ${N}p2 2
dd if=/dev/$N bs=1M skip=9 count=2 iflag=direct of=/run/got 2>/dev/null
expect "at its place on the disk" cmp /run/got "$(random 2)"
unbind $N
expect "they go with the disk" test ! -e /dev/${N}p1 -a ! -e /dev/${N}p2
bind $N
dd if=/dev/zero of=/dev/$N bs=64k count=1 conv=fsync 2>/dev/null
blockdev --rereadpt /dev/$N
expect "and when the table says so" test ! -e /dev/${N}p1
