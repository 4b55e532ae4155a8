# SPDX-License-Identifier: GPL-2.0
# traffic.sh - a disk, two network cards and a console that carry data all the time and
# must not notice what becomes of other devices; after hotplug.sh and net.sh
#
# The disk is fio's, with --verify. Cards and console send the same block again and again;
# it is compared where it arrives. None of them as fast as it can: the devices that come
# and go need processors as well.

BLOCK=131072
PAUSE=500000	# microseconds between two blocks
THINK=100000	# microseconds between eight requests to the disk
# the debug kernel takes one to two seconds of a processor for a block; --rate_iops would
# take one for waiting
[ "$BED_LANE" != B ] || PAUSE=5000000 THINK=400000
# Packets on their way: seen were 18 objects and 53 pages in a hundred rounds. A page that is lost in each of
# a hundred rounds is found, one in every second round is not.
NOISE=40
NOISE_PAGES=90

# others_begin "KINDS" - what there is before the first device: the plan, the modules, and
# the name space `far`
others_begin() {
	plan_for "$1"
	mark_log
	load || return
	expect "no in-tree driver is loaded" sh -c "! grep -qE '^virtio_(blk|net|console) ' /proc/modules"
	far_side || return
	# packets are not kept: neither until the processor that allocated them has time, nor
	# until the rest of one comes that was cut off
	echo 0 >/proc/sys/net/core/skb_defer_max
	here sh -c "echo 1 >/proc/sys/net/ipv4/ipfrag_time"
	far sh -c "echo 1 >/proc/sys/net/ipv4/ipfrag_time"
}
# plan_for "KINDS" - 8 points, 8 for each kind in lane A, 6 in lane B
plan_for() {
	set -- $1
	plan $((8 + $# * ($([ "$BED_LANE" = B ] && echo 6 || echo 8))))
}

# traffic_start DISK NEAR AWAY CONSOLE - NEAR is here, AWAY in the name space `far`;
# for the console con_start and con_end, which are the transport's
traffic_start() {
	carriers="$1 $2 $4" near=$2 away_card=$3
	dd if=/dev/urandom of=/run/block bs=$BLOCK count=1 2>/dev/null
	rm -f /run/enough
	busy_start "/dev/$1" --thinktime=$THINK --thinktime_blocks=8
	set_up here "$2" 1 && set_up far "$3" 2 && far ip link set lo up || return
	fill_pools || return
	# nc ends when its input does
	far nc -l -p 7000 <&$SILENCE | judge net &
	wait_for 20 listens far 7000 || return
	say net | nc 10.7.0.2 7000 &
	con_start
	at_exit ": >/run/enough"
}
# fill_pools - the pages that the cards keep for packets to come grow with the most that
# was ever on its way: they are not to grow later
fill_pools() {
	[ "$BED_LANE" != B ] || return 0
	far iperf3 -s -D && wait_for 20 listens far 5201 || return
	for _way in "" -R; do
		# shellcheck disable=SC2086
		iperf3 -c 10.7.0.2 -n 64M -P 4 $_way >/run/iperf || { cat /run/iperf; return 1; }
	done
	killall iperf3
}
others() { echo $busy "$(cat /run/net.pid)" "$(cat /run/con.pid)"; }

# say NAME - the block, until it is enough; what was said is counted
say() {
	sh -c "echo \$PPID" >"/run/$1.pid"
	_said=0
	until [ -e /run/enough ]; do
		cat /run/block
		_said=$((_said + 1))
		echo $_said >"/run/$1.said"
		usleep $PAUSE
	done
	sleep 1
}
has_said() { ! kill -0 "$(cat "/run/$1.pid")"; }

# judge NAME - compare what comes, to its end or /run/NAME.over
judge() {
	rm -f "/run/$1.over"
	_good=0 _bad=0
	until [ -e "/run/$1.over" ]; do
		dd bs=$BLOCK count=1 iflag=fullblock of="/run/$1.got" 2>/dev/null && [ -s "/run/$1.got" ] || break
		if cmp -s /run/block "/run/$1.got"; then _good=$((_good + 1)); else _bad=$((_bad + 1)); fi
		echo "$_good $_bad" >"/run/$1.heard"
	done
}

# all_heard NAME - as many blocks as were said, and every one right
all_heard() {
	_n=$(cat "/run/$1.said")
	echo "$_n were said; right and wrong ones that were heard: $(cat "/run/$1.heard")"
	[ "$(cat "/run/$1.heard")" = "$_n 0" ] && [ "$_n" -gt 3 ]
}
all_come() { wait_for 30 all_heard "$1" || { all_heard "$1"; return 1; }; }
all_connected() {
	for _c in $carriers; do
		in_state "$_c" Connected || { echo "$_c is $(attr "$_c" state)"; return 1; }
	done
}

# traffic_end - 4 points
traffic_end() {
	expect "the disk beside it works and its data are right" busy_end
	: >/run/enough
	expect "so do the cards" all_come net
	expect "so does the console" con_end
	expect "they are still Connected" all_connected
	# a module whose card is up stays
	ip link set "$near" down && far ip link set "$away_card" down
	tell "blocks of $BLOCK bytes beside it: $(cat /run/net.said) through $near, $(cat /run/con.said) through the console"
}
