# SPDX-License-Identifier: GPL-2.0
# A disk, a network card and a console of the machine come and go under I/O, as fast as they can:
# unbound and bound, the driver of the bus and the glue by turns; unplugged and plugged on the host.
# needs: free net
# lane: A B
# memory: 1024
# time: 900
. /bed/disk.sh
. /bed/serial.sh
. /bed/net.sh
. /bed/tests/guest/lib/prove.sh
. /bed/tests/guest/lib/hotplug.sh
. /bed/tests/guest/lib/churn.sh
. /bed/tests/guest/lib/plugs.sh
: "${BINDS:=500}" "${ADDS:=200}" "${KINDS:=disk net console}"
set -- $KINDS
plan $((3 * $# + 2))
mark_log
load
far_side

turn=0
unbind_bind() {
	turn=$((1 - turn))
	if [ $turn = 1 ]; then
		echo "$A force" >"$OURS/unbind" && echo "$A" >"$OURS/bind"
	else
		echo "$victim force" >"$at/unbind" && echo "$victim" >"$at/bind"
	fi && back "$kind"
}
del_add() { unplug_it && plug_it && slow && back "$kind"; }
# it has something to do at all times, and leaves the processors to who plugs
slow() { [ "$kind" != disk ] || brake hot 524288; }

# churn KIND DRIVER - 3 points
churn() {
	kind=$1 at=/sys/bus/virtbus/drivers/$2
	plugs_of "$kind" && slow
	wait_for 20 there "$kind"
	[ "$kind" != net ] || far_end "$away"
	"${kind}_again"
	users "$kind"
	expect "the $kind is in use" back "$kind"
	cycles "$kind: unbind, bind" "$BINDS" unbind_bind
	cycles "$kind: device_del, device_add" "$ADDS" del_add
	users_end
	unplug_it
	# what it sends now, nobody takes
	[ "$kind" != net ] || far ip link set "$away" down
}
for k in $KINDS; do
	case $k in
	disk)	churn disk virtbus_blk ;;
	# a hub in QEMU, and its other card
	net)	machine_nic away hubport,hubid=0 && away=$N && churn net virtbus_net ;;
	console) churn console virtbus_console ;;
	esac
done
expect "the log has what must be there, and nothing else" log_expected \
	"I/O error, dev ubd|block device autoloading is deprecated|IPv6: ADDRCONF|virtbus_blk ubd[0-9]+: \[?ubd|$ROAD_SAYS"
expect "every module unloads" wait_for 20 unload
