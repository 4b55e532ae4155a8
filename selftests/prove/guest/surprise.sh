# SPDX-License-Identifier: GPL-2.0
# A disk under fio, a card under TCP and a console under output are taken without a question, in each
# way that there is: it is gone in time, its users have errors, and the same name can be plugged again.
# needs: free fio net
# BUTTON: milliseconds that pass before the kernel begins, whatever we do
# memory: 1024
# time: 1500
. /bed/disk.sh
. /bed/serial.sh
. /bed/net.sh
. /bed/tests/guest/lib/prove.sh
. /bed/tests/guest/lib/hotplug.sh
. /bed/tests/guest/lib/victims.sh
. /bed/tests/guest/lib/plugs.sh
: "${ROUNDS:=50}" "${KINDS:=disk net console}" "${WAYS:=force}" "${BUTTON:=0}"
# shellcheck disable=SC2086
plan $(($(echo $KINDS | wc -w) * ($(echo $WAYS | wc -w) * 3 + 1) + 2))
mark_log
load
far_side
machine_nic away hubport,hubid=0 && away=$N
ip link set "$away" netns far && far ip link set "$away" up && far ip addr add 10.8.0.2/24 dev "$away"
# shellcheck disable=SC2086
$FAR nc -ll -p 7000 -e cat & listener=$!
at_exit "kill $listener; killall -q nc cat"

# fio instead of dd: who sources hotplug.sh says how a disk is used
use() {
	read -r _dev <"/sys/block/${disk#/dev/}/dev" || return
	rm -f /run/node
	mknod /run/node b "${_dev%:*}" "${_dev#*:}" || return
	user fio --name=u --filename=/run/node --rw=randrw --bs=4k --direct=1 --ioengine=libaio --iodepth=8 \
		--numjobs=2 --thread --size=64M --time_based --runtime=3600
}
# TCP beside the pings of victims.sh
tcp() {
	net_use || return
	start sh -c "nc 10.8.0.2 7000 </dev/zero"
}

# take_WAY, back_WAY - it is taken; and is there again
take_force() { echo force >"$BUS/$victim/remove"; }
back_force() { config "$spec"; }
take_unbind() { echo "$A force" >$OURS/unbind; }
back_unbind() { echo "$A" >$OURS/bind; }
take_sysfs() { echo 1 >"$PARENTS/devices/$A/remove"; }
back_sysfs() { echo 1 >/sys/bus/pci/rescan; }
take_power() {
	for _s in /sys/bus/pci/slots/*; do
		read -r _at <"$_s/address"
		[ "$_at" != "${A%.*}" ] || slot=$_s
	done
	echo 0 >"$slot/power"
}
# ACPI ejects it, too: the host has it back. zPCI's is only deconfigured
back_power() {
	if [ $BED_ARCH = s390x ]; then echo 1 >"$slot/power"; else back_host; fi
}
take_host() { host qmp device_del '{"id": "hot"}' >/dev/null; }
back_host() {
	host wait DEVICE_DELETED $((10 * BED_SLOW)) device=hot >/dev/null || return
	[ "$kind" != net ] || host qmp netdev_del '{"id": "net-hot"}' >/dev/null
	host freed hot
	plug_it >/dev/null
}

went() { ! [ -e "$BUS/$victim" ]; }
# take - until it has gone: that took $gone ms. fio, for one, needs some more until it has written
# down what befell it
take() {
	"take_$way" || return
	wait_for 20 went || { echo "$victim is still there"; return 1; }
	gone=$(($(now_ms) - _t0))
	[ "$gone" -le "$most_gone" ] || most_gone=$gone
}
is_back() { _was=$victim && there "$kind" && [ "$victim" = "$_was" ]; }
round() {
	spec=$(attr "$victim" spec)
	case $kind in
	disk)	lose take ;;
	net)	users='' && tcp && wait_for 30 net_in_use && _t0=$(now_ms) && take && net_gone && took=$(($(now_ms) - _t0)) ;;
	*)	lose_console take ;;
	esac || return
	[ $((took - gone)) -le "$most_later" ] || most_later=$((took - gone))
	"back_$way" && wait_for 20 is_back || { echo "it does not come back"; return 1; }
}

for kind in $KINDS; do
	ports=$(path still.0)
	plugs_of "$kind" >/dev/null
	expect "$kind: it is plugged in" wait_for 20 there "$kind"
	for way in $WAYS; do
		most=0 most_gone=0 most_later=0 _began=$(now_ms)
		expect "$kind, $way: taken $ROUNDS times, and back under its name" rounds "$ROUNDS" round
		tell "$kind, $way: $ROUNDS times in $((($(now_ms) - _began) / 1000)) s; gone within $most_gone ms, all users had ended within $most_later ms more"
		expect "$kind, $way: gone within $(((LIMIT + BUTTON) / 1000)) s each time" test "$most_gone" -le $((LIMIT + BUTTON))
		expect "$kind, $way: its users knew within $((LIMIT / 1000)) s more" test "$most_later" -le $LIMIT
	done
	unplug_it
done
far ip link set "$away" down
# QEMU's hub may keep a packet of the card at its other end, for the one that was taken. pciehp works
# in a real-time thread, and the debug kernel takes long for it
expect "the log has what must be there, and nothing else" log_expected \
	"I/O error, dev ubd|blk_print_req_error: [0-9]+ callbacks|IPv6: ADDRCONF|virtbus_blk ubd[0-9]+: \[?ubd|virtbus_net $away: stalled|virtbus_pci [0-9a-f:.]+: ROM|pcieport|sched: RT throttling|$ROAD_SAYS"
kill $listener
killall -q nc cat
expect "every module unloads" wait_for 20 unload
