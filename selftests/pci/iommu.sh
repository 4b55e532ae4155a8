# SPDX-License-Identifier: GPL-2.0
# A device that asks for it (ACCESS_PLATFORM) is given addresses of the IOMMU.
# arch: x86_64
# needs: free pci
# lane: A
# append: intel_iommu=on
# qemu: -device intel-iommu,device-iotlb=on -blockdev null-co,node-name=nul,read-zeroes=on,size=16777216 -device virtio-blk-pci,drive=nul,addr=0x8,iommu_platform=on,disable-legacy=on,ats=on
. /bed/ktap.sh
. /bed/tests/pci/lib/pci.sh
plan 5
load
A=0000:00:08.0
expect "the kernel has an IOMMU" test -e $PCI/devices/$A/iommu_group
is "the device is connected" "$(attr ubd0 state)" Connected
expect "ACCESS_PLATFORM was agreed on" test $(($(attr ubd0 features) >> 33 & 1)) = 1
expect "it reads and writes" dd if=/dev/zero of="$(disk_of ubd0)" bs=64k count=64 oflag=direct
expect "the IOMMU has no complaint" sh -c "! dmesg | grep -i 'DMAR.*fault'"
