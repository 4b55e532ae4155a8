# SPDX-License-Identifier: GPL-2.0
# A disk grows and shrinks while it is open and mounted.
# needs: loop disks=1
# modules: ext4
# time: 6
. /bed/ktap.sh
. /bed/disk.sh
plan 8

start
modprobe ext4
N=$(bus_name disk0)
ram ubd5 16M
resize() { # NAME BYTES
	if [ "$1" = ubd5 ]; then echo "$2" >$PORTS/ubd5/size; else host resize disk0 "$2"; fi
}
for d in ubd5 $N; do
	size=$(blockdev --getsize64 /dev/$d)
	mkfs.ext4 -q /dev/$d 12M
	mount -t ext4 /dev/$d /mnt
	events=$(attr $d config_events)
	resize $d $((size * 2))
	becomes "$d: it grows while it is mounted" 5 $((size * 2)) blockdev --getsize64 /dev/$d
	fill_end() { dd if="$(random 1)" of=/dev/$d bs=1M seek=$((size * 2 / 1048576 - 1)) oflag=direct; }
	expect "$d: what is new can be written" fill_end
	resize $d $size
	becomes "$d: it shrinks" 5 $size blockdev --getsize64 /dev/$d
	expect "$d: the host said so twice" test $(($(attr $d config_events) - events)) -ge 2
	umount /mnt
done
