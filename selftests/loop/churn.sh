# SPDX-License-Identifier: GPL-2.0
# 60 disks are made and removed while another one is in use; nothing is left.
# needs: loop fio
# time: 60
. /bed/ktap.sh
. /bed/loop.sh
plan 5
load
config ubd1=ram,64M
fio --name=v --filename=/dev/ubd1 --rw=randwrite --bs=4k --size=32M --direct=1 --ioengine=libaio \
	--iodepth=16 --rate_iops=400 --verify=crc32c --loops=1000 --thread >/tmp/fio.out 2>&1 & fio=$!
churn() {
	for i in $(seq 60); do
		config ubd2=ram,16M || return
		one_write ubd2 || return
		[ $((i % 2)) = 0 ] && how=1 || how=force
		remove ubd2 $how || return
	done
}
config ubd2=ram,16M; remove ubd2
slab() { cat /proc/meminfo | awk '$1 == "SUnreclaim:" { print $2 }'; }
before=$(slab)
expect "60 times made, written and removed" churn
expect "nothing is left of the last one" absent ubd2
expect "kernel memory is where it was ($before kB, $(slab) kB)" test $(($(slab) - before)) -lt 4000
expect "the other disk was in use all the time" kill -0 $fio
kill -INT $fio; wait $fio
expect "and its data were right" sh -c "! grep -E 'verify:|err= *[1-9]' /tmp/fio.out"
