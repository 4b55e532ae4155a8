# SPDX-License-Identifier: GPL-2.0
# in-tree -> virtbus -> in-tree -> virtbus, again and again: a disk, a network card and a
# console device that were there at boot, and ones that are plugged in. Each time it
# carries data; whatever is in use stays where it is.
# needs: disks=1
# modules: virtio_pci virtio_blk virtio_net virtio_console
# lane: A
# qemu: -netdev user,id=cold -device virtio-net,netdev=cold -device virtio-serial,id=cold
# time: 400
. /bed/tests/guest/lib/prove.sh
. /bed/net.sh
. /bed/serial.sh
plan 21
: "${ROUNDS:=10}"
hops=0

# function_of DEVICE - the address of the function that a device in sysfs hangs below
function_of() { readlink -f "$1" | tr / '\n' | grep -E '^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$|^0\.[0-3]\.[0-9a-f]{4}$' | tail -n 1; }

# What each kind has:  KIND_there ADDRESS: $what is usable, whoever drives it;
# KIND_works: it carries data;  KIND_open, KIND_close: somebody uses it

disk_there() { what=$(disk_at "$1") && [ -b "$what" ]; }
disk_works() { { [ ! -e /run/written ] || holds "$what"; } && fill "$what" && holds "$what"; }
disk_open() { exec 7<"$what"; }
disk_close() { exec 7<&-; }

net_there() { for _w in "$PARENTS/devices/$1"/*/net/*; do what=${_w##*/}; done; [ -e "/sys/class/net/$what" ]; }
net_works() {
	user_up "$what" || return
	# shellcheck disable=SC2046
	set -- $(fetch 200000) $(give /run/fetched)
	ip link set "$what" down && ip addr flush dev "$what"
	[ "$1" = "$2" ] && [ "$3" = "$4" ] && [ "$1" = "$3" ]
}
net_open() { ip link set "$what" up; }
net_close() { ip link set "$what" down; }

# the node is the name's, or the in-tree driver's own
console_there() {
	_n=$(grep -lsx "$port" $(find "$PARENTS/devices/$1/" -name name) | head -n 1) && [ -n "$_n" ] || return
	_n=${_n%/name} what=/dev/${_n##*/}
	[ -c "$what" ] || what=$(path "$port")
	[ -c "$what" ]
}
# what the host has heard is compared from the start
console_works() {
	dd if=/dev/urandom of=/run/said bs=5000 count=1 2>/dev/null
	cat /run/said >>"/run/all.$port"
	# in a shell of its own: it is closed when that ends. A watchdog would keep it open
	(
		_want=$(host talk "$port" 5000)
		cat /run/said >&7
		[ "$(head -c 5000 <&7 | sha256sum | cut -d' ' -f1)" = "$_want" ]
	) 7<>"$what" || return
	_n=$(wc -c <"/run/all.$port")
	[ "$(host heard "$port" "$_n")" = "$(sha256sum <"/run/all.$port" | cut -d' ' -f1)" ]
}
console_open() { exec 7<>"$what"; }
console_close() { exec 7>&-; }

arrives() { wait_for 20 driven_by "$2" "$3" && wait_for 20 "$1_there" "$3" && "$1_works" && hops=$((hops + 1)); }
take() { echo "$2" >$CLAIM && arrives "$1" "$GLUE" "$2"; }
leave() { echo "$2" >$OURS/unbind && arrives "$1" "$IN_TREE" "$2"; }
# round KIND ADDRESS - there and back
round() { take "$1" "$2" && leave "$1" "$2"; }
rounds() {
	_r=0
	while [ $_r -lt "$ROUNDS" ]; do
		_r=$((_r + 1))
		"$@" || { echo "in round $_r of $ROUNDS; $(driver_of "$A") drives $A, it is $what"; return 1; }
	done
}
# kept_in_use KIND - 3 points: who uses it keeps it with its driver
kept_in_use() {
	"$1_there" "$A"
	"$1_open"
	mark_log
	refuse "in use the $1 is not taken" "busy" sh -c "echo $A >$CLAIM"
	expect "the log says who uses it" logged "$A: not claimed: its "
	"$1_close"
	expect "free it is" take "$1" "$A"
	leave "$1" "$A"
}
# cold KIND - 5 points
cold() {
	expect "$1: there at boot, it works by $IN_TREE" arrives "$1" "$IN_TREE" "$A"
	kept_in_use "$1"
	expect "$1: $ROUNDS times there and back" rounds round "$1" "$A"
}
# hot_round KIND - in turns: first the in-tree driver's, or claimed before it comes
hot_round() {
	if [ $((_r % 2)) = 1 ]; then
		echo >$CLAIM
		"plug_$1" && A=$(address hot) && arrives "$1" "$IN_TREE" "$A" && round "$1" "$A" || return
	else
		echo "$A" >$CLAIM
		"plug_$1" && arrives "$1" "$GLUE" "$A" && leave "$1" "$A" && take "$1" "$A" || return
	fi
	"unplug_$1" && wait_for 20 test ! -e "$PARENTS/devices/$A"
}

for m in virtio_pci virtio_blk virtio_net virtio_console; do modprobe $m 2>/dev/null; done
for m in virtbus_blk virtbus_net virtbus_console $GLUE; do modprobe $m; done
host disk hot 16M
plug_disk() { rm -f /run/written; host plug hot >/dev/null; }
unplug_disk() { host unplug hot 30; }
plug_net() { host nic hot user >/dev/null; }
unplug_net() { host unnic hot; }
plug_console() {
	host attach hot virtio-serial >/dev/null && host qmp device_add \
		'{"driver": "virtserialport", "bus": "hot.0", "chardev": "hot.port", "name": "hot.port"}' >/dev/null
}
unplug_console() { host unplug hot 30; }

A=$(address disk0)
cold disk
expect "disk: $ROUNDS times plugged in" rounds hot_round disk

wait_for 20 ls /sys/class/net/*/device >/dev/null
A=$(for _i in /sys/class/net/*/device; do function_of "$_i"; done | head -n 1)
cold net
expect "network card: $ROUNDS times plugged in" rounds hot_round net

port=cold.port
host port $port
host qmp device_add '{"driver": "virtserialport", "bus": "cold.0", "chardev": "cold.port", "name": "cold.port"}' >/dev/null
wait_for 20 ls /sys/class/virtio-ports/* >/dev/null
for _p in /sys/class/virtio-ports/*; do A=$(function_of "$_p"); done
cold console
port=hot.port
host port $port
expect "console: $ROUNDS times plugged in" rounds hot_round console

tell "$(uname -r): $hops times a device changed hands, each time it carried data"
expect "the log holds no complaint" sh -c "! dmesg | grep -E 'Buffer I/O|I/O error|not given back'"
echo >$CLAIM
expect "every module unloads" unload
is "the in-tree driver has the disk" "$(driver_of "$(address disk0)")" "$IN_TREE"
