# SPDX-License-Identifier: GPL-2.0
# A disk that can take one request at a time takes one request at a time.
# needs: fio disks=1
# time: 10
. /bed/ktap.sh
. /bed/disk.sh
plan 3

start
plug lone 16M indirect_desc=off queue-size=4 num-queues=1
is "it has one tag" "$(cat /sys/block/$N/mq/0/nr_tags)" 1
expect "four jobs share it" fio --name=x --filename=/dev/$N --direct=1 --ioengine=libaio --iodepth=8 \
	--numjobs=4 --offset_increment=2M --size=1M --rw=randwrite --bs=4k \
	--verify=crc32c --verify_fatal=1 --thread
is "and all came back" "$(count $N used)" "$(count $N added)"
