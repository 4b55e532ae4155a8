# SPDX-License-Identifier: GPL-2.0
# Hot-added devices: claimed ones become ours though the in-tree driver is asked
# first; nothing of its stays behind.
# needs: ccw
# modules: virtio_blk
# time: 60
. /bed/ktap.sh
. /bed/tests/ccw/lib/ccw.sh
plan 11

virtios() { ls /sys/bus/virtio/devices | wc -l; }

modprobe virtio_blk
modprobe virtbus_blk
host disk hot0 16M
host disk hot1 16M
at_exit "{ host unplug hot0; host unplug hot1; } 2>/dev/null"
# the in-tree driver cannot stand it before it has finished
a=$(host plug hot0) && wait_for 20 in_tree_disk "$a" && host unplug hot0 &&
	wait_for 10 test ! -e "$CCW/devices/$a" || exit
before=$(virtios)
modprobe virtbus_ccw claim="$a"
host plug hot0 >/dev/null
expect "a claimed device becomes ours" wait_for 20 connected "$a"
b=$(host plug hot1)
expect "another one stays with the in-tree driver" wait_for 20 in_tree_disk "$b"
expect "it works" fill /dev/ubd0 one 2
expect "it can be unplugged" host unplug hot0
becomes "and is gone" 10 none driver_of "$a"

rounds() {
	for _i in $(seq 1 "$1"); do
		host plug hot0 >/dev/null || return
		wait_for 20 connected "$a" || return
		[ $((_i % 5)) != 0 ] || holds /dev/ubd0 one 2 || return
		host unplug hot0 || return
		wait_for 10 test ! -e "$CCW/devices/$a" || return
	done
}
expect "15 times in, checked and out" rounds 15

# one that takes its time to answer, so that whoever looks at it, as udev does, has opened it
# before it can be ours
slow='"driver": "null-co", "node-name": "slow0", "size": 16777216, "latency-ns": 400000000'
host qmp blockdev-add "{$slow, \"read-zeroes\": true}" >/dev/null
at_exit "host qmp device_del '{\"id\": \"slow0\"}' >/dev/null 2>&1"
echo 0.0.2000 >$CLAIM
# The node is there before it can be opened. It is tried without a pause and without another
# process: in the debug kernel either takes longer than there is time.
glance() {
	seconds_up; _end=$((_up + 8 * BED_SLOW))
	until node && look <"$_node" || connected 0.0.2000 || [ "$_up" -ge $_end ]; do
		seconds_up
	done 2>/dev/null
}
node() { for _node in "$CCW/devices/0.0.2000"/virtio*/block/*; do _node=/dev/${_node##*/}; done; }
# we wait 2 s for him, and the debug kernel is slow to start what waits here
look() { in_tree 0.0.2000 && : >/run/glanced && usleep $((700000 / BED_SLOW)); }
# plugged while somebody looks; since 6.12 we may be faster than who looks
looked_at() {
	glance & _glancer=$!
	host qmp device_add '{"driver": "virtio-blk-ccw", "id": "slow0", "drive": "slow0", "devno": "fe.0.2000"}' &&
		wait_for 60 connected 0.0.2000 && wait $_glancer || return
	[ -e /run/glanced ] || plug_out
}
plug_out() {
	host qmp device_del '{"id": "slow0"}'
	wait_for 20 test ! -e "$CCW/devices/0.0.2000"
}
often() { for _i in $(seq 1 30); do looked_at || return; [ ! -e /run/glanced ] || break; done; }
expect "one that somebody looks at for a moment becomes ours, too" often
expect "it was opened before it was ours" test -e /run/glanced
expect "and goes" plug_out
host unplug hot1
wait_for 10 test ! -e "$CCW/devices/$b"
is "the in-tree driver left no virtio device behind" "$(virtios)" "$before"
expect "the module unloads" rmmod virtbus_ccw
