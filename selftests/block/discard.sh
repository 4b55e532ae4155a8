# SPDX-License-Identifier: GPL-2.0
# What is discarded is given back by the host, and nothing beside it is touched.
# needs: loop disks=1
# time: 6
. /bed/ktap.sh
. /bed/disk.sh
plan 7

start
ram ubd5 8M
plug holes 8M
for d in ubd5 $N; do
	fill $d 8
	expect "$d: it can discard" test "$(cat /sys/block/$d/queue/discard_max_bytes)" -ge 1048576
	expect "$d: 2 MB are discarded" blkdiscard -o 1048576 -l 2097152 /dev/$d
	dd if="$(random 8)" of=/run/wanted bs=1M 2>/dev/null
	dd if=/dev/zero of=/run/wanted bs=1M seek=1 count=2 conv=notrunc 2>/dev/null
	dd if=/dev/$d of=/run/got bs=1M count=8 iflag=direct 2>/dev/null
	expect "$d: they read as zero and the rest is there" cmp /run/got /run/wanted
done
is "the host has the space again" "$(host space holes)" 6291456
