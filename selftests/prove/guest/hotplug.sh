# SPDX-License-Identifier: GPL-2.0
# A disk that is in use comes and goes: unbound and bound, unplugged and plugged
# on the host, while the disk beside it never notices.
# needs: fio disks=64M,4G
# append: A:slub_debug=U
# memory: 768
# time: 1200
. /bed/tests/guest/lib/prove.sh
. /bed/tests/guest/lib/hotplug.sh
plan $([ "$BED_LANE" = B ] && echo 11 || echo 13)
: "${ROUNDS:=100}"
A=$(address disk0) B=$(address disk1)
mark_log
free_functions "$A" "$B" && load
wait_for 20 ours "$A" && wait_for 20 ours "$B"
expect "virtio_blk is not loaded" no_virtio_blk
links
busy_start "$(disk_at "$A")"

rebind() {
	disk=$(disk_at "$B") || return
	lose sh -c "echo $B force >$OURS/unbind" || return
	echo "$B" >$OURS/bind || return
	wait_for 20 ours "$B"
}
hundred "unbind, bind" rebind

host disk hot 4G
# a hot-added channel device is the in-tree driver's, unless it is claimed
[ "$BED_ROAD" = pci ] || echo 0.0.1002 >$CLAIM
taken() { surprise "${disk#/dev/}"; host unplug hot 30; }
replug() {
	H=$(host plug hot) || return
	wait_for 20 ours "$H" || return
	disk=$(disk_at "$H")
	lose taken >/dev/null || return
	wait_for 20 test ! -e "$PARENTS/devices/$H"
}
hundred "device_add, device_del" replug

expect "the disk beside it works and its data are right" busy_end
expect "it is still Connected" in_state "$(name_at "$A")" Connected
expect "the log has what must be there, and nothing else" log_expected \
	"I/O error, dev ubd|virtbus_blk ubd[0-9]+: \[?ubd|$ROAD_SAYS"
expect "every module unloads" unload
