# SPDX-License-Identifier: GPL-2.0
# Large requests, many segments and odd lengths come through as they are.
# needs: loop fio disks=1
# time: 15
. /bed/ktap.sh
. /bed/disk.sh
plan 8

verify() { # NAME FIO-OPTION..
	_n=$1; shift
	fio --name=x --filename=/dev/$_n --direct=1 --ioengine=libaio --iodepth=4 --size=8M \
		--verify=crc32c --verify_fatal=1 --thread "$@"
}
start
ram ubd5 8M
for d in ubd5 "$(bus_name disk0)"; do
	expect "$d: 1 MB at a time" verify $d --rw=write --bs=1M
	expect "$d: each page for itself" verify $d --rw=randwrite --bs=512k --iomem=shm
	expect "$d: odd lengths at odd places" verify $d --rw=randwrite --bsrange=512-300k \
		--blockalign=512 --iomem_align=512 --norandommap
	expect "$d: no request has more segments than the device can" \
		test "$(cat /sys/block/$d/queue/max_segments)" -le 126
done
