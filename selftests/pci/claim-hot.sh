# SPDX-License-Identifier: GPL-2.0
# A disk that is plugged in later and is claimed never meets the in-tree driver.
# needs: pci disks=1
# modules: virtio_pci virtio_blk
# time: 40
. /bed/ktap.sh
. /bed/tests/pci/lib/pci.sh
plan 16
modprobe virtio_pci; modprobe virtio_blk
host disk hot 16M
A=$(host plug hot)
wait_for 40 has_disk "$A"
expect "without us it is the in-tree driver's" driven_by virtio-pci "$A"
expect "and works" same_bytes "$(disk_at "$A")"
host unplug hot >/dev/null

load virtbus_pci claim=all
modprobe virtbus_blk
plug() { A=$(host plug hot) && wait_for 40 has_disk "$A"; }
mark_log
expect "a claimed disk is plugged in" plug
expect "it is ours" driven_by virtbus_pci "$A"
refuse "the in-tree driver never had it" . says "virtio_blk"
expect "it has its data" keeps_bytes "$(disk_at "$A")"
is "the override says so" "$(cat $PCI/devices/$A/driver_override)" virtbus_pci

echo "$A" >$OURS/unbind
expect "unbinding gives it to the in-tree driver" wait_for 10 driven_by virtio-pci "$A"
is "the override is gone" "$(cat $PCI/devices/$A/driver_override)" "(null)"
wait_for 5 has_disk "$A"
expect "which finds the data" keeps_bytes "$(disk_at "$A")"
echo "$A" >$CLAIM
expect "it can be claimed again" driven_by virtbus_pci "$A"
expect "and leaves" sh -c ". /bed/ktap.sh; trap - EXIT; host unplug hot"

expect "it is plugged in again" plug
expect "and is ours again" driven_by virtbus_pci "$A"
unload
expect "unloading gives it back" wait_for 10 driven_by virtio-pci "$A"
wait_for 5 has_disk "$A"
expect "with its data" keeps_bytes "$(disk_at "$A")"
host unplug hot >/dev/null
