# SPDX-License-Identifier: GPL-2.0
# A device that asks for it is given DMA addresses, through an IOMMU if there is one.
# needs: loop fio disks=1
# time: 12
. /bed/ktap.sh
. /bed/disk.sh
plan 6

start
ram ubd5 8M,platform=1
# one that older drivers know too cannot ask; behind a root port there is none
if [ "$BED_ROAD" = pci ]; then modern=disable-legacy=on; else modern=; fi
plug dma 16M iommu_platform=on $modern
for d in ubd5 $N; do
	expect "$d: it asked" test $(($(attr $d features) >> 33 & 1)) = 1
	expect "$d: it works" fio --name=x --filename=/dev/$d --direct=1 --ioengine=libaio --iodepth=16 \
		--size=4M --rw=randwrite --bsrange=4k-512k --verify=crc32c --verify_fatal=1 --thread
	is "$d: all came back" "$(count $d used)" "$(count $d added)"
done
