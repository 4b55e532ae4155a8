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

# connected ADDRESS - is it ours, online, and its disk can be opened? Without another process, as
# in_tree: some of the states that are looked for last for a moment
connected() {
	set -- "$CCW/devices/$1/"*/transport
	_dev=${1%/transport} _dev=${_dev##*/}
	# its node is there before it can be opened
	in_state "$_dev" Connected && { :; } <"/dev/$_dev"
}

# in_tree ADDRESS - does the in-tree driver have it, online, with a virtio device?
in_tree() {
	[ -e "$THEIRS/$1" ] && read -r _online <"$CCW/devices/$1/online" && [ "$_online" = 1 ] || return
	set -- "$CCW/devices/$1"/virtio[0-9]*
	[ -e "$1" ]
}

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
