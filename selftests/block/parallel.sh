# SPDX-License-Identifier: GPL-2.0
# Four jobs write and verify at the same time, on both kinds of disk.
# needs: loop fio disks=1
# time: 15
. /bed/ktap.sh
. /bed/disk.sh
plan 4

start
ram ubd5 32M
for d in ubd5 "$(bus_name disk0)"; do
	expect "$d: four jobs" fio --name=x --filename=/dev/$d --direct=1 --ioengine=libaio --iodepth=16 \
		--numjobs=4 --offset_increment=8M --size=1M --rw=randwrite --bs=4k \
		--verify=crc32c --verify_fatal=1 --thread --group_reporting
	is "$d: all came back" "$(count $d used)" "$(count $d added)"
done
