# SPDX-License-Identifier: GPL-2.0
# A RAM disk that is in use comes and goes: unbound and bound, made and removed by
# spec, while the disk beside it never notices.
# needs: loop fio
# append: A:slub_debug=U
# memory: 768
# time: 900
. /bed/tests/guest/lib/prove.sh
. /bed/tests/guest/lib/hotplug.sh
plan $([ "$BED_LANE" = B ] && echo 11 || echo 13)
: "${ROUNDS:=100}"
mark_log
load
config ubd1=ram,64M && config ubd2=ram,4G
expect "virtio_blk is not loaded" no_virtio_blk
links
# what is written later shall not be new memory of the device ends
dd if=/dev/urandom of=/dev/ubd1 bs=64k count=256 oflag=direct 2>/dev/null
for n in 3 6; do
	dd if=/dev/urandom of=/dev/ubd2 bs=64k count=256 seek=$((n * 100000 / 16)) oflag=direct 2>/dev/null
done
busy_start /dev/ubd1

disk=/dev/ubd2
rebind() {
	lose sh -c "echo ubd2 force >$DISK_DRIVER/unbind" || return
	echo ubd2 >$DISK_DRIVER/bind || return
	wait_for 20 in_state ubd2 Connected
}
hundred "unbind, bind" rebind
echo 1 >$BUS/ubd2/remove

remake() {
	config ubd2=ram,4G || return
	wait_for 20 test -b $disk || return
	lose sh -c "echo force >$BUS/ubd2/remove" || return
	[ ! -e $BUS/ubd2 ] && [ ! -e $PORTS/ubd2 ]
}
hundred "made and removed by spec" remake

expect "the disk beside it works and its data are right" busy_end
expect "it is still Connected" in_state ubd1 Connected
expect "the log has what must be there, and nothing else" log_expected \
	"I/O error, dev ubd2"
expect "every module unloads" unload
