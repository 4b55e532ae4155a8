# SPDX-License-Identifier: GPL-2.0
# What the kernel's own driver does when a device behind vhost-user tells it LIE; KIND says
# which. A row for the table, and the machine ends: whoever hangs now would hang for ever.
# needs: shared net
# lane: A
# modules: virtio_pci virtio_blk virtio_net
# time: 15
. /bed/tests/guest/lib/prove.sh
plan 1
mark_log
modprobe virtio_pci
modprobe virtio_$KIND
OPTIONS=
case $LIE in
config-*|features-*|capacity-*|blk-size-*|seg-max-*|size-max-*|topology-*|discard-*|serial) OPTIONS=lie=$LIE,0 ;;
esac

# in_time SECONDS COMMAND.. - its exit status, or 99 when it has not ended
in_time() {
	_s=$1; shift
	rm -f /run/rc
	{ "$@"; echo $? >/run/rc; } >/run/said 2>&1 &
	wait_for "$_s" test -s /run/rc >/dev/null || return 99
	return "$(cat /run/rc)"
}

read_back() { dd if="$D" of=/run/read bs=4k count=16 iflag=direct && cmp /run/written /run/read; }
# reading WHEN - what becomes of 16 blocks that were written
reading() {
	in_time 10 read_back
	case $? in
	0)	echo "$1 the data are right" ;;
	99)	echo "$1 READING HANGS" ;;
	*)	if grep -q differ /run/said; then echo "$1 WRONG DATA"; else echo "$1 an I/O error"; fi ;;
	esac
}
blk() {
	wait_for 15 has_disk "$A" >/dev/null || { echo "no disk"; return; }
	D=$(disk_at "$A")
	head -c 65536 /dev/urandom >/run/written
	if [ -n "$OPTIONS" ]; then
		echo "$(blockdev --getsize64 "$D") bytes, blocks of $(blockdev --getss "$D")"
		return
	fi
	in_time 10 dd if=/run/written of="$D" bs=4k oflag=direct || { echo "does not work at all"; return; }
	host lie l "$LIE" 1 >/dev/null
	echo "$(reading "it is told:"); $(reading "afterwards:")"
}

pings() { in_time 15 /bin/ping -n -c 5 -i 0.2 -w 8 10.9.0.2; sed -n 's/.* \([0-9]*\) received.*/\1/p' /run/said; }
has_card() { D=$(ls "$PARENTS/devices/$A"/virtio*/net); }
net() {
	wait_for 15 has_card >/dev/null 2>&1 || { echo "no card"; return; }
	/bin/ip link set "$D" up
	/bin/ip addr add 10.9.0.1/24 dev "$D"
	usleep 500000
	_first=$(pings)
	[ -n "$OPTIONS" ] || host lie l "$LIE" 1 >/dev/null
	_then=$(pings)
	echo "of 5 pings ${_first:-0}, then ${_then:-none: PING HANGS}; it counts $(cat "/sys/class/net/$D/statistics/rx_bytes") bytes received"
}

# shellcheck disable=SC2086
A=$(host liar l $KIND $OPTIONS) && what=$($KIND)
log=$(since_mark | grep -E "virtio|$A|WARNING|BUG|Oops" | grep -vE 'enabling device|logical blocks|ACPI|BAR|pci ' |
	tail -n 1 | cut -c 1-70)
host say "ROW $KIND $LIE|${what:-QEMU refuses it}|$log"
# not poweroff, which waits for the driver, and that perhaps for ever
echo b >/proc/sysrq-trigger
