# SPDX-License-Identifier: GPL-2.0
# A device is plugged into the place of one that is still on its way out: it works. Consoles, for
# one with many ports takes its time to go. Without the in-tree driver they are ours by themselves.
# needs: free ccw
# time: 60
. /bed/ktap.sh
. /bed/serial.sh
. /bed/tests/ccw/lib/ccw.sh
plan 3

PORTS=12
load virtbus_console
modprobe virtbus_ccw
at_exit "host unplug swap 2>/dev/null"

# ports - plug them all
ports() {
	for _i in $(seq 1 $PORTS); do
		host qmp device_add "{\"driver\": \"virtserialport\", \"bus\": \"swap.0\", \"name\": \"swap.$_r.$_i\"}" >/dev/null || return
	done
}
there() { N=$(name_of "$a") && in_state "$N" Connected; }
all_there() { there && [ -c "$(path "swap.$_r.$PORTS")" ]; }

# life - no folder of sysfs has the number of another one. The link to it is what goes first
life() { ls -id "$_folder"; }

meanwhile=0
swap() {
	ports && wait_for 20 all_there || { echo "it does not come"; return 1; }
	_folder=$(readlink -f "$CCW/devices/$a") && _life=$(life) || return
	host unplug swap && host attach swap virtio-serial >/dev/null || return
	[ "$(life)" != "$_life" ] || meanwhile=$((meanwhile + 1))
}
swaps() {
	for _r in $(seq 1 "$1"); do
		swap || { echo "in round $_r"; return 1; }
	done
	ports && wait_for 20 all_there
}
a=$(host attach swap virtio-serial)
expect "6 times it works" swaps 6
expect "in half of them at least the one before was not gone yet" test $meanwhile -ge 3
host unplug swap
expect "it goes" wait_for 10 test ! -e "$CCW/devices/$a"
