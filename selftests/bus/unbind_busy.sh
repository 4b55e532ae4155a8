# SPDX-License-Identifier: GPL-2.0
# Unbinding a driver whose disk is open and mounted: bounded, I/O errors, no hang,
# and the device can be bound again at once.
# needs: loop disks=1
# modules: ext4
# time: 12
. /bed/ktap.sh
. /bed/disk.sh
plan 14

start
modprobe ext4
ram ubd5 16M
for d in ubd5 "$(bus_name disk0)"; do
	mkfs.ext4 -q /dev/$d
	mount -t ext4 /dev/$d /mnt
	echo here >/mnt/before && sync
	exec 7</dev/$d
	dd if=/dev/$d of=/dev/null bs=4k iflag=direct 2>/dev/null & reader=$!
	wait_for 10 has_open $reader /dev/$d
	within 50 "$d: it is unbound in time" unbind $d force
	expect "$d: who reads has an error" wait_for 5 ended $reader
	refuse "$d: so has who reads now" "" dd if=/dev/fd/7 of=/dev/null bs=4k count=1 iflag=direct
	expect "$d: it is bound again while the old one is mounted" bind $d
	expect "$d: it is a disk" is_disk $d
	expect "$d: the old one can be unmounted" umount /mnt
	exec 7<&-
	mount -t ext4 /dev/$d /mnt
	is "$d: what was synced is there" "$(cat /mnt/before)" here
	umount /mnt
done
