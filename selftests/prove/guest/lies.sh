# SPDX-License-Identifier: GPL-2.0
# Every fault that the loop's device end knows, against a disk that is in use and,
# where it can strike there, against a driver that is just being bound.
# needs: loop
# time: 400
. /bed/tests/guest/lib/prove.sh
. /bed/loop.sh
. /bed/tests/guest/lib/hotplug.sh
# FAULTS comes from the source of the device end: one point for each
set -- $FAULTS
plan $(($# + 3))
disk=/dev/ubd1
BREAKING="id-range id-wide id-wrong id-repeat len-long len-short index-jump index-back"

row() { tell "$(printf '  %-18s %-8s %-10s %-6s %s' "$@" | cut -c 1-150)"; }
error() { cat $BUS/ubd1/error; }
# why - in the device's own words, or the log's
why() {
	if broken && [ -n "$(error)" ]; then error; return; fi
	since_mark | grep 'ubd1: ' | grep -v 'I/O error' | tail -n 1 | sed 's/.*ubd1: //'
}
works() { fill $disk && holds $disk; }
# anew - it goes, and one that is made anew works
anew() {
	echo "${1:-force}" >$BUS/ubd1/remove && absent ubd1 || { echo "it does not go"; return 1; }
	config ubd1=ram,16M && wait_for 20 test -b $disk && works || { echo "it does not work when made anew"; return 1; }
	remove ubd1
}
# soon - the users of the disk learnt of it in time
soon() { [ "$took" -le $LIMIT ] || { echo "I/O ended after $took ms only"; return 1; }; }
strike() { fault ubd1 "$@" && wait_for 30 "$lost"; }
broken() { in_state ubd1 Broken; }
gone() { in_state ubd1 Gone; }
bound() { [ -e $BUS/ubd1/driver ]; }

# in_use FAULT [COUNT] - it strikes while 6 processes read and write
in_use_loses() {
	config ubd1=ram,4G && wait_for 20 test -b $disk || return
	lose strike "$@" && [ "$(struck ubd1 "$1")" -ge 1 ] && soon || return
	# one that is gone needs no reason
	[ -n "$(error)" ] || gone || return
	row "$1" "in use" "$(attr ubd1 state)" "$took" "$(error)"
	anew
}
# binding FAULT - it strikes while the driver binds
binding_loses() {
	mark_log
	config "ubd1=ram,64M,fault=$1" 2>/dev/null
	usleep 300000
	! [ -b $disk ] || one_read ubd1 >/dev/null
	wait_for 20 lost_or_unbound && [ -n "$(why)" ] || return
	row "$1" binding "$(attr ubd1 state)" - "$(why)"
	anew
}
lost_or_unbound() { broken || ! bound; }

# silent: reported, the requests wait, and a forced removal ends them
silent() {
	config ubd1=ram,4G && wait_for 20 test -b $disk || return
	mark_log
	use $disk
	wait_for 20 in_use && fault ubd1 silent || return
	wait_for 90 stalled && logged 'ubd1.*stalled' >/dev/null && in_state ubd1 Connected || return
	# shellcheck disable=SC2086
	kill -0 $users || { echo "somebody did not wait"; return 1; }
	_said=$(why)
	_t0=$(now_ms)
	echo force >$BUS/ubd1/remove
	# shellcheck disable=SC2086
	wait $users
	took=$(($(now_ms) - _t0))
	row silent "in use" Connected "$took" "$_said"
	soon || return
	# and in the middle of a probe
	config ubd1=ram,16M,fault=silent 2>/dev/null & maker=$!
	wait_for 20 test -e $BUS/ubd1/remove
	usleep 500000
	_t0=$(now_ms)
	echo force >$BUS/ubd1/remove
	wait $maker
	took=$(($(now_ms) - _t0))
	row silent binding removed "$took" "whoever made it got an error"
	soon && absent ubd1 && config ubd1=ram,16M && works && remove ubd1
}
stalled() { [ "$(cat /sys/block/ubd1/stalled)" -gt 0 ]; }

# harmless FAULT [COUNT] - the data are right, and nothing breaks
harmless() {
	config ubd1=ram,4G,queues=1 && wait_for 20 test -b $disk || return
	use $disk
	wait_for 20 in_use && fault ubd1 "$@" || return
	fill /dev/ubd1 && holds /dev/ubd1 || { echo "wrong data"; return 1; }
	[ "$(struck ubd1 "$1")" -ge 1 ] && in_state ubd1 Connected || return
	fault ubd1 none
	row "$1" "in use" Connected - "the data are right; it struck $(struck ubd1 "$1") times"
	anew
}

# io_error - three requests fail, and nothing breaks
io_error() {
	config ubd1=ram,16M && wait_for 20 test -b $disk && works || return
	fault ubd1 io-error 3
	for _i in 1 2 3; do ! one_read ubd1 >/dev/null || { echo "a request did not fail"; return 1; }; done
	[ "$(struck ubd1 io-error)" = 3 ] && in_state ubd1 Connected && holds $disk || return
	row io-error "in use" Connected - "3 reads failed, the next ones are right"
	anew
}

# no_driver FAULT - it does not bind, says why, and does when it is sane
no_driver() {
	mark_log
	config "ubd1=ram,16M,fault=$1" 2>/dev/null
	usleep 300000
	if bound; then
		works || return
		row "$1" binding "$(attr ubd1 state)" - "brought within bounds; the disk works"
	else
		[ -n "$(why)" ] || { echo "the log does not say why"; return 1; }
		row "$1" binding "$(attr ubd1 state)" - "$(why)"
		fault ubd1 none
		echo ubd1 >$DISK_DRIVER/bind && wait_for 20 test -b $disk && works || return
	fi
	anew
}

reset_stuck() {
	config ubd1=ram,4G && wait_for 20 test -b $disk || return
	fault ubd1 reset-stuck
	lose sh -c "echo ubd1 >$DISK_DRIVER/unbind" || return
	wait_for 20 broken && soon || return
	row reset-stuck "in use" "$(attr ubd1 state)" "$took" "$(error)"
	anew
}

config_random() {
	config ubd1=ram,16M,fault=config-random 2>/dev/null
	_bound=0
	for _i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		usleep 50000
		bound && _bound=$((_bound + 1)) && one_read ubd1 >/dev/null
		bound && echo ubd1 >$DISK_DRIVER/unbind
		echo ubd1 >$DISK_DRIVER/bind 2>/dev/null
	done
	[ "$(struck ubd1 config-random)" -ge 20 ] || return
	row config-random binding "$(attr ubd1 state)" - "bound $_bound times of 20, refused the others"
	fault ubd1 none
	anew
}

lie() {
	lost=broken
	case $1 in
	id-*|len-*|index-*)	in_use_loses "$1" 1 && binding_loses "$1" ;;
	needs-reset)		in_use_loses "$1" ;;
	gone)			lost=gone; in_use_loses "$1" ;;
	silent)			silent ;;
	event-lost)		harmless "$1" 3 ;;
	reorder|delay)		harmless "$1" 20 ;;
	*-storm)		harmless "$1" 20000 ;;
	io-error)		io_error ;;
	reset-stuck)		reset_stuck ;;
	config-random)		config_random ;;
	no-*|features-*|config-*)	no_driver "$1" ;;
	*)			echo "this proof does not know the fault $1"; return 1 ;;
	esac
}

load virtbus_blk stall_report=5
load
expect "virtio_blk is not loaded" no_virtio_blk
expect "it works" sh -c "echo ubd1=ram,16M >$CONFIG; . /bed/tests/guest/lib/prove.sh; trap - EXIT; fill $disk && holds $disk"
links
remove ubd1
tell "  fault              struck   then       ms     because"
for f; do
	expect "$f" lie "$f"
done
expect "every module unloads" unload
