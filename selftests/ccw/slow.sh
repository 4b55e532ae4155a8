# SPDX-License-Identifier: GPL-2.0
# A disk that takes 2 s to answer is unplugged while its partitions
# are still being looked for, and the glue is unloaded; other devices go on.
# needs: free ccw disks=1
# time: 60
. /bed/ktap.sh
. /bed/tests/ccw/lib/ccw.sh
plan 10

modprobe virtbus_blk
modprobe virtbus_ccw
a=$(address disk0) s=0.0.2000
wait_for 10 connected "$a" || exit
slow='"driver": "null-co", "node-name": "slow0", "size": 16777216, "latency-ns": 2000000000'
host qmp blockdev-add "{$slow, \"read-zeroes\": true}" >/dev/null
device='"driver": "virtio-blk-ccw", "id": "slow0", "drive": "slow0", "devno": "fe.0.2000"'
plug_slow() {
	host qmp device_add "{$device}" >/dev/null
	wait_for 10 name_of $s
}
unplug_slow() {
	host qmp device_del '{"id": "slow0"}' && wait_for "$1" test ! -e $CCW/devices/$s &&
		host wait DEVICE_DELETED 20 device=slow0 >/dev/null
}
at_exit "unplug_slow 10 >/dev/null 2>&1"

expect "a slow disk is plugged" plug_slow
expect "a fast one works meanwhile" fill /dev/ubd0 one 2
expect "it is online in the end" wait_for 60 prints 1 online $s
again() { unplug_slow 10 && plug_slow; }
expect "unplugged and plugged again" again
expect "unplugged while it is looked at, it goes" unplug_slow 10
expect "the fast one still works" holds /dev/ubd0 one 2
# its first request is under way: somebody has it open
looked_at() { grep -q '[1-9]' "$BUS/$(name_of $s)"/block/*/inflight; }
plug_slow && wait_for 10 looked_at || exit
refuse "the module stays while the disk is looked at, and says so at once" "" rmmod virtbus_ccw
expect "it is online in the end" wait_for 60 prints 1 online $s
expect "and the module unloads" rmmod virtbus_ccw
modprobe virtbus_ccw
wait_for 40 connected "$a"
expect "loaded again all is well" holds /dev/ubd0 one 2
