# SPDX-License-Identifier: GPL-2.0
# ccw.sh - what the tests of the CCW glue share; sourced after ktap.sh

CCW=/sys/bus/ccw
OURS=$CCW/drivers/virtbus_ccw
THEIRS=$CCW/drivers/virtio_ccw
CLAIM=/sys/module/virtbus_ccw/parameters/claim

# driver_of ADDRESS - the driver of a channel device, or "none"
driver_of() {
	_l=$(readlink "$CCW/devices/$1/driver") || { echo none; return; }
	echo "${_l##*/}"
}

online() { cat "$CCW/devices/$1/online"; }

# name_of ADDRESS - what the bus calls the device on a channel device
name_of() {
	for _dev in "$CCW/devices/$1/"*/transport; do
		[ -e "$_dev" ] || return 1
		_dev=${_dev%/transport}
		echo "${_dev##*/}"
	done
}

# connected ADDRESS - is it ours, online and in use by its driver?
connected() {
	_name=$(name_of "$1") && in_state "$_name" Connected
}

# in_tree ADDRESS - does the in-tree driver have it, online, with a virtio device?
in_tree() {
	[ "$(driver_of "$1")" = virtio_ccw ] && [ "$(online "$1")" = 1 ] &&
		[ -n "$(virtio_of "$1")" ]
}
virtio_of() { ls "$CCW/devices/$1" 2>/dev/null | grep '^virtio[0-9]'; }

# in_tree_disk ADDRESS - the in-tree driver's disk (/dev/..) on it
in_tree_disk() {
	for _dev in "$CCW/devices/$1"/virtio*/block/*; do
		[ -e "$_dev" ] && echo "/dev/${_dev##*/}" && return
	done
	return 1
}

# irqs CLASS - interrupts of a class so far: VAI adapter, VIR subchannel
irqs() { awk -v c="$1:" '$1 == c { print $2 + $3 }' /proc/interrupts; }

# pattern SEED MB - a file of reproducible data, other data for another seed
pattern() {
	_f=/run/pattern.$1.$2
	if [ ! -e "$_f" ]; then
		seq 1 4096 | sed "s/^/$1 virtbus /" | head -c 65536 >"$_f.64k"
		for _i in $(seq 1 $(($2 * 16))); do cat "$_f.64k"; done >"$_f"
	fi
	echo "$_f"
}

# fill DISK SEED MB, holds DISK SEED MB - write a pattern past the page cache;
# read it past the page cache and compare
fill() { dd if="$(pattern "$2" "$3")" of="$1" bs=64k oflag=direct; }
holds() { dd if="$1" bs=64k count=$(($3 * 16)) iflag=direct | cmp - "$(pattern "$2" "$3")"; }
