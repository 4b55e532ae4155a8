# SPDX-License-Identifier: GPL-2.0
# The modules can be unloaded at any moment: right after loading, while a device
# goes online, while one is plugged; never while a disk is open.
# needs: ccw disks=2
# modules: virtio_blk
# time: 60
. /bed/ktap.sh
. /bed/tests/ccw/lib/ccw.sh
plan 6

a=$(address disk0) b=$(address disk1)
host disk rm0 16M
at_exit "host unplug rm0 2>/dev/null"
modprobe virtio_blk
modprobe virtbus_blk
wait_for 20 in_tree_disk "$a" && wait_for 20 in_tree_disk "$b" || exit

loads() {
	for _i in $(seq 1 "$1"); do
		modprobe virtbus_ccw claim=all || return
		rmmod virtbus_ccw || return
		wait_for 20 in_tree_disk "$a" && wait_for 20 in_tree_disk "$b" || return
	done
}
expect "8 times loaded and unloaded at once" loads 8

# the claim runs in the background: unloading comes at any point of it
races() {
	for _i in $(seq 1 "$1"); do
		modprobe virtbus_ccw || return
		echo all >$CLAIM &
		usleep $((_i * 4500))
		until rmmod virtbus_ccw 2>/dev/null; do usleep 1000; done
		wait
		wait_for 20 in_tree_disk "$a" && wait_for 20 in_tree_disk "$b" || return
	done
}
expect "8 times unloaded while devices are taken" races 8

plugs() {
	for _i in $(seq 1 "$1"); do
		modprobe virtbus_ccw claim=all || return
		_c=$(host plug rm0) || return
		usleep $((_i * 7000))
		rmmod virtbus_ccw || return
		wait_for 20 in_tree_disk "$_c" || return
		host unplug rm0 || return
		wait_for 20 test ! -e "$CCW/devices/$_c" || return
	done
}
expect "8 times unloaded while one is plugged" plugs 8

modprobe virtbus_ccw claim=all
exec 5</dev/ubd0
refuse "not while a disk is open" "" rmmod virtbus_ccw
exec 5<&-
expect "the driver of the disks goes first" rmmod virtbus_blk
expect "then the glue" rmmod virtbus_ccw
