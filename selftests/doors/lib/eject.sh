# SPDX-License-Identifier: GPL-2.0
# eject.sh - the host asks for a device by ACPI: device_del; after that the rows of doors.sh
# QEMU asks once in five seconds
: "${KNOCKS:=3}"
. /bed/tests/doors/lib/doors.sh

DOOR="the host (device_del)"
# knock - until the device is gone, or refused once more than before
knock() {
	_was=$(refusals) stuck=1
	wait_for 8 host qmp device_del "{\"id\": \"$id\"}" || return
	_t0=$(now_ms)
	until ! [ -e "$BUS/$N" ] || [ "$(refusals)" != "$_was" ]; do
		[ $(($(now_ms) - _t0)) -lt $((5000 * BED_SLOW)) ] || return
	done
	stuck=
	[ ! -e "$BUS/$N" ]
}
# again - another one takes its place
again() {
	host wait DEVICE_DELETED $((10 * BED_SLOW)) "device=$id" && host freed "$id" || return
	! [ "$id.$kind" = hot.net ] || host qmp netdev_del '{"id": "net-hot"}'
	id=hot
	plugged_in $kind
}
of_hot() {
	id=hot
	plugged_in $kind || not_ok "hot, $kind: it is plugged in"
	row
	cool
}
of_cold() {
	case $kind in
	disk)	N=ubd0 id=disk0 ;;
	net)	N=eth0 id=coldnet ;;
	console) N=con0 id=coldcon ;;
	esac
	row
	cool
}
