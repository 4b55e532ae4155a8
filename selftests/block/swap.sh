# SPDX-License-Identifier: GPL-2.0
# A disk is swapped to and from when memory is short.
# needs: disks=1
# time: 20
. /bed/ktap.sh
. /bed/disk.sh
plan 5

start
plug swap 256M
expect "mkswap" mkswap /dev/$N
expect "swapon" swapon /dev/$N
at_exit "swapoff /dev/$N 2>/dev/null"
# tmpfs can be swapped out; what is in it must come back
mount -t tmpfs -o size=90% tmpfs /mnt
at_exit "umount /mnt 2>/dev/null"
free=$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
dd if=/dev/urandom of=/run/seed bs=1M count=4 2>/dev/null
i=0
while [ $((i * 4)) -lt $((free + 40)) ]; do cat /run/seed || break; i=$((i + 1)); done >/mnt/f
expect "memory was swapped out" test "$(awk 'NR == 2 { print $4 }' /proc/swaps)" -gt 1024
sum=$(while [ $i -gt 0 ]; do cat /run/seed; i=$((i - 1)); done | md5sum)
is "and comes back as it was" "$(md5sum </mnt/f)" "$sum"
rm /mnt/f
expect "swapoff" swapoff /dev/$N
