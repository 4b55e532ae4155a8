# SPDX-License-Identifier: GPL-2.0
# A file system on a RAM disk keeps its files through unmount, unbind and bind.
# needs: loop
# modules: ext4
# time: 15
. /bed/ktap.sh
. /bed/loop.sh
plan 7
load
modprobe ext4
config ubd1=ram,96M
expect "mkfs.ext4 works" mkfs.ext4 -q /dev/ubd1
expect "it can be mounted" mount -t ext4 /dev/ubd1 /mnt
mkdir /mnt/d
for i in $(seq 40); do
	dd if=/dev/urandom of=/mnt/d/$i bs=4k count=$((i * 2)) 2>/dev/null
done
(cd /mnt/d && sha256sum *) >/tmp/sums
refuse "it is busy while it is mounted" "" remove ubd1
expect "it can be unmounted" umount /mnt
rebind ubd1
expect "e2fsck finds nothing after unbind and bind" e2fsck -fn /dev/ubd1
mount -t ext4 /dev/ubd1 /mnt
expect "every file is as it was written" sh -c "cd /mnt/d && sha256sum -c /tmp/sums"
umount /mnt
expect "it can be removed" remove ubd1
