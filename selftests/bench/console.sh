# SPDX-License-Identifier: GPL-2.0
# Bytes through a terminal and through ports: through the in-tree driver and through
# virtbus. The host writes down what comes to the console and to the port `sink`, and
# has zeroes without end at the port `source`. Nothing is asked of the host meanwhile:
# a guest with -icount once waited for an answer that did not come, and why was not found.
# modules: virtio_pci virtio_console
# lane: A
# memory: 1024
# time: 600
. /bed/ktap.sh
. /bed/serial.sh
. /bed/tests/bench/lib/bench.sh

# terminal WHO - its file
terminal() { if [ "$1" = virtbus ]; then echo /dev/con0; else echo /dev/hvc0; fi; }

# port_file NAME - the file of a port; the in-tree driver leaves names to udev
port_file() {
	[ -e "$(path "$1")" ] && path "$1" && return
	for _p in /sys/class/virtio-ports/*; do
		[ "$(cat "$_p/name" 2>/dev/null)" = "$1" ] && echo "/dev/${_p##*/}" && return
	done
	return 1
}
there() { [ -c "$(terminal "$1")" ] && port_file sink && port_file source; }

# copy WHO PHASE - as in port-write-16-512: 512 times 16 bytes. dd has one call of
# write() or more for each, and must say that it did all of them.
copy() {
	_ops=${2##*-} _row=${2%-*} _from=/dev/zero _to=/dev/null
	case $_row in
	*-read-*)	_from=$(port_file source) ;;
	terminal-*)	_to=$(terminal "$1") ;;
	port-*)		_to=$(port_file sink) ;;
	esac
	/bed/bench/begin "$2"
	dd if="$_from" of="$_to" bs="${_row##*-}" count="$_ops" iflag=fullblock 2>$OUT/dd.log
	/bed/bench/end "$2"
	grep -q "^$_ops+0 records out" $OUT/dd.log || { cat $OUT/dd.log; return 1; }
}

# visit WHO - measure
visit() {
	alone "$1" virtio_console || return
	wait_for 15 there "$1" || return
	# it stays open: closing the last one waits, for what is no work of ours
	exec 7<>"$(terminal "$1")"
	stty -F "$(terminal "$1")" raw -echo || return
	for _phase in $(phases); do
		copy "$1" "$_phase" || return
		figure "$1" "$_phase" "$(irqs_of "$_phase" 'virtio[0-9]+-|con0-')"
	done
	exec 7>&-
	rm $OUT/irq.*
}

in_tree() {
	in_tree_glue load
	modprobe virtio_console
	figure driver:in-tree virtio_console
	visit in-tree || return
	rmmod virtio_console
	in_tree_glue unload
}

virtbus() {
	modprobe virtbus_console
	virtbus_glue
	wait_for 15 test -e $BUS/con0/driver || return
	figure driver:virtbus "$(basename "$(readlink -f $BUS/con0/driver)")"
	visit virtbus || return
	unload
}

visits
