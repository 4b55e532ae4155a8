# SPDX-License-Identifier: GPL-2.0
# Files survive unmounting, unbinding and binding.
# needs: disks=1
# modules: ext4
# time: 12
. /bed/ktap.sh
. /bed/disk.sh
plan 6

start
modprobe ext4
N=$(bus_name disk0)
expect "mkfs.ext4" mkfs.ext4 -q /dev/$N
mount -t ext4 /dev/$N /mnt
mkdir /mnt/dir
cp /bin/busybox "$(random 4)" /mnt/dir
sums() { (cd /mnt && find dir -type f | sort | xargs sha256sum); }
sums >/run/sums
umount /mnt
unbind $N
bind $N
expect "it is mounted again" mount -t ext4 /dev/$N /mnt
is "the files are the same" "$(sums)" "$(cat /run/sums)"
echo 3 >/proc/sys/vm/drop_caches
is "read from the disk, too" "$(sums)" "$(cat /run/sums)"
umount /mnt
expect "e2fsck finds nothing" e2fsck -fn /dev/$N
fill $N 4
is "the host has what was written" "$(host sum disk0 $((4 << 20)))" \
	"$(sha256sum "$(random 4)" | cut -d' ' -f1)"
