# SPDX-License-Identifier: GPL-2.0
# Transitional devices are driven through their modern registers; legacy-only ones
# and functions that are not virtio are left alone, with a line that says why.
# needs: free pci disks=1
# machine: pc
# lane: A
# qemu: -blockdev null-co,node-name=nul,read-zeroes=on -device virtio-blk-pci,drive=nul,addr=0x8,disable-modern=on -blockdev null-co,node-name=nul2,read-zeroes=on -device virtio-blk-pci,drive=nul2,addr=0x9,disable-legacy=on -object memory-backend-ram,id=m,size=1M,share=on -device ivshmem-plain,memdev=m,addr=0xa
. /bed/ktap.sh
. /bed/tests/pci/lib/pci.sh
plan 14
mark_log
load
T=$(address disk0)
is "the disk is transitional" "$(cat $PCI/devices/$T/device)" 0x1001
is "it is a device" "$(attr "$(name_at "$T")" state)" Connected
expect "it works" same_bytes "$(disk_at "$T")"
is "the modern-only disk is modern" "$(cat $PCI/devices/0000:00:09.0/device)" 0x1042
expect "it is a disk" has_disk 0000:00:09.0
expect "the legacy-only disk is left alone" driven_by none 0000:00:08.0
expect "and the log says how to help it" \
	says "0000:00:08.0: not driven: legacy-only device .*disable-modern=off"
expect "what is not virtio is left alone" driven_by none 0000:00:0a.0
expect "and the log says what it is" \
	says "0000:00:0a.0: not driven: not a virtio device .PCI id 1af4:1110"
mark_log
refuse "a spec for the legacy-only disk is refused" . \
	sh -c "echo ubd7=pci,0000:00:08.0 >/sys/bus/virtbus/config"
expect "with the same advice" says "ubd7=pci,0000:00:08.0: legacy-only device"
is "no device is left half made" "$(ls $BUS | tr '\n' ' ')" "ubd0 ubd1 "
host disk comes 16M
H=$(host plug comes)
expect "a disk that is plugged in here works, too" wait_for 40 has_disk "$H"
host unplug comes >/dev/null
expect "and leaves" wait_for 40 test ! -e "$PCI/devices/$H"
