# SPDX-License-Identifier: GPL-2.0
# Zeroes are written by the host, not sent to it; the space is given back unless
# it was asked to be kept.
# needs: loop fio disks=1
# time: 12
. /bed/ktap.sh
. /bed/disk.sh
plan 10

start
ram ubd5 8M
plug zeroes 8M
for d in ubd5 $N; do
	fill $d 8
	expect "$d: it can write zeroes" test "$(cat /sys/block/$d/queue/write_zeroes_max_bytes)" -ge 1048576
	# N, and WZ since 7.0
	traced block:block_rq_issue blkdiscard -z -o 1048576 -l 2097152 /dev/$d >/run/trace
	is "$d: 2 MB are made zero, and not by writing" \
		"$(sed -n 's/ WZ/ N/; s/.*[0-9] \([WN]\)[A-Z]* .* \([0-9]* + [0-9]*\) .*/\1 \2/p' /run/trace)" "N 2048 + 4096"
	dd if="$(random 8)" of=/run/wanted bs=1M 2>/dev/null
	dd if=/dev/zero of=/run/wanted bs=1M seek=1 count=2 conv=notrunc 2>/dev/null
	dd if=/dev/$d of=/run/got bs=1M count=8 iflag=direct 2>/dev/null
	expect "$d: they read as zero and the rest is there" cmp /run/got /run/wanted
done
# blkdiscard -z asks to keep the space, fallocate to give it back
expect "the host keeps the space" test "$(host space zeroes)" -ge 8388608
expect "a hole is punched" fio --name=x --ioengine=falloc --rw=trim --filename=/dev/$N \
	--bs=2M --size=2M --offset=4M --thread
# the host may need a block to list what is left
expect "for which the host gives it back" test "$(host space zeroes)" -le $((6291456 + 65536))
dd if=/dev/$N bs=1M skip=4 count=2 iflag=direct of=/run/got 2>/dev/null
dd if=/dev/zero of=/run/wanted bs=1M count=2 2>/dev/null
expect "and which reads as zero" cmp /run/got /run/wanted
