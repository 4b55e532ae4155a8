# SPDX-License-Identifier: GPL-2.0
# The module can go and come at any moment; not while a disk of it is open.
# needs: free pci disks=2
# modules: virtio_pci virtio_blk
# time: 40
. /bed/ktap.sh
. /bed/tests/pci/lib/pci.sh
plan 7
load
A=$(address disk0)
expect "a disk works" same_bytes "$(disk_at "$A")"
exec 7<"$(disk_at "$A")"
refuse "with a disk open the module stays" . rmmod virtbus_pci
exec 7<&-
expect "without it goes" rmmod virtbus_pci
expect "the functions are free" driven_by none "$A"

again() {
	for _r in 1 2 3 4 5 6 7 8 9 10; do
		modprobe virtbus_pci || return
		# not waiting for anything: while disks are scanned, opened, read
		dd if=/dev/ubd0 of=/dev/null bs=4k count=200 iflag=direct 2>/dev/null &
		usleep $((_r * 7000))
		until rmmod virtbus_pci 2>/dev/null; do usleep 1000; done
		wait $!
	done
	:
}
expect "loading and unloading at any moment, ten times" again
if built_in virtio_pci; then
	skip "the in-tree driver gets what nobody has" "it is built in, and switched off for this test"
	skip "and it works" "the same"
	exit 0
fi
modprobe virtio_pci; modprobe virtio_blk
expect "the in-tree driver gets what nobody has" wait_for 5 has_disk "$A"
expect "and it works" same_bytes "$(disk_at "$A")"
