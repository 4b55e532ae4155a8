# SPDX-License-Identifier: GPL-2.0
# The counters of the queues tell the truth: idle, all that was added came back.
# needs: loop fio disks=1
# time: 10
. /bed/ktap.sh
. /bed/disk.sh
plan 12

start
ram ubd5 16M
for d in ubd5 "$(bus_name disk0)"; do
	before=$(count $d added)
	fio --name=x --filename=/dev/$d --rw=randread --bs=4k --size=8M --io_size=4M --direct=1 \
		--ioengine=libaio --iodepth=16 --thread >/run/fio 2>&1
	added=$(count $d added) used=$(count $d used) kicks=$(count $d kicks)
	expect "$d: each of 1024 requests was counted" test $((added - before)) -ge 1024
	is "$d: all came back" $used $added
	expect "$d: no more kicks than requests ($kicks)" test $kicks -le $added -a $kicks -gt 0
	expect "$d: there were events" test "$(count $d events)" -gt 0
	expect "$d: nearly all had something behind them" \
		test $(($(count $d spurious) * 4)) -le "$(count $d events)"
	is "$d: a queue has its name" "$(attr $d queue0/name)" requests0
done
