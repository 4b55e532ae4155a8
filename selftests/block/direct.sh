# SPDX-License-Identifier: GPL-2.0
# Without indirect descriptors, without event index, without both.
# needs: fio disks=1
# time: 15
. /bed/ktap.sh
. /bed/disk.sh
plan 10

has() { [ $(($(attr "$1" features) >> $2 & 1)) = "$3" ]; }	# NAME BIT 0|1
works() {
	fio --name=x --filename=/dev/$1 --direct=1 --ioengine=libaio --iodepth=16 --size=4M \
		--rw=randwrite --bsrange=4k-256k --verify=crc32c --verify_fatal=1 --thread
}
start
plug both 16M
expect "by default there are both" has $N 28 1
expect "with event index" has $N 29 1
host unplug both >/dev/null
plug direct 16M indirect_desc=off
expect "without indirect descriptors" has $N 28 0
expect "it works" works $N
expect "several requests at a time" test "$(cat /sys/block/$N/mq/0/nr_tags)" -ge 4
plug noevent 16M event_idx=off
expect "without event index" has $N 29 0
expect "it works" works $N
plug plain 16M event_idx=off indirect_desc=off num-queues=1 queue-size=64
expect "without both" test $(($(attr $N features) >> 28 & 3)) = 0
expect "it works" works $N
is "and all came back" "$(count $N used)" "$(count $N added)"
