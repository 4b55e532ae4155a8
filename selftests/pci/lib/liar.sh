# SPDX-License-Identifier: GPL-2.0
# liar.sh - words for disks that lie (bed/hostliar.py); after pci.sh

# plug [lie=WHAT] - a lying disk; sets A to its address, N to its name
plug() {
	A=$(host liar l blk "$@") && wait_for 40 has_disk "$A" && N=$(name_at "$A")
}
unplug() { host unliar l 30 && wait_for 20 test ! -e "$PCI/devices/$A"; }
told() { host lies l | cut -d' ' -f1; }

works() { same_bytes "/dev/$N"; }
holds() { keeps_bytes "/dev/$N"; }
one_read() { dd if="/dev/$N" of=/dev/null bs=4k count=1 iflag=direct 2>&1; }

# breaks LIE REASON - 3 points: one lie makes the device Broken for REASON, and another
# one in its place works
breaks() {
	host lie l "$1" 1
	refuse "$1: the request fails" "" one_read
	expect "$1: Broken, for a reason" wait_for 10 sh -c "grep -E '$2' $BUS/$N/error && grep Broken $BUS/$N/state"
	unplug
	plug
	expect "$1: another one in its place works" works
}
