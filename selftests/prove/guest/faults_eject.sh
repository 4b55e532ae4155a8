# SPDX-License-Identifier: GPL-2.0
# The host asks for a disk (device_del) while an allocation of who answers it fails, one after the
# other: the disk goes, or stays and works. Asked again it goes.
# needs: free pci
# arch: x86_64
# lane: B
# append: slub_debug=A;-,ftrace_event_field,kmemleak_object,kmemleak_scan_area,debug_objects_cache,Acpi-*
# time: 300
. /bed/disk.sh
. /bed/tests/guest/lib/prove.sh
. /bed/tests/guest/lib/faults.sh
plan 3
load virtbus_blk && load $GLUE
host disk hot 16M

# The kernel answers in one of these; in which one it does not say
workers() {
	for _p in /proc/[0-9]*; do
		{ read -r _comm <"$_p/comm"; } 2>/dev/null || continue
		case $_comm in kworker/u*) echo "$_p" ;; esac
	done
}
arm() { for _p in $armed; do echo "$1" >"$_p/fail-nth"; done 2>/dev/null; }
# struck - it has failed
struck() {
	for _p in $armed; do
		! { read -r _nth <"$_p/fail-nth"; } 2>/dev/null || [ "$_nth" != 0 ] || return 0
	done
	return 1
}
opens() { dd if="/dev/$N" of=/dev/null bs=4k count=1 iflag=direct; }
stays_or_goes() { [ ! -e "$BUS/$N" ] || logged "$SAYS" >/dev/null; }
# QEMU asks once in five seconds
ask() { wait_for 8 host qmp device_del '{"id": "hot"}' >/dev/null; }
given() { host wait DEVICE_DELETED "$1" device=hot >/dev/null && host freed hot; }

# round N - the N-th fails; over when ours has gone without so many
SAYS="virtbus_pci .*: the host wants it back, and does not get it: out of memory"
ours=0 stays=0 goes=0 over=
round() {
	host plug hot >/dev/null && wait_for 20 plugged hot || { echo "it does not come"; return 1; }
	N=$(bus_name hot) armed=$(workers)
	mark_log
	arm "$1"
	ask && wait_for 5 stays_or_goes
	struck || over=1
	arm 0
	if [ -e "$BUS/$N" ]; then
		stays=$((stays + 1))
		! logged "$SAYS" || ours=$((ours + 1))
		wait_for 5 opens || { echo "it stays, and does not work"; return 1; }
		ask
	else
		goes=$((goes + 1))
		# no memory for the interpreter of ACPI: the host does not have it back
		! given 5 || return 0
		ask
	fi
	given $((10 * BED_SLOW)) || { echo "asked again it does not go"; return 1; }
}
each() {
	n=0
	until [ "$over" ]; do
		n=$((n + 1))
		round $n || { echo "allocation $n"; return 1; }
	done
}
expect "whichever fails, it goes or stays" each
ALL=$((n - 1))
tell "device_del: it went $goes times, and stayed $stays times"
expect "where it was ours it stayed, and the log says why" test "$ours" -gt 0
still_looks
