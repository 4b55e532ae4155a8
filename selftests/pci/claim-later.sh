# SPDX-License-Identifier: GPL-2.0
# When the in-tree driver comes later than we do, what is ours stays ours.
# needs: free pci disks=1
# modules: virtio_pci virtio_blk
# time: 20
. /bed/ktap.sh
. /bed/tests/pci/lib/pci.sh
! built_in virtio_pci || skip_all "the in-tree driver is built in: it was there before us"
plan 8
load
A=$(address disk0)
expect "a disk that nobody had is ours" same_bytes "$(disk_at "$A")"
modprobe virtio_pci; modprobe virtio_blk
expect "it stays so when the in-tree driver is loaded" driven_by virtbus_pci "$A"
expect "with its data" keeps_bytes "$(disk_at "$A")"
host disk later 16M
B=$(host plug later)
wait_for 40 has_disk "$B"
expect "without a claim we leave a new disk to it, or it to us" test "$(driver_of "$B")" != none
host unplug later >/dev/null
echo all >$CLAIM
B=$(host plug later)
wait_for 40 has_disk "$B"
expect "with a claim a new disk is ours" driven_by virtbus_pci "$B"
expect "and works" same_bytes "$(disk_at "$B")"
echo "$B" >$OURS/unbind
expect "it goes back, although our driver is asked first" wait_for 10 driven_by virtio-pci "$B"
host unplug later >/dev/null
unload
expect "a disk that was never its own is not forced on it" driven_by none "$A"
