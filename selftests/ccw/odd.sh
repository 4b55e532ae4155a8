# SPDX-License-Identifier: GPL-2.0
# Devices out of the ordinary: many queues, revision 1, addresses for DMA, too old.
# needs: ccw
# modules: virtio_blk
# time: 25
. /bed/ktap.sh
. /bed/tests/ccw/lib/ccw.sh
plan 13

modprobe virtio_blk
modprobe virtbus_blk
host disk odd0 16M
_a=$(host plug odd0) && wait_for 20 in_tree_disk "$_a" && host unplug odd0 &&
	wait_for 10 test ! -e "$CCW/devices/$_a" || exit
modprobe virtbus_ccw claim="$_a"
at_exit "host unplug odd0 2>/dev/null"

# works OPTION.. - plugged as the arguments say, does it work?
works() {
	_a=$(host plug odd0 "$@") && wait_for 20 connected "$_a" &&
		fill /dev/ubd0 one 2 && holds /dev/ubd0 one 2
}
gone() { host unplug odd0 && wait_for 10 test ! -e "$CCW/devices/$_a"; }

expect "a device with 100 queues" works num-queues=100
expect "out again" gone
expect "a device that knows only revision 1" works max_revision=1
expect "out again" gone
expect "a device behind an IOMMU" works iommu_platform=true
is "has agreed on it" "$(($(attr ubd0 features) >> 33 & 1))" 1
expect "out again" gone
_a=$(host plug odd0 max_revision=0)
expect "a legacy-only device works with the in-tree driver" wait_for 20 in_tree_disk "$_a"
expect "and is refused by us, with the way out" \
	wait_for 10 sh -c 'dmesg | grep -q "not put online: it is a legacy virtio device: remove max_revision=0"'
expect "so it goes back" wait_for 10 in_tree_disk "$_a"
expect "and works" fill "$(in_tree_disk "$_a")" one 1
expect "out again" gone
is "nothing is left behind" "$(ls $BUS)" ""
