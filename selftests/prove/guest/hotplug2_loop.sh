# SPDX-License-Identifier: GPL-2.0
# A disk, a network card and a console of the loop that are in use come and go: unbound
# and bound, made and removed by spec, while others of each kind never notice.
# needs: loop fio net
# lane: A B
# append: A:slub_debug=U
# memory: 1024
# time: 1500
. /bed/tests/guest/lib/prove.sh
. /bed/net.sh
. /bed/tests/guest/lib/hotplug.sh
. /bed/tests/guest/lib/traffic.sh
. /bed/tests/guest/lib/victims.sh
: "${ROUNDS:=100}" "${KINDS:=disk net console}"
others_begin "$KINDS"
for s in ubd1=ram,64M eth3=pair,eth4 eth4=pair,eth3 con3=loop; do config $s; done
ip link set eth4 netns far
# what is written later shall not be new memory of the device ends
dd if=/dev/urandom of=/dev/ubd1 bs=64k count=256 oflag=direct 2>/dev/null

con_start() {
	stty -F /dev/con3 raw -echo
	judge con </dev/con3 & con_judge=$!
	say con >/dev/con3 &
}
# a console that is open keeps its modules; one more block is the last that is read
con_end() {
	wait_for 20 has_said con && all_come con || return
	: >/run/con.over
	cat /run/block >/dev/con3
	wait $con_judge
}
expect "a disk, two cards and a console carry data" traffic_start ubd1 eth3 eth4 con3

rebind() {
	lose_it sh -c "echo $victim force >/sys/bus/virtbus/drivers/$driver/unbind" &&
		echo "$victim" >"/sys/bus/virtbus/drivers/$driver/bind" && wait_for 20 there
}
remake() {
	config "$spec" && wait_for 20 there && lose_it sh -c "echo force >$BUS/$victim/remove" &&
		[ ! -e "$BUS/$victim" ] && [ ! -e "$PORTS/$victim" ]
}
there() { read -r _s <"$BUS/$victim/state" && [ "$_s" = Connected ] && [ -e "$node" ]; }
lose_it() { "$lose" "$@"; }
# both SPEC DRIVER LOSE NODE - the one that is there, then one that is not
both() {
	spec=$1 victim=${1%%=*} driver=$2 lose=$3 node=$4
	wait_for 20 there
	links
	hundred "$victim: unbind, bind" rebind
	echo 1 >"$BUS/$victim/remove" || echo force >"$BUS/$victim/remove"
	hundred "$victim: made and removed by spec" remake
}

victims_of_disk() {
	config ubd2=ram,4G
	disk=/dev/ubd2
	for n in 3 6; do
		dd if=/dev/urandom of=/dev/ubd2 bs=64k count=256 seek=$((n * 100000 / 16)) oflag=direct 2>/dev/null
	done
	both ubd2=ram,4G virtbus_blk lose /dev/ubd2
}
victims_of_net() {
	away=eth2
	config eth2=pair,eth1
	ip link set eth2 netns far
	far ip link set eth2 up
	far ip addr add 10.8.0.2/24 dev eth2
	config eth1=pair,eth2
	both eth1=pair,eth2 virtbus_net lose_net /sys/class/net/eth1
	far ip link set eth2 down
}
victims_of_console() {
	ports=
	config con1=loop
	both con1=loop virtbus_console lose_console /dev/con1
}
for kind in $KINDS; do victims_of_$kind; done

traffic_end
expect "the log has what must be there, and nothing else" log_expected \
	"I/O error, dev ubd2|IPv6: ADDRCONF"
expect "every module unloads" wait_for 5 unload
