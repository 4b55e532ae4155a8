# SPDX-License-Identifier: GPL-2.0
# A disk with the shortest queue there is works, more slowly.
# needs: loop fio disks=1
# time: 12
. /bed/ktap.sh
. /bed/disk.sh
plan 6

start
ram ubd5 4M,size=4
plug short 16M queue-size=4 num-queues=1
for d in ubd5 $N; do
	is "$d: its queue has 4 descriptors" "$(attr $d queue0/size)" 4
	expect "$d: a request is no longer than that" test "$(cat /sys/block/$d/queue/max_segments)" -le 2
	expect "$d: it works with more requests than it has room for" fio --name=x --filename=/dev/$d \
		--direct=1 --ioengine=libaio --iodepth=16 --size=2M --rw=randwrite --bs=16k \
		--verify=crc32c --verify_fatal=1 --thread
done
