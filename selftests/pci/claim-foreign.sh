# SPDX-License-Identifier: GPL-2.0
# What a third driver holds stays there, and so does what is reserved for it.
# needs: pci disks=2
# lane: A
# modules: virtio_pci virtio_blk pci-stub
. /bed/ktap.sh
. /bed/tests/pci/lib/pci.sh
plan 8
A=$(address disk0) B=$(address disk1)
at_exit "echo >$PCI/devices/$A/driver_override"
modprobe pci-stub
echo pci-stub >$PCI/devices/$A/driver_override
[ ! -e $PCI/devices/$A/driver ] || echo "$A" >$PCI/devices/$A/driver/unbind
echo "$A" >$PCI/drivers_probe
modprobe virtio_pci; modprobe virtio_blk
wait_for 5 has_disk "$B"
expect "a disk is held by pci-stub" driven_by pci-stub "$A"
mark_log
load virtbus_pci claim=all
modprobe virtbus_blk
expect "a claim of all leaves it there" driven_by pci-stub "$A"
expect "and says so" says "$A: not claimed: it is driven by pci-stub; unbind"
expect "and takes the other" driven_by virtbus_pci "$B"
refuse "a spec does not take it either" . sh -c "echo ubd9=pci,$A >/sys/bus/virtbus/config"
echo "$A" >$PCI/drivers/pci-stub/unbind
mark_log
refuse "nor when it is only reserved for it" . sh -c "echo $A >$CLAIM"
expect "which is said" says "$A: not claimed: its driver_override keeps it"
echo >$PCI/devices/$A/driver_override
echo "$A" >$CLAIM
expect "when it is free it is taken" driven_by virtbus_pci "$A"
