# SPDX-License-Identifier: GPL-2.0
# A disk is swapped to and from when memory is short.
# needs: disks=1
# time: 10
. /bed/ktap.sh
. /bed/disk.sh
C=/run/cgroup
mkdir -p $C
mount -t cgroup2 cgroup2 $C 2>/dev/null
at_exit "umount $C 2>/dev/null"
[ -e /proc/swaps ] && grep -q memory $C/cgroup.controllers ||
	skip_all "this kernel has no swap or no memory cgroup"
plan 5
start
N=$(bus_name disk0)
expect "mkswap" mkswap /dev/$N
expect "swapon" swapon /dev/$N
at_exit "swapoff /dev/$N 2>/dev/null"
# what is in a tmpfs is swapped out when its cgroup may have no more memory
at_exit "rmdir $C/small"
echo +memory >$C/cgroup.subtree_control
mkdir $C/small
echo 8M >$C/small/memory.max
mount -t tmpfs tmpfs /mnt
at_exit "umount /mnt"
F=$(random 12)
sh -c "echo \$\$ >$C/small/cgroup.procs; cat $F >/mnt/f"
expect "memory was swapped out" test "$(awk 'NR == 2 { print $4 }' /proc/swaps)" -gt 2048
echo max >$C/small/memory.max
expect "and comes back as it was" cmp /mnt/f "$F"
rm /mnt/f
expect "swapoff" swapoff /dev/$N
dd if=/dev/zero of=/dev/$N bs=64k count=1 2>/dev/null
