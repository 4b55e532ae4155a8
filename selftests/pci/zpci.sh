# SPDX-License-Identifier: GPL-2.0
# PCI on s390x (zPCI): each function is a domain, and its slot can be switched off and on.
# needs: free pci
# machine: zpci
# time: 30
. /bed/ktap.sh
. /bed/disk.sh
plan 9

start
plug one 16M
at=$(host address one)
is "a disk is a function" "$(attr "$N" spec)" "$N=pci,$at"
expect "the only one in its domain" test "$(ls -d /sys/bus/pci/devices/"${at%%:*}":* | wc -l)" = 1
fill "$N" 4
expect "it works" holds "$N" 4
is "it calls by MSI" "$(grep -c "PCI-MSI.* $N-" /proc/interrupts)" "$(($(ls -d "$BUS/$N"/queue* | wc -l) + 1))"

slot=$(dirname "$(grep -lx "${at%.*}" /sys/bus/pci/slots/*/address)")
expect "its slot has power" test -e $slot/power -a "$(cat $slot/power)" = 1
echo 0 >$slot/power
expect "switched off, it is gone" wait_for 10 gone "$N"
echo 1 >$slot/power
expect "switched on, it is back" wait_for 15 is_disk "$N"
expect "with its data" holds "$N" 4
host unplug one
expect "the host can take it" wait_for 10 gone "$N"
