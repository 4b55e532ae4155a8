# SPDX-License-Identifier: GPL-2.0
# Where all DMA goes through a bounce buffer and that is full, what is written waits for room
# there, and needs no other write to go on.
# arch: x86_64
# needs: free pci net
# append: swiotlb=512,force
# time: 20
. /bed/ktap.sh
. /bed/disk.sh
. /bed/net.sh
. /bed/serial.sh
plan 6

serial iommu_platform=on
port human
expect "a port is there" wait_for 15 test -c "$(path human)"
exec 7<>"$(path human)"
echo "before" >&7
expect "it works" host found human 10 before
# its empty buffers take all of it
expect "a card is there, and up" machine_nic card user iommu_platform=on
ip link set "$N" up
mark
# at once, so that it needs several slots in a row
seq 1 3000 | dd bs=16k iflag=fullblock >&7 2>/dev/null
expect "there was no room for what is written" wait_for 10 said "swiotlb buffer is full"
sleep 1
is "so it waits" "$(host bytes human)" 7
ip link set "$N" down
remove "$N"
expect "with room it goes on" host found human 20 3000
exec 7<&-
