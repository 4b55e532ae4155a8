# SPDX-License-Identifier: GPL-2.0
# A read-only disk is read and not written.
# needs: loop disks=1
# modules: ext4
# time: 6
. /bed/ktap.sh
. /bed/disk.sh
plan 8

start
modprobe ext4
host disk plain 16M
host qmp blockdev-add '{"driver":"raw","node-name":"locked","read-only":true,"file":"disk0"}' >/dev/null
mkfs.ext4 -q "/dev/$(bus_name disk0)"
plug ro 16M drive=locked share-rw=on
ram ubd5 4M,ro
for d in ubd5 $N; do
	is "$d: it is read-only" "$(cat /sys/block/$d/ro)$(blockdev --getro /dev/$d)" 11
	refuse "$d: it is not written" "not permitted|Read-only|denied" dd if=/dev/zero of=/dev/$d bs=4k count=1 oflag=direct
	expect "$d: it is read" dd if=/dev/$d of=/dev/null bs=4k count=1 iflag=direct
done
expect "it is mounted read-only" mount -t ext4 -o ro,noload /dev/$N /mnt
refuse "and is" "Read-only" touch /mnt/f
umount /mnt
