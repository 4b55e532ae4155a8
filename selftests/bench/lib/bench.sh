# SPDX-License-Identifier: GPL-2.0
# bench.sh - what the measuring files share; after ktap.sh
. /bed/bench.conf	# ROWS ORDER PROFILE

OUT=/run/bench
mkdir -p $OUT

# figures on the way to the host: selftests/bench/figures.py reads them
figure() { ktap "# BENCH $*"; }

# phases - ROW-OPERATIONS of each phase of a visit: each row with few and with many
# operations, so that what a job costs to begin and end can be taken off
phases() {
	for _row in $ROWS; do
		_ops=${_row#*:}
		echo "${_row%%:*}-${_ops%:*}"
		echo "${_row%%:*}-${_ops#*:}"
	done
}

# alone WHO MODULE - the other driver must not be there
alone() {
	case $1 in
	in-tree*) ! lsmod | grep ^virtbus ;;
	virtbus) ! lsmod | grep "^$2 " ;;
	esac
}

# irqs FILE PATTERN - interrupts of devices; on s390x all adapters share VAI
irqs() {
	awk -v p="$2|^VAI:" '$0 ~ p {
		for (i = 2; i <= NF && $i ~ /^[0-9]+$/; i++) n += $i } END { print n + 0 }' "$1"
}

# irqs_of PHASE PATTERN - those between begin and end
irqs_of() { echo $(($(irqs "$OUT/irq.$1.end" "$2") - $(irqs "$OUT/irq.$1.begin" "$2"))); }

# in_tree_glue load|unload, virtbus_glue - who finds the devices
in_tree_glue() {
	[ "$BED_ARCH" != s390x ] || return 0
	if [ "$1" = load ]; then modprobe virtio_pci; else rmmod virtio_pci; fi
}
virtbus_glue() {
	if [ "$BED_ARCH" = s390x ]; then modprobe virtbus_ccw claim=all; else modprobe virtbus_pci; fi
}

# visits - a point for each visit of ORDER
visits() {
	set -- $ORDER
	plan $#
	for who; do
		expect "$who" "$who"
	done
}
