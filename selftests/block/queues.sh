# SPDX-License-Identifier: GPL-2.0
# A disk has a queue for each CPU, where the host has as many, and each is used.
# needs: loop disks=1
# time: 8
. /bed/ktap.sh
. /bed/disk.sh
cpus=$(nproc)
[ "$cpus" -gt 1 ] || skip_all "one processor has one queue"
plan 13

all=$(seq 0 $((cpus - 1)) | tr '\n' ' ')
mapped() { cat /sys/block/$1/mq/*/cpu_list | tr -d ' ' | tr ',' '\n' | sort -n | tr '\n' ' '; }
read_on() { taskset "$1" dd if=/dev/$2 of=/dev/null bs=4k count=64 iflag=direct 2>/dev/null; }
start
ram ubd5 4M,queues=2
plug two 16M num-queues=2
for d in ubd5 $N; do
	is "$d: there are two queues" "$(ls -d $BUS/$d/queue* | wc -l)" 2
	is "$d: each CPU has one" "$(mapped $d)" "$all"
	a=$(attr $d queue0/added) b=$(attr $d queue1/added)
	read_on 1 $d
	expect "$d: one CPU uses one" test $(($(attr $d queue0/added) - a)) -ge 64 -o $(($(attr $d queue1/added) - b)) -ge 64
	# the last one: neighbours share one
	read_on "$(printf '%x' $((1 << (cpus - 1))))" $d
	expect "$d: the other CPU uses the other" \
		test $(($(attr $d queue0/added) - a)) -ge 64 -a $(($(attr $d queue1/added) - b)) -ge 64
	expect "$d: there is no elevator" grep -q '\[none\]' /sys/block/$d/queue/scheduler
done
plug one 16M num-queues=1
is "a disk with one queue has one for all" "$(ls -d $BUS/$N/queue* | wc -l) $(mapped $N)" "1 $all"
# where there is one queue, the kernel would take mq-deadline
expect "and no elevator" grep -q '\[none\]' /sys/block/$N/queue/scheduler
fill $N 1
expect "it works" holds $N 1
