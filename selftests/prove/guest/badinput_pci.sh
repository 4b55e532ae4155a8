# SPDX-License-Identifier: GPL-2.0
# PCI functions that cannot be driven, and claims that cannot be.
# needs: pci disks=1
# modules: virtio_pci
# qemu: -blockdev null-co,node-name=nul,read-zeroes=on -device virtio-blk-pci,drive=nul,addr=0x8,disable-modern=on,disable-legacy=off -object memory-backend-ram,id=m,size=1M,share=on -device ivshmem-plain,memdev=m,addr=0xa
# time: 30
. /bed/tests/guest/lib/prove.sh
. /bed/tests/guest/lib/bad.sh
plan 12
LEGACY=0000:00:08.0 ODD=0000:00:0a.0 A=$(address disk0)
load
wait_for 20 ours "$A"
bad "a function that is not virtio" "not a virtio device .PCI id 1af4:1110.; those are" spec "ubd9=pci,$ODD"
bad "a legacy-only function" "legacy-only device .*: start QEMU with disable-modern=off" spec "ubd9=pci,$LEGACY"
bad "a function that is not there" "no PCI function has the address .*, see lspci" spec ubd9=pci,0000:00:1e.6
bad "an address that is none" "wants the address of one function, as in" spec ubd9=pci,3
bad "a function that is a device already" "is ubd0 already; remove that first" spec "ubd9=pci,$A"
bad "a claim that is none" "claim=.* is wrong: give PCI addresses" sh -c "echo 1:2 >$CLAIM"
bad "a claim of what is not virtio" "not claimed: not a virtio device" sh -c "echo $ODD >$CLAIM"
bad "a claim of what is legacy-only" "not claimed: legacy-only device" sh -c "echo $LEGACY >$CLAIM"
echo >$CLAIM

unload
modprobe virtio_pci
wait_for 20 driven_by virtio-pci "$A"
mv "/lib/modules/$(uname -r)/virtbus/virtbus_blk.ko" /run/kept.ko
modprobe virtbus_pci
bad "a claim without the driver's module" "no virtbus driver for this kind of device .*load it first" sh -c "echo $A >$CLAIM"
expect "it stays with the in-tree driver" driven_by virtio-pci "$A"
mv /run/kept.ko "/lib/modules/$(uname -r)/virtbus/virtbus_blk.ko"
expect "with the module it is taken" sh -c "modprobe virtbus_blk; echo $A >$CLAIM"
expect "and works" wait_for 20 ours "$A"
