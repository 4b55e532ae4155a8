# SPDX-License-Identifier: GPL-2.0
# Where all DMA goes through a small bounce buffer, requests wait for room in it.
# arch: x86_64
# needs: pci fio disks=1
# append: swiotlb=512,force
# time: 15
. /bed/ktap.sh
. /bed/disk.sh
plan 4

start
plug dma 64M iommu_platform=on
mark
for bs in 64k 2M; do
	expect "$bs: data are right" fio --name=x --filename=/dev/$N --direct=1 --ioengine=libaio --iodepth=64 \
		--iodepth_batch_submit=32 --size=16M --rw=randwrite --bs=$bs --verify=crc32c \
		--verify_fatal=1 --thread
done
expect "the bounce buffer was full" said "swiotlb buffer is full"
is "all came back" "$(count $N used)" "$(count $N added)"
