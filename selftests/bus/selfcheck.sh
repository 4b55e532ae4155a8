# SPDX-License-Identifier: GPL-2.0
# The bed itself: the guest's programs run, the host answers and plugs disks.
# needs: fio disks=2
# modules: ext4 null_blk
. /bed/ktap.sh
plan 9

expect "our modules load" load
expect "our modules unload" unload

# plugged DISK - is the disk's PCI function or channel device there?
plugged() {
	_address=$(address "$1") || return 1
	test -e "/sys/bus/pci/devices/$_address" || test -e "/sys/bus/ccw/devices/$_address"
}
expect "the host knows where a disk is" plugged disk1
host disk spare 16M
expect "a disk can be plugged" host plug spare
expect "it arrives" wait_for 5 plugged spare
expect "and be unplugged" host unplug spare

modprobe null_blk gb=1 memory_backed=1
modprobe ext4
expect "fio runs" fio --name=x --filename=/dev/nullb0 --rw=randwrite --bs=4k --size=4M \
	--direct=1 --ioengine=libaio --iodepth=8 --verify=crc32c --thread
expect "mkfs.ext4 runs" mkfs.ext4 -q /dev/nullb0
mount /dev/nullb0 /mnt && sync && umount /mnt
expect "e2fsck runs" e2fsck -fn /dev/nullb0
