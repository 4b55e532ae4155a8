# SPDX-License-Identifier: GPL-2.0
# The same with one processor.
# needs: ccw fio disks=1
# qemu: -smp 1
# time: 30
. /bed/ktap.sh
. /bed/tests/ccw/lib/ccw.sh
plan 5

modprobe virtbus_blk
a=$(address disk0)
wait_for 10 in_tree "$a" || exit
is "there is one processor" "$(nproc)" 1
for classic in 0 1; do
	modprobe virtbus_ccw claim=all classic=$classic
	expect "connected, classic=$classic" connected "$a"
	expect "verified, classic=$classic" fio --name=x --filename=/dev/ubd0 --rw=randwrite --bs=4k \
		--size=4M --direct=1 --ioengine=libaio --iodepth=16 --verify=crc32c --thread
	rmmod virtbus_ccw
	wait_for 20 in_tree "$a"
done
