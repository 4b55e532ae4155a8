# SPDX-License-Identifier: GPL-2.0
# A RAM disk takes memory as it is written; discard and write zeroes give it back
# and what they covered reads as zero.
# needs: loop
# time: 15
. /bed/ktap.sh
. /bed/loop.sh
free_mb() { echo $(($(awk '$1 == "MemFree:" { print $2 }' /proc/meminfo) / 1024)); }
fill() { dd if=/dev/zero of=/dev/ubd1 bs=1M count=100 oflag=direct; }
sum() { sha256sum | cut -d' ' -f1; }
# part FIRST COUNT - sectors of the disk
part() { dd if=/dev/ubd1 bs=512 skip="$1" count="$2" iflag=direct 2>/dev/null | sum; }

plan 9
load
before=$(free_mb)
config ubd1=ram,4G
expect "4 GiB that nobody wrote cost little" test $((before - $(free_mb))) -lt 30
expect "100 MiB can be written" fill
expect "they cost about that" test $((before - $(free_mb))) -gt 90
expect "they can be discarded" blkdiscard /dev/ubd1
expect "which gives the memory back" test $((before - $(free_mb))) -lt 40

dd if=/dev/urandom of=/tmp/x bs=1M count=1 2>/dev/null
dd if=/tmp/x of=/dev/ubd1 bs=1M oflag=direct 2>/dev/null
blkdiscard -o 65536 -l 65536 /dev/ubd1
is "what was discarded reads as zero" "$(part 128 128)" "$(head -c 65536 /dev/zero | sum)"
blkdiscard -z -o 262656 -l 99840 /dev/ubd1	# not at a page: 513 to 707
is "what was zeroed reads as zero" "$(part 513 195)" "$(head -c 99840 /dev/zero | sum)"
is "nothing before it does" "$(part 256 257)" \
	"$(dd if=/tmp/x bs=512 skip=256 count=257 2>/dev/null | sum)"
is "nothing behind it does" "$(part 708 1340)" \
	"$(dd if=/tmp/x bs=512 skip=708 count=1340 2>/dev/null | sum)"
