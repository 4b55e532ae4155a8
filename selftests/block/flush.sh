# SPDX-License-Identifier: GPL-2.0
# A flush reaches the host, and only where the disk has a volatile cache.
# needs: disks=1
# time: 8
. /bed/ktap.sh
. /bed/disk.sh
plan 7

flushes() { host stats "$1" flush_operations; }
# write_sync NAME - one write that has to be on the disk
write_sync() { dd if=/dev/zero of=/dev/$1 bs=4k count=1 conv=notrunc,fsync 2>/dev/null; }
start
N=$(bus_name disk0)
is "the disk has a write cache" "$(cat /sys/block/$N/queue/write_cache)" "write back"
before=$(flushes disk0)
write_sync $N
expect "fsync flushes" test "$(flushes disk0)" -gt "$before"
before=$(flushes disk0)
dd if=/dev/zero of=/dev/$N bs=4k count=8 oflag=direct 2>/dev/null
is "writing does not" "$(flushes disk0)" "$before"

plug through 16M write-cache=off
is "a disk without a cache says so" "$(cat /sys/block/$N/queue/write_cache)" "write through"
expect "writing to it works" write_sync $N
plug fixed 16M config-wce=off
is "a cache that cannot be switched is there" "$(cat /sys/block/$N/queue/write_cache)" "write back"
before=$(flushes fixed)
write_sync $N
expect "and is flushed" test "$(flushes fixed)" -gt "$before"
