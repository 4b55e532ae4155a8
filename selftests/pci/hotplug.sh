# SPDX-License-Identifier: GPL-2.0
# Disks come and go behind a root port: idle ones, and one that is being read.
# needs: free pci
# time: 60
. /bed/ktap.sh
. /bed/tests/pci/lib/pci.sh
. /bed/disk.sh
plan 7
load
host disk comes 16M

come_and_go() {
	_a=$(host plug comes) || return
	wait_for 40 has_disk "$_a" || return
	same_bytes "$(disk_at "$_a")" || return
	host unplug comes >/dev/null || return
	wait_for 40 test ! -e "$PCI/devices/$_a"
}
for i in 1 2; do
	expect "round $i: it comes, works and goes" come_and_go
done

A=$(host plug comes)
wait_for 40 has_disk "$A"
N=$(name_at "$A")
dd if="$(disk_at "$A")" of=/dev/null bs=4k iflag=direct 2>/run/dd &
by_force comes
host unplug comes >/dev/null
expect "a disk that is being read goes by force" wait_for 40 test ! -e $BUS/$N
wait $! 2>/dev/null
expect "its reader has ended" test ! -d /proc/$!

A=$(host plug comes)
wait_for 40 has_disk "$A"
N=$(name_at "$A")
echo 1 >$PCI/devices/$A/remove
expect "sysfs removes a function" test ! -e $BUS/$N
echo 1 >$PCI/rescan
expect "a rescan finds it again" wait_for 40 has_disk "$A"
expect "it works" same_bytes "$(disk_at "$A")"
