# SPDX-License-Identifier: GPL-2.0
# disk.sh - what the tests of bus/ and block/ share; sourced after ktap.sh

PORTS=/sys/devices/virtbus_loop

# start [PARAMETER=VALUE..] - load everything; the machine's disks are ours then.
# The parameters are the disk driver's.
start() {
	load virtbus_blk "$@" && load virtbus_loop && machine_start
}

# machine_start - the glue of this machine's devices; where the kernel's own driver is built in and
# has them already, they are claimed
# shellcheck disable=SC2046
machine_start() { load "$(machine_glue)" $(machine_claim); }
machine_glue() { echo "virtbus_$BED_ROAD"; }
machine_claim() { if [ "$BED_ROAD" = ccw ] || [ -e /sys/bus/pci/drivers/virtio-pci ]; then echo claim=all; fi; }

# bus_name DISK - what the bus calls a disk of the machine: disk0, or one plugged
bus_name() {
	_at=$(address "$1") || return 1
	for _b in "$BUS"/*; do
		case $(cat "$_b/spec" 2>/dev/null) in
		*,"$_at") echo "${_b##*/}"; return ;;
		esac
	done
	echo "no device of the bus is $_at" >&2
	return 1
}

# by_force DISK - on x86_64 the host asks before it takes, but not for what was taken away by force
by_force() {
	[ "$BED_ARCH" != x86_64 ] || ! _b=$(bus_name "$1" 2>/dev/null) || echo force >"$BUS/$_b/remove"
}

# is_disk NAME - is it in use by the disk driver?
is_disk() { in_state "$1" Connected && [ -b "/dev/$1" ]; }

# plug DISK SIZE [KEY=VALUE..] - a disk of the machine, with properties for QEMU;
# sets N to its name on the bus.  `drive=` names another block node than its own.
plug() {
	_disk=$1 _size=$2; shift 2
	host disk "$_disk" "$_size" && host plug "$_disk" "$@" >/dev/null || return
	at_exit "by_force $_disk; host unplug $_disk 2>/dev/null"
	wait_for 15 plugged "$_disk" || return
	N=$(bus_name "$_disk")
}
plugged() { _n=$(bus_name "$1") && is_disk "$_n"; }

# brake DISK BYTES - so many in a second is all that its host moves; 0: as many as it can
brake() {
	host qmp block_set_io_throttle "{\"id\":\"/machine/peripheral/$1/virtio-backend\",\"bps\":$2,\"bps_rd\":0,\"bps_wr\":0,\"iops\":0,\"iops_rd\":0,\"iops_wr\":0}" >/dev/null
}

# ram NAME ARGS.. - a RAM disk of the loop, as in: ram ubd1 16M,ro
ram() { config "$1=ram,$2" && is_disk "$1"; }

# fault NAME FAULT - ask a device end of the loop to misbehave
fault() { echo "$2" >"$PORTS/$1/fault"; }
remove() { echo "${2:-1}" >"$BUS/$1/remove"; }
unbind() { echo "$1${2:+ $2}" >/sys/bus/virtbus/drivers/virtbus_blk/unbind; }
bind() { echo "$1" >/sys/bus/virtbus/drivers/virtbus_blk/bind; }
gone() { ! [ -e "$BUS/$1" ] && ! [ -e "/sys/block/$1" ]; }
bound() { [ -e "$BUS/$1/driver" ]; }
unbound() { ! bound "$1"; }

# random MB - a file of so many random MB; the same one for the same number
random() {
	[ -e "/run/random.$1" ] || dd if=/dev/urandom of="/run/random.$1" bs=1M count="$1" 2>/dev/null
	echo "/run/random.$1"
}

# fill NAME MB, holds NAME MB - write random data past the page cache; read it
# past the page cache and compare
fill() { dd if="$(random "$2")" of="/dev/$1" bs=1M oflag=direct 2>/dev/null; }
holds() { dd if="/dev/$1" bs=1M count="$2" iflag=direct 2>/dev/null | cmp -s - "$(random "$2")"; }

# took COMMAND.. - how long it takes, well or not, in tenths of a second
tenths() { awk '{ printf "%d", $1 * 10 }' /proc/uptime; }
took() { _t0=$(tenths); "$@" >/dev/null 2>&1; echo $(($(tenths) - _t0)); }

# within TENTHS TEXT COMMAND.. - a point: it ends in time, well or not; a debug
# kernel has three times as long
within() {
	_limit=$1 _d=$2; shift 2
	[ "$BED_LANE" = A ] || _limit=$((_limit * 3))
	_t=$(took "$@")
	if [ "$_t" -le "$_limit" ]; then ok "$_d ($_t tenths of a second)"; return; fi
	diag "took $_t tenths of a second, not $_limit: $*"
	not_ok "$_d"
}

# traced GROUP:EVENT COMMAND.. - what the kernel traces while it runs
TRACING=/sys/kernel/tracing
traced() {
	_event=$TRACING/events/$(echo "$1" | tr : /)/enable; shift
	grep -q " $TRACING " /proc/mounts || mount -t tracefs tracefs $TRACING
	# the names of processes would take a change of the scheduler's code, which TCG may run stale
	echo 0 >$TRACING/options/record-cmd
	echo 1 >"$_event"; echo >$TRACING/trace
	"$@" >/run/traced.out 2>&1
	echo 0 >"$_event"
	grep -v '^#' $TRACING/trace
}

# mark, said PATTERN - is it in what the kernel logged since the last mark?
mark() { echo "virtbus test: mark" >/dev/kmsg; }
since_mark() { dmesg | awk '/virtbus test: mark/ { n = 0 } { l[n++] = $0 } END { for (i = 0; i < n; i++) print l[i] }'; }
said() { since_mark >/run/said; grep -qE -e "$1" /run/said || { tail -n 12 /run/said; return 1; }; }
times_said() { since_mark | grep -cE -e "$1"; }

# refused TEXT PATTERN COMMAND.. - a point: COMMAND fails, and the log says PATTERN
refused() {
	_text=$1 _words=$2; shift 2
	mark
	if "$@" >/run/ktap.out 2>&1; then
		diag "succeeded, and must not: $*"; not_ok "$_text"
	fi
	expect "$_text" said "$_words"
}

# hear - for each message to userspace run the script that comes on the input, with the message's
# fields; what it prints goes to /run/heard. Somebody listens when this returns
hear() {
	{ echo '[ "${SUBSYSTEM:-}" != mem ] || echo "somebody listens"'; cat; } >/run/hear
	uevent sh /run/hear >/run/heard 2>&1 & _listener=$!
	at_exit "kill $_listener"
	wait_for 5 listened
}
listened() { echo change >/sys/class/mem/null/uevent; grep -q listens /run/heard; }

# count NAME COUNTER - a counter, summed over the device's queues
count() { cat "$BUS/$1"/queue*/"$2" | awk '{ n += $1 } END { print n }'; }
