# SPDX-License-Identifier: GPL-2.0
# Several queues serve at once, and data are right on every shape of queue.
# needs: loop fio
# time: 40
. /bed/ktap.sh
. /bed/loop.sh

# verify [SMALLEST] - data are right, with several jobs
verify() {
	fio --name=v --filename=/dev/ubd1 --rw=randwrite --bsrange=${1:-512}-256k --size=2M \
		--offset_increment=2M --numjobs=2 --direct=1 --ioengine=libaio \
		--iodepth=16 --verify=crc32c --thread
}

# shape ARGUMENTS [SMALLEST] - 1 point
shape() {
	config "ubd1=ram,64M$1"
	expect "data are right with ubd1=ram,64M$1" verify ${2:-512}
	remove ubd1
}

plan 10
load
config ubd1=ram,64M,queues=2
expect "data are right with two queues" verify
for i in 0 1; do
	before=$(attr ubd1 queue$i/used)
	# which of them is the kernel's choice
	cpu=$(cat "/sys/block/ubd1/mq/$i/cpu_list")
	taskset $((1 << cpu)) dd if=/dev/ubd1 of=/dev/null bs=4k count=20 iflag=direct 2>/dev/null
	expect "queue $i serves its processor" test $(($(attr ubd1 queue$i/used) - before)) -ge 20
done
remove ubd1
shape ,event_idx=0
shape ,indirect=0
shape ,event_idx=0,indirect=0
shape ,size=4
shape ,size=4,indirect=0
shape ,size=1024,queues=8
shape ,blk_size=4096 4k
