# SPDX-License-Identifier: GPL-2.0
# A disk, a network card and a console that are in use come and go: unbound and bound,
# unplugged and plugged on the host, while others of each kind never notice.
# needs: free fio net disks=64M,4G
# lane: A B
# append: A:slub_debug=U
# memory: 1024
# time: 1500
. /bed/disk.sh
. /bed/serial.sh
. /bed/net.sh
. /bed/tests/guest/lib/prove.sh	# its marks in the log, not those of disk.sh
. /bed/tests/guest/lib/hotplug.sh
. /bed/tests/guest/lib/traffic.sh
. /bed/tests/guest/lib/victims.sh
. /bed/tests/guest/lib/plugs.sh
: "${ROUNDS:=100}" "${KINDS:=disk net console}"
others_begin "$KINDS"
serial
port talks.0
# a hub in QEMU: two cards that talk to each other, and the one that comes and goes
machine_nic near hubport,hubid=0 && near=$N
machine_nic away hubport,hubid=0 && away=$N
ip link set "$away" netns far

con_start() { say con >"$(path talks.0)" & }
con_end() {
	wait_for 20 has_said con || return
	_n=$(cat /run/con.said)
	_want=$(for _i in $(seq "$_n"); do cat /run/block; done | sha256sum | cut -d' ' -f1)
	[ "$(host heard talks.0 $((_n * BLOCK)) 60)" = "$_want" ] && [ "$_n" -gt 3 ]
}

expect "a disk, two cards and a port carry data" traffic_start \
	"$(name_at "$(address disk0)")" "$near" "$away" "$(name_at "$(address serial)")"
far ip addr add 10.8.0.2/24 dev "$away"

rebind() { unbound sh -c "echo $A force >$OURS/unbind" && echo "$A" >$OURS/bind && wait_for 20 there "$kind"; }
replug() { plug_it && wait_for 20 there "$kind" && unbound unplug_it && wait_for 20 test ! -e "$PARENTS/devices/$A"; }
# both KIND LOSE - the one that is there, then one that is not
both() {
	kind=$1 unbound=$2
	wait_for 20 there "$1"
	links
	hundred "$1: unbind, bind" rebind
	unplug_it
	hundred "$1: device_add, device_del" replug
}
unbound() { "$unbound" "$@"; }

victims_of_disk() { both disk lose; }
victims_of_net() { both net lose_net; }
victims_of_console() {
	ports=$(path still.0)
	both console lose_console
}
for kind in $KINDS; do
	plugs_of "$kind"
	victims_of_$kind
done

traffic_end
expect "the log has what must be there, and nothing else" log_expected \
	"I/O error, dev ubd|IPv6: ADDRCONF|virtbus_blk ubd[0-9]+: \[?ubd|$ROAD_SAYS"
expect "every module unloads" wait_for 5 unload
