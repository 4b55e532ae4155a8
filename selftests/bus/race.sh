# SPDX-License-Identifier: GPL-2.0
# Several shells bind, unbind, make, remove, open and read at the same time.
# needs: loop disks=1
# time: 10
. /bed/ktap.sh
. /bed/disk.sh
plan 5

start
D=$(bus_name disk0)
S=$(attr "$D" spec)
# for a few seconds; what comes too late or finds nothing fails, and may
while_up() {
	_until=$(($(tenths) + 40))
	while [ "$(tenths)" -lt $_until ]; do "$@"; done >/dev/null 2>&1
}
binding() { unbind $1; bind $1; }
making() { echo "$1" >/sys/bus/virtbus/config; usleep 20000; }
removing() { usleep 30000; remove $1 force; }
asking() { remove $1; }
reading() { dd if=/dev/$1 of=/dev/null bs=64k count=8; cat $BUS/$1/*; cat $BUS/$1/queue*/*; }
faulting() { usleep 50000; fault $1 needs-reset; }

pids=
for job in "binding ubd5" "binding ubd5" "making ubd5=ram,1M" "removing ubd5" "asking ubd5" \
	"reading ubd5" "faulting ubd5" "binding $D" "making $S" "removing $D" "reading $D"; do
	while_up $job & pids="$pids $!"
done
expect "all of them come to an end" wait_for 30 ended $pids
remove ubd5 force 2>/dev/null
expect "a device can be made" ram ubd5 1M
remove "$D" force 2>/dev/null
expect "the machine's disk, too" sh -c "echo $S >/sys/bus/virtbus/config"
fill ubd5 1; fill "$D" 1
expect "they work" holds ubd5 1
expect "both of them" holds "$D" 1
