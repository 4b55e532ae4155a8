# SPDX-License-Identifier: GPL-2.0
# A disk, a network card and a console of the loop come and go under I/O, as fast as they can:
# unbound and bound, made and removed by spec.
# needs: loop net
# lane: A B
# memory: 1024
# time: 600
. /bed/net.sh
. /bed/tests/guest/lib/prove.sh
. /bed/tests/guest/lib/hotplug.sh
. /bed/tests/guest/lib/churn.sh
: "${BINDS:=500}" "${ADDS:=200}" "${KINDS:=disk net console}"
set -- $KINDS
plan $((3 * $# + 2))
mark_log
load
far_side

there() { read -r _s <"$BUS/$victim/state" && [ "$_s" = Connected ] && [ -e "$entry" ]; }
unbind_bind() { echo "$victim force" >"$at/unbind" && echo "$victim" >"$at/bind" && back "$kind"; }
del_add() { echo force >"$BUS/$victim/remove" && config "$spec" && back "$kind"; }

# churn KIND SPEC DRIVER ENTRY - 3 points
churn() {
	kind=$1 spec=$2 victim=${2%%=*} at=/sys/bus/virtbus/drivers/$3 entry=$4
	config "$spec" && there "$kind"
	[ $kind != net ] || far_end eth2
	"${kind}_again"
	users "$kind"
	expect "$victim is in use" back "$kind"
	cycles "$victim: unbind, bind" "$BINDS" unbind_bind
	cycles "$victim: remove, config" "$ADDS" del_add
	users_end
	echo force >"$BUS/$victim/remove"
}
for k in $KINDS; do
	case $k in
	disk)	churn disk ubd1=ram,16M virtbus_blk /sys/block/ubd1 ;;
	net)	config eth2=pair,eth1 && churn net eth1=pair,eth2 virtbus_net /sys/class/net/eth1 ;;
	console) churn console con1=loop virtbus_console "$BUS/con1/tty" ;;
	esac
done
expect "the log has what must be there, and nothing else" log_expected "I/O error, dev ubd1|block device autoloading is deprecated|IPv6: ADDRCONF"
[ ! -e "$BUS/eth2" ] || far ip link set eth2 down
expect "every module unloads" wait_for 20 unload
