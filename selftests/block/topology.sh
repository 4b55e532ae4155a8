# SPDX-License-Identifier: GPL-2.0
# Block size and I/O hints are the host's.
# needs: loop disks=1
# time: 6
. /bed/ktap.sh
. /bed/disk.sh
plan 8

sizes() { for _q in logical_block_size physical_block_size minimum_io_size optimal_io_size; do printf '%s ' "$(cat /sys/block/$1/queue/$_q)"; done; }
start
is "an ordinary disk" "$(sizes "$(bus_name disk0)")" "512 512 512 0 "
plug hints 16M physical_block_size=4096 min_io_size=8192 opt_io_size=65536
is "a disk with hints" "$(sizes $N)" "512 4096 8192 65536 "
fill $N 1
expect "it works" holds $N 1
plug big 16M logical_block_size=4096 physical_block_size=4096
is "a disk of 4096 byte blocks" "$(sizes $N)" "4096 4096 4096 0 "
is "its size is in sectors all the same" "$(cat /sys/block/$N/size)" 32768
fill $N 1
expect "it works" holds $N 1
is "and so are its requests" "$(traced block:block_rq_issue dd if=/dev/$N of=/dev/null bs=512 count=1 2>/dev/null |
	sed -n 's/.* R[A-Z]* .* + \([0-9]*\) .*/\1/p' | awk '$1 % 8')" ""
ram ubd5 4M,blk_size=4096
is "a RAM disk of 4096 byte blocks" "$(sizes ubd5)" "4096 4096 4096 0 "
