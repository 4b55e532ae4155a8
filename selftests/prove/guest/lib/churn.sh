# SPDX-License-Identifier: GPL-2.0
# churn.sh - a device is used all the time while it comes and goes as fast as it can; after
# hotplug.sh and net.sh
#
# Its users do not end: an error of theirs means that they try again. Who sources this says
# what it is that comes and goes:
#
#	there KIND	it is there; $victim is its name

# cycles WHAT COUNT CYCLE - a point
cycles() {
	_began=$(now_ms) _of=$2
	expect "$1: $2 times" rounds "$2" "$3"
	tell "$1: $_of times in $((($(now_ms) - _began) / 1000)) s, $((($(now_ms) - _began) / (_of + !_of))) ms each"
}

# back KIND - it is there again, and what its users do gets through
back() {
	wait_for 20 there "$1" && "$1_again" && "$1_count" && _then=$_now && wait_for 20 moved "$1" && return
	# at most 15 lines are shown
	dmesg | tail -n 6
	grep . "$BUS"/*/state
	ls -d "$BUS"/*/tty/* "$BUS"/*/virtbus-port/* "$BUS"/*/net/* "$BUS"/*/block/*
	false
}
moved() { "$1_count" && [ "$_now" -gt $((_then + 3)) ]; }

# users KIND - start them; users_end - they have ended
users() {
	rm -f /run/over
	_users=
	"$1_users"
}
users_end() {
	: >/run/over
	# shellcheck disable=SC2086
	kill $_users
	killall -q ping dd cat
	# shellcheck disable=SC2086
	wait $_users
	true
}
# keep COMMAND.. - do it again and again
keep() {
	{
		read -r _me _ </proc/self/stat && renice -n 19 -p "$_me"
		until [ -e /run/over ]; do "$@" || usleep 150000; done
	} >/dev/null 2>&1 &
	_users="$_users $!"
}

# node TYPE FILE - /run/node, for the device whose number is in FILE: who opens one in /dev that
# is gone would make a file
node() {
	read -r _dev <"$2" || return
	[ "$_dev" != "$_node_is" ] || return 0
	mknod /run/node.new "$1" "${_dev%:*}" "${_dev#*:}" && mv /run/node.new /run/node && _node_is=$_dev
}
_node_is=

disk_again() { node b "/sys/block/$victim/dev"; }
disk_users() {
	keep dd if=/run/node of=/dev/null bs=16k count=256 iflag=direct
	keep dd if=/dev/zero of=/run/node bs=16k count=256 oflag=direct
}
disk_count() {
	read -r _now _ _ _ _writes _ <"/sys/block/$victim/stat" || return
	[ "$_now" -lt "$_writes" ] || _now=$_writes
}

# its terminal has another name where a user has the old one open still
console_again() { for _t in "$BUS/$victim"/tty/*; do node c "$_t/dev"; done; }
console_users() {
	keep listener
	keep lines
}
listener() { { stty raw -echo && cat; } </run/node; }
# with breaks, which leave the processors to who plugs
lines() { while burst; do usleep 50000; done >/run/node; }
burst() { for _i in 1 2 3 4 5 6 7 8; do echo "a line of some length, again and again" || return; done; }
console_count() { read -r _now <"$BUS/$victim/queue1/used"; }

# $away is the other end, in the name space `far`; it keeps its address and ours
net_again() { ifconfig "$victim" 10.8.0.1 netmask 255.255.255.0 up && arp -i "$victim" -s 10.8.0.2 "$away_mac"; }
net_users() {
	# shellcheck disable=SC2086
	keep $FAR /bin/ping -q -i 0.2 -l 3 -s 4000 10.8.0.1
	keep /bin/ping -q -i 0.2 -l 3 -s 4000 10.8.0.2
}
# far_end INTERFACE - the other end is set up; $victim is there
far_end() {
	away=$1
	ip link set "$away" netns far && far ip link set "$away" up && far ip addr add 10.8.0.2/24 dev "$away" || return
	away_mac=$(far cat "/sys/class/net/$away/address")
	far /bin/busybox arp -i "$away" -s 10.8.0.1 "$(cat "/sys/class/net/$victim/address")"
}
net_count() {
	read -r _now <"/sys/class/net/$victim/statistics/rx_packets" &&
		read -r _tx <"/sys/class/net/$victim/statistics/tx_packets" || return
	[ "$_now" -lt "$_tx" ] || _now=$_tx
}
