# SPDX-License-Identifier: GPL-2.0
# Disks and a card come, are used, asked for, released and taken, and the glue is unloaded and loaded,
# in random order: after each step everything is as it must be.
# needs: free pci net
# arch: x86_64
# memory: 1024
# time: 900
. /bed/ktap.sh
. /bed/disk.sh
. /bed/net.sh
. /bed/tests/guest/lib/prove.sh	# its marks in the log, not those of disk.sh
: "${STEPS:=200}" "${SEED:=$(date +%s)}"
plan 2

tell "seed $SEED (SEED= repeats it)"
load
host disk s0 16M; host disk s1 16M
loaded=1
for i in 0 1 2; do eval "there$i=0 busy$i=0 asked$i=0"; done
random() { SEED=$(((SEED * 1103515245 + 12345) % 2147483648)); _r=$((SEED / 65536 % $1)); }
get() { eval "_v=\$$1"; }

kind_of() { if [ "$1" = 2 ]; then _k=net; else _k=disk; fi; }
name_it() { N=$(bus_name "s$1"); }
use() {
	kind_of "$1"
	case $1 in
	0)	exec 6<"/dev/$N" ;;
	1)	exec 7<"/dev/$N" ;;
	2)	ip link set "$N" up ;;
	esac
}
unuse() {
	case $1 in
	0)	exec 6<&- ;;
	1)	exec 7<&- ;;
	2)	ip link set "$N" down ;;
	esac
}
usable() {
	name_it "$1" && in_state "$N" Connected && if [ "$1" = 2 ]; then [ -e "/sys/class/net/$N" ]; else [ -b "/dev/$N" ]; fi
}
# each step: 0 when what happened is what had to; says what it did
plug_step() {
	if [ "$1" = 2 ]; then host nic s2 user; else host plug "s$1"; fi >/dev/null || return
	eval "there$1=1"
	[ $loaded = 0 ] || wait_for 20 usable "$1" || return
	asked_again
}
# went NUMBER - QEMU has it back
went() {
	host wait DEVICE_DELETED $((10 * BED_SLOW)) "device=s$1" >/dev/null || return
	[ "$1" != 2 ] || host qmp netdev_del '{"id": "net-s2"}' >/dev/null
	host freed "s$1"
	eval "there$1=0 asked$1=0"
	gave=$((gave + 1))
}
# asked_again - those that were refused, and that nobody uses any more: QEMU has a list of slots
# that it wants, and a slot stays on it until its device has gone. With each request, and each device
# that is plugged in, all of them are asked
asked_again() {
	for _i in 0 1 2; do
		get "asked$_i"; _asked=$_v
		get "busy$_i"
		[ "$_asked$_v" != 10 ] || { went $_i && later=$((later + 1)); } || return
	done
}
refused_more() { [ "$(attr "$N" refused)" -gt "$_before" ]; }
ask_step() {
	if [ "$_busy" = 1 ]; then
		name_it "$1" && _before=$(attr "$N" refused) || return
		wait_for 8 host qmp device_del "{\"id\": \"s$1\"}" && wait_for 5 refused_more && usable "$1" || return
		refusals=$((refusals + 1))
		eval "asked$1=1"
	else
		wait_for 8 host qmp device_del "{\"id\": \"s$1\"}" && went "$1" || return
	fi
	asked_again
}
use_step() { name_it "$1" && wait_for 5 use "$1" && eval "busy$1=1"; }
unuse_step() { name_it "$1" && unuse "$1" && eval "busy$1=0"; }
glue_step() {
	if [ $loaded = 0 ]; then
		modprobe virtbus_pci || return
		loaded=1
		for _i in 0 1 2; do
			get "there$_i"
			[ "$_v" = 0 ] || wait_for 20 usable $_i || return
		done
		return
	fi
	if [ "$busy0$busy1$busy2" != 000 ]; then
		! rmmod virtbus_pci 2>/dev/null || { echo "the glue was unloaded in use"; return 1; }
		kept=$((kept + 1))
		return
	fi
	rmmod virtbus_pci && loaded=0
}
gave=0 refusals=0 kept=0 later=0
step() {
	random 3; i=$_r
	get "there$i"; _there=$_v
	get "busy$i"; _busy=$_v
	random 5
	case $_there$_busy.$loaded.$_r in
	*.*.0)	what="the glue, loaded $loaded"; glue_step ;;
	0*)	what="plug s$i"; plug_step $i ;;
	10.1.[12]) what="use s$i"; use_step $i ;;
	11.1.[12]) what="release s$i"; unuse_step $i ;;
	*)	what="ask for s$i, busy $_busy, loaded $loaded"; ask_step $i ;;
	esac
}
steps() {
	n=0
	while [ $n -lt "$STEPS" ]; do
		n=$((n + 1))
		step || { echo "step $n failed: $what"; ls -l "$BUS"; grep . "$BUS"/*/reason; return 1; }
	done
}
expect "$STEPS steps, each does what it must" steps
tell "$(uname -r): $STEPS steps: $refusals times refused, $gave times given, $later of these when another one was asked for or plugged in; $kept times the glue was kept"
for i in 0 1 2; do
	get "busy$i"
	[ "$_v" = 0 ] || unuse_step $i
	get "there$i"
	[ "$_v" = 0 ] || { _busy=0; ask_step $i; }
done
expect "refusals and gifts were both seen" test $((refusals > 4 && gave > 4)) = 1
