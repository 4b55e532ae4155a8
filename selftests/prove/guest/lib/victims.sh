# SPDX-License-Identifier: GPL-2.0
# victims.sh - a network card or a console that is in use disappears; after hotplug.sh
# (which has disks) and net.sh. $victim is its name, $most the longest time, in ms.

# lose_net COMMAND.., lose_console COMMAND.. - as lose() of disks
lose_net() { lose_other net "$@"; }
lose_console() { lose_other console "$@"; }
lose_other() {
	_kind=$1 users=; shift
	"${_kind}_use" || { echo "$victim cannot be used"; return 1; }
	wait_for 30 "${_kind}_in_use" || { echo "nothing goes through $victim"; return 1; }
	_t0=$(now_ms)
	"$@" || return
	"${_kind}_gone" || return
	took=$(($(now_ms) - _t0))
	[ "$took" -le "$most" ] || most=$took
}

# start COMMAND.. - in the background
start() {
	"$@" >/dev/null 2>&1 &
	users="$users $!"
}

# --- a card: large pings both ways, in pieces and several at a time, to the interface
# $away in the name space `far`. Six packets each: more often they leave no processor
# for who plugs.

EVERY=0.05
[ "$BED_LANE" != B ] || EVERY=0.2
# the debug kernel takes a third of a second to start a program that has libraries: these
# are busybox'
away_mac=
net_use() {
	[ -n "$away_mac" ] || away_mac=$(far cat "/sys/class/net/$away/address")
	read -r _near_mac <"/sys/class/net/$victim/address" &&
		ifconfig "$victim" 10.8.0.1 netmask 255.255.255.0 up || return
	# who waits for an address sends nothing
	arp -i "$victim" -s 10.8.0.2 "$away_mac" && far /bin/busybox arp -i "$away" -s 10.8.0.1 "$_near_mac" || return
	packets && _rx_then=$_rx _tx_then=$_tx
	start /bin/ping -q -i $EVERY -l 4 -s 8000 -I "$victim" 10.8.0.2
	# shellcheck disable=SC2086
	start $FAR /bin/ping -q -i $EVERY -l 4 -s 8000 10.8.0.1
}
# packets - into _rx and _tx; who looks often starts no process for it
packets() {
	read -r _rx <"/sys/class/net/$victim/statistics/rx_packets" &&
		read -r _tx <"/sys/class/net/$victim/statistics/tx_packets"
}
net_in_use() { packets && [ $((_rx - _rx_then)) -gt 40 ] && [ $((_tx - _tx_then)) -gt 40 ]; }
net_gone() {
	wait_for 5 test ! -e "/sys/class/net/$victim" || { echo "its interface is still there"; return 1; }
	# a ping does not mind
	# shellcheck disable=SC2086
	kill $users && wait $users
	true
}

# --- a console: lines go out, somebody waits for what comes in, and at each of its ports
# ($ports) somebody waits for a host that does not listen

console_use() {
	stty -F "/dev/$victim" raw -echo || return
	start cat "/dev/$victim"
	start lines
	for _p in $ports; do
		start fill_port "$_p"
	done
	read -r _used_then <"$BUS/$victim/queue1/used"
}
lines() {
	exec >"/dev/$victim"
	while echo "a line of some length, again and again, for as long as this console is there"; do :; done
}
fill_port() { cat /dev/zero >"$1"; }
console_in_use() { read -r _used <"$BUS/$victim/queue1/used" && [ $((_used - _used_then)) -gt 20 ]; }
# all of them are told; of one that is gone the terminal goes after that
console_gone() {
	# shellcheck disable=SC2086
	wait $users
	wait_for 5 test ! -e "/dev/$victim" || { echo "its terminal is still there"; return 1; }
}
