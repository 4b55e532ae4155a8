# SPDX-License-Identifier: GPL-2.0
# prove.sh - what proofs share in the guest, and the tour
#
# One text for PCI and channel I/O: PARENTS is the bus of the functions behind
# the devices, OURS and THEIRS are the drivers there.

. /bed/ktap.sh

PARENTS=/sys/bus/$BED_ROAD GLUE=virtbus_$BED_ROAD
case $BED_ROAD in
ccw)	IN_TREE=virtio_ccw ;;
*)	IN_TREE=virtio-pci ;;
esac
OURS=$PARENTS/drivers/$GLUE
THEIRS=$PARENTS/drivers/$IN_TREE
CLAIM=/sys/module/$GLUE/parameters/claim
CONFIG=/sys/bus/virtbus/config
PORTS=/sys/devices/virtbus_loop
DISK_DRIVER=/sys/bus/virtbus/drivers/virtbus_blk

# tell TEXT - to whoever runs the proof
tell() { host say "$*"; }
# tell_all - every line of the input
tell_all() { while IFS= read -r _line; do tell "  $_line"; done; }

# now_ms - milliseconds since boot; another process would take the debug kernel 0.1 s
now_ms() {
	read -r _up _ </proc/uptime
	ms "$_up"
}
# ms SECONDS - as in 12.34
ms() { echo "${1%.*}${1#*.}0"; }

# surprise NAME - on x86_64 the host asks before it takes, but not for what was taken away by force
surprise() { [ "$BED_ARCH" != x86_64 ] || [ ! -e "$BUS/$1" ] || echo force >"$BUS/$1/remove"; }

# driver_of ADDRESS - the driver of a function, "none" without one
driver_of() {
	[ -e "$PARENTS/devices/$1/driver" ] || { echo none; return; }
	basename "$(readlink "$PARENTS/devices/$1/driver")"
}
driven_by() { [ "$(driver_of "$2")" = "$1" ]; }

# name_at ADDRESS - the name of the device that a function is
name_at() {
	for _d in "$BUS"/*; do
		case $(readlink -f "$_d") in
		*/"$1"/*) echo "${_d##*/}"; return ;;
		esac
	done
	return 1
}

# disk_at ADDRESS - the disk of a function, whoever drives it
disk_at() {
	for _f in $(find "$PARENTS/devices/$1/" -path '*/block/*/dev' 2>/dev/null); do
		_f=${_f%/dev}
		case ${_f#*/block/} in
		*/*) continue ;;
		esac
		# the kernel makes the node last
		[ -b "/dev/${_f##*/}" ] || return
		echo "/dev/${_f##*/}"
		return
	done
	return 1
}
has_disk() { disk_at "$1" >/dev/null; }

# ours ADDRESS - virtbus drives it, and its disk is there
ours() { driven_by "$GLUE" "$1" && has_disk "$1"; }
theirs() { driven_by "$IN_TREE" "$1" && has_disk "$1"; }

# free_functions - take the disks of the machine from a built-in in-tree driver,
# so that they are nobody's
free_functions() {
	[ -e "$THEIRS" ] || return 0
	for _a in "$@"; do
		wait_for 20 driven_by "$IN_TREE" "$_a" || return
		usleep 300000	# it puts them online behind our back
		echo "$_a" >"$THEIRS/unbind" || return
	done
}

# links - every device of the bus with its driver and its parent's
links() {
	for _d in "$BUS"/*; do
		[ -e "$_d" ] || continue
		_p=$(dirname "$(readlink -f "$_d")")
		tell "  $_d/driver -> $(readlink "$_d/driver" || echo none)"
		tell "  ${_p#/sys/devices/}/driver -> $(readlink "$_p/driver" || echo 'none (a port of the loop)')"
	done
}

no_virtio_blk() { ! grep -q '^virtio_blk ' /proc/modules; }

# mark_log, logged PATTERN - what the kernel said since the mark; the races that KCSAN finds in the
# rest of the kernel are nobody's business here either (judge.sh)
mark_log() { echo "virtbus proof: mark" >/dev/kmsg; }
since_mark() {
	{ if [ -e /sys/kernel/debug/kcsan ]; then dmesg | awk -f /bed/races.awk; else dmesg; fi; } | sed 's/^\[[^]]*\] //' | awk '/virtbus proof: mark/ { n = 0; next } { l[n++] = $0 }
		END { for (i = 0; i < n; i++) print l[i] }'
}
logged() { since_mark | grep -E -e "$1"; }

# fill DISK - a megabyte of random bytes past the cache; holds DISK - are they there?
fill() {
	head -c 1048576 /dev/urandom >/run/written &&
		direct if=/run/written of="$1" bs=64k oflag=direct
}
holds() {
	direct if="$1" of=/run/read bs=64k count=16 iflag=direct && cmp /run/written /run/read
}
direct() { dd "$@" 2>/run/dd || { cat /run/dd; return 1; }; }
