# SPDX-License-Identifier: GPL-2.0
# Specs give functions their names: when the module loads, and later.
# needs: free pci disks=3
. /bed/ktap.sh
. /bed/tests/pci/lib/pci.sh
plan 21
A=$(address disk0) B=$(address disk1) C=$(address disk2)
spec() { echo "$1" >/sys/bus/virtbus/config; }
refused() { mark_log; refuse "$1" . spec "$2"; expect "and the log says why" says "$3"; }

mark_log
refuse "a wrong spec makes the load fail" . load virtbus_pci config=ubd-root=pci,0000:ff:1f.7
expect "in one line" says "config=ubd-root=pci,0000:ff:1f.7: no PCI function has the address"
expect "nothing is left of the module" test ! -e /sys/module/virtbus_pci
expect "nothing is left bound" driven_by none "$A"

expect "names are given at load" load virtbus_pci config=ubd-root=pci,$C config=ubd0=pci,$B
modprobe virtbus_blk
is "by address, the others in order" "$(name_at "$A") $(name_at "$B") $(name_at "$C")" \
	"ubd1 ubd0 ubd-root"
expect "the named disk works" same_bytes "$(disk_of ubd-root)"

refused "a name that is taken is refused" "ubd0=pci,$C" "is ubd-root already"
refused "so is a function that does not exist" ubd9=pci,0000:00:1e.6 "no PCI function"
refused "and text that is no address" ubd9=pci,3 "the address of one function"
refused "and a key that nobody reads" "ubd9=pci,$A,size=4" "size"

echo 1 >$BUS/ubd-root/remove
expect "a removed device is gone" test ! -e $BUS/ubd-root
expect "its function stays with us" driven_by virtbus_pci "$C"
spec ubd0=pci,$C 2>/dev/null
expect "a taken name does not hurt the idle function" test ! -e "$PCI/devices/$C/ubd0"
spec ubd7=pci,$C
is "it comes back under another name" "$(name_at "$C")" ubd7
wait_for 5 has_disk "$C"
expect "with its data" keeps_bytes "$(disk_of ubd7)"

echo "$C" >$OURS/unbind
spec ubd8=pci,$C
is "a function that nobody drives is bound by its spec" "$(name_at "$C")" ubd8
