# SPDX-License-Identifier: GPL-2.0
# The same with the in-tree driver: the host asks once. What becomes of the file system is told.
# needs: pci fio disks=128M
# modules: virtio_pci virtio_blk ext4
# arch: x86_64
# lane: A
# time: 120
. /bed/tests/guest/lib/prove.sh
plan 3

modprobe virtio_pci 2>/dev/null; modprobe virtio_blk; modprobe ext4
A=$(address disk0)
wait_for 20 theirs "$A"
D=$(disk_at "$A")
mkfs.ext4 -q "$D" && mount -t ext4 "$D" /mnt
fio --name=v --directory=/mnt --size=48M --rw=randrw --bs=4k --ioengine=libaio --iodepth=8 --verify=crc32c \
	--fsync=64 --time_based --runtime=86400 --thread --output=/run/fio >/dev/null 2>&1 & fio=$!
at_exit "kill -KILL $fio 2>/dev/null"
sleep 5
expect "fio writes to a mounted disk of $IN_TREE" kill -0 $fio
expect "the host asks for it, and gets it" host unplug disk0 20
wait $fio
tell "$(uname -r), in-tree: device_del of a mounted disk: gone at once; fio: $(sed -n 's/.*err= *\([0-9]*\).*/err=\1/p' /run/fio | tail -n 1)"
aborted() { touch /mnt/more; sync; dmesg | grep -E 'Aborting journal|Remounting filesystem read-only|EXT4-fs error|previous I/O error to superblock|shut down requested'; }
expect "its journal is aborted" wait_for 60 aborted
aborted | head -n 3 | tell_all
umount /mnt
