# SPDX-License-Identifier: GPL-2.0
# Where all DMA goes through a bounce buffer, memory that a device had and did not give back is
# not written to once it is somebody else's: a read that was given up, a card that goes.
# needs: free pci net
# lane: B
# append: swiotlb=force
# time: 20
. /bed/ktap.sh
. /bed/disk.sh
. /bed/net.sh
plan 8

quiet() { ! dmesg | grep "BUG: KASAN"; }

start stall_report=1 io_timeout=2
plug slow 16M iommu_platform=on
at_exit "brake slow 0; host unplug slow 2>/dev/null"
brake slow 1
# the first one only makes the next ones wait
dd if=/dev/$N of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null
refuse "a read is given up" "Input/output error" dd if=/dev/$N of=/dev/null bs=1M count=1 iflag=direct
is "the disk is Broken" "$(attr $N state)" Broken
expect "it goes" remove $N
expect "the memory of whoever read was left alone" quiet

expect "a card is there" machine_nic card user iommu_platform=on
expect "and up" user_up "$N"
ip link set "$N" down
expect "it goes, and so do pages that it had for packets" remove "$N"
expect "they were left alone" quiet
