# SPDX-License-Identifier: GPL-2.0
# net.sh - words for tests of network cards; after ktap.sh. Their head says  needs: net

# busybox answers to this name too, with less
ip() { /bin/ip "$@"; }

# here, far - run something beside one end of a cable, or beside the other; $FAR is for
# those who start it as a process of their own
here() { "$@"; }
far() { $FAR "$@"; }

# far_side - the name space `far`. One process is in there and keeps its view of /sys:
# each `ip netns exec` would mount that anew, which takes the debug kernel a second.
far_side() {
	mkdir -p /var/run
	ip netns add far || return
	at_exit ip netns delete far
	# no child of the test's, which may wait for all of them
	(/bin/ip netns exec far sleep 1000000 & echo $! >/run/far.pid)
	_keeper=$(cat /run/far.pid)
	at_exit "kill $_keeper"
	# not busybox, which would run its own ip
	FAR="/usr/bin/nsenter -t $_keeper -n -m"
	wait_for 20 far_is_kept "$_keeper"
}
far_is_kept() { grep -q sleep "/proc/$1/comm"; }

# listens WHERE PORT - does somebody, for TCP?
listens() { $1 netstat -tln | grep -q ":$2 "; }

# cable [KEY=VALUE..] - eth1 here and eth2 in the name space `far`, with addresses
cable() {
	_keys=$(printf ',%s' "$@")
	[ $# -gt 0 ] || _keys=
	load virtbus_net && load virtbus_loop || return
	far_side || return
	config "eth1=pair,eth2$_keys" && config "eth2=pair,eth1$_keys" || return
	ip link set eth2 netns far || return
	set_up here eth1 1 && set_up far eth2 2 && far ip link set lo up
}

# set_up WHERE INTERFACE N - with the addresses 10.7.0.N and fd07::N
set_up() {
	$1 sh -c "echo 0 >/proc/sys/net/ipv6/conf/$2/accept_dad"
	$1 ip link set "$2" up && $1 ip addr add "10.7.0.$3/24" dev "$2" &&
		$1 ip -6 addr add "fd07::$3/64" dev "$2" nodad
}

# counter INTERFACE NAME - from its 64-bit statistics
counter() { cat "/sys/class/net/$1/statistics/$2"; }

# queue_counter INTERFACE NAME - from ethtool -S
queue_counter() { ethtool -S "$1" | awk -v n="$2:" '$1 == n { print $2 }'; }

# offload WHERE INTERFACE NAME - on or off
offload() { $1 ethtool -k "$2" | awk -v n="$3:" '$1 == n { print $2 }'; }

# machine_nic NAME BACKEND [KEY=VALUE..] - a network card of the machine; our drivers have it. Tests
# that use it have  needs: free  and . /bed/disk.sh
machine_nic() {
	load virtbus_net && load "$(machine_glue)" || return
	host nic "$@" >/dev/null || return
	at_exit "by_force $1; host unnic $1 >/dev/null 2>&1"
	wait_for 15 nic_is_there "$1" && N=$(bus_name "$1")
}
nic_is_there() { _n=$(bus_name "$1") && in_state "$_n" Connected && ls "$BUS/$_n/net" >/dev/null; }

# user_up INTERFACE - behind -netdev user
user_up() {
	ip link set "$1" up && ip addr add 10.0.2.15/24 dev "$1" && ip route add default via 10.0.2.2
}

# fetch BYTES - sha256 of what the host sends, and of what came
fetch() {
	_served=$(host serve "$1")
	nc -w 60 10.0.2.2 "${_served% *}" </dev/null >/run/fetched
	echo "${_served#* }" "$(sha256sum </run/fetched | cut -d' ' -f1)"
}

# give FILE - sha256 of it, and of what came on the host
give() {
	_port=$(host catch)
	nc -w 60 10.0.2.2 "$_port" <"$1" >/dev/null
	echo "$(sha256sum <"$1" | cut -d' ' -f1)" "$(host caught "$_port")"
}

# icmp_is_right - the kernel has had no ICMP message that was damaged
icmp_is_right() { awk '$1 == "Icmp:" && $2 ~ /^[0-9]+$/ && ($3 || $4) { bad = 1; print } END { exit bad }' /proc/net/snmp; }
