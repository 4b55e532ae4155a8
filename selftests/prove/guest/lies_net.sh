# SPDX-License-Identifier: GPL-2.0
# Every fault that the loop's device end knows, against a network card between two
# network stacks, with streams and pings through it, and against a driver that is just
# being bound.
# needs: loop net
# time: 600
. /bed/tests/guest/lib/prove.sh
. /bed/loop.sh
. /bed/net.sh
. /bed/tests/guest/lib/lose.sh
. /bed/tests/guest/lib/lies.sh
# FAULTS comes from the source of the device end: one point for each
set -- $FAULTS
plan $(($# + 3))
DEV=eth1 SPEC=pair,eth2 DRIVER=virtbus_net PLAIN= port=5200 servers=

ready() { wait_for 20 test -e /sys/class/net/eth1 && set_up here eth1 1 && wait_for 20 link_up; }
link_up() { [ "$(cat /sys/class/net/eth1/carrier)" = 1 ]; }
poke() { ping -c 2 -i 0.2 -w 1 -W 1 10.7.0.2 >/dev/null 2>&1; }
let_go() { ip link set eth1 down && remove eth1; }

# works - a quarter of a megabyte there, and back; a debug kernel takes seconds for that
works() {
	wait_for 20 ping -c 1 -w 2 -W 2 10.7.0.2 || return
	head -c 262144 /dev/urandom >/run/written
	carry here far 10.7.0.2 && carry far here 10.7.0.1
}
# carry FROM TO ADDRESS
carry() {
	# nc hangs up when it has no more to say: this one always might
	$2 timeout 120 nc -l -p 7007 <&$SILENCE >/run/read & _taker=$!
	wait_for 20 listens "$2" 7007
	$1 timeout 120 nc "$3" 7007 </run/written >/dev/null || return
	wait $_taker && cmp /run/written /run/read || { echo "wrong data from $1 to $2"; return 1; }
}

# use - a stream each way, pings, and somebody who looks at the link. A stream waits
# for a cable to be mended, unless it is told for how long: a second, here. A stream as
# fast as can be leaves no processor for who looks.
SPEED=8M
[ "$BED_LANE" != B ] || SPEED=2M
use() {
	rm -f /run/server.*
	# shellcheck disable=SC2086
	kill $servers 2>/dev/null
	servers=
	for _way in "--snd-timeout 1000" "-R --rcv-timeout 1000"; do
		port=$((port + 1))
		far iperf3 -s -1 -p $port >/run/server.$port 2>&1 &
		servers="$servers $!"
		wait_for 20 listens far "$port" || return
		# shellcheck disable=SC2086
		user iperf3 -c 10.7.0.2 -p $port -t 600 -b $SPEED $_way
	done
	user sh -c "while ping -c 1 -w 1 -W 1 10.7.0.2; do usleep 100000; done"
	user sh -c "while [ \$(cat /sys/class/net/eth1/carrier) = 1 ]; do usleep 50000; done"
	_sent=$(counter eth1 tx_bytes) _got=$(counter eth1 rx_bytes)
}
# in_use - 64 KB went each way
in_use() {
	[ $(($(counter eth1 tx_bytes) - _sent)) -gt 65536 ] && [ $(($(counter eth1 rx_bytes) - _got)) -gt 65536 ]
}
not_in_use() { ip -s link show eth1; tail -n 3 /run/user.* /run/server.*; }

leave() {
	tell "  ms: until the last stream or ping had ended; the link was down within $link_most ms"
	remove eth2 force && unload
}

# soon - its link was down in time, which is how users are told. Streams and pings wait
# for WAIT more, by their own wish, and have ended then.
WAIT=1000
link_most=0
soon() {
	_link=$(ended_after "$_t0" /run/ended.4)
	[ "$_link" -le $link_most ] || link_most=$_link
	[ "$_link" -le $LIMIT ] || { echo "its link was down after $_link ms only"; return 1; }
	[ "$took" -le $((LIMIT + WAIT)) ] || { echo "its users ended after $took ms only"; return 1; }
}

# silent: reported, and a forced removal ends who uses it
silent() {
	make || return
	mark_log
	begin_use && fault eth1 silent || return
	wait_for 90 stalled && in_state eth1 Connected || return
	silent_removed && silent_binding
}
stalled() { logged 'eth1: stalled: queue .* waits for the host' >/dev/null; }

# short - a packet without a byte is no packet, and a command has no answer in none: it
# is taken as refused, and the card has more pairs of queues in use than the driver
short() {
	harmless len-short 20 || return
	mark_log
	make fault=len-short && [ -n "$(why)" ] || return
	row len-short binding "$(attr eth1 state)" - "$(why)"
	anew
}

# io_error - a command fails, whoever gave it is told, and nothing breaks
io_error() {
	make && begin_use || return
	fault eth1 io-error 1
	! ethtool -L eth1 combined 1 || { echo "a command did not fail"; return 1; }
	[ "$(struck eth1 io-error)" = 1 ] && in_state eth1 Connected && works && ethtool -L eth1 combined 1 || return
	row io-error "in use" Connected - "a command failed, the next one did not, and the data are right"
	anew
}

# lives_with FAULT - what became of a card that the driver took all the same
lives_with() {
	case $1 in
	config-zero)	_lives="brought within bounds; its link is down, as it says"; ! link_up ;;
	*)		_lives="brought within bounds; it works"; works ;;
	esac
}

lie() {
	case $1 in
	len-short)	short ;;
	*)		usual "$1" ;;
	esac
}

at_exit 'kill $servers 2>/dev/null'
load virtbus_net stall_report=5
expect "virtio_net is not loaded" sh -c "! grep -q '^virtio_net ' /proc/modules"
cable
expect "it works" works
links
let_go
lies "$@"
