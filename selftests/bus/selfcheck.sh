# SPDX-License-Identifier: GPL-2.0
# The bed itself: the guest's programs run, the host answers, modules come and go.
# needs: fio disks=2
# modules: ext4 null_blk
. /bed/ktap.sh
plan 7
expect "our modules load" load
expect "our modules unload" unload
if [ "$BED_ARCH" = s390x ]; then
	is "the host knows where a disk is" "$(address disk1)" 0.0.1001
else
	expect "the host knows where a disk is" test -d "/sys/bus/pci/devices/$(address disk1)"
fi
expect "QMP answers" host qmp query-status
modprobe null_blk gb=1 memory_backed=1
modprobe ext4
expect "fio runs" fio --name=x --filename=/dev/nullb0 --rw=randwrite --bs=4k --size=4M \
	--direct=1 --ioengine=libaio --iodepth=8 --verify=crc32c --thread
expect "mkfs.ext4 runs" mkfs.ext4 -q /dev/nullb0
mount /dev/nullb0 /mnt && sync && umount /mnt
expect "e2fsck runs" e2fsck -fn /dev/nullb0
