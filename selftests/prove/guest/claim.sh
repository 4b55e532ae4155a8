# SPDX-License-Identifier: GPL-2.0
# in-tree -> virtbus -> in-tree -> virtbus, with data written by one and read by
# the other at each step; a disk that was there at boot, and one plugged in later.
# needs: disks=1
# modules: virtio_pci virtio_blk ext4
# lane: A
# time: 600
. /bed/tests/guest/lib/prove.sh
plan 15
: "${ROUNDS:=50}"
A=$(address disk0) hops=0
modprobe virtio_pci 2>/dev/null
modprobe virtio_blk
modprobe ext4

arrives() { wait_for 20 "$1" "$2" && holds "$(disk_at "$2")" && fill "$(disk_at "$2")" && holds "$(disk_at "$2")" && hops=$((hops + 1)); }
claim() { echo "$1" >$CLAIM && arrives ours "$1"; }
give_back() { echo "$1" >$OURS/unbind && arrives theirs "$1"; }
round() { claim "$1" && give_back "$1" && claim "$1" && give_back "$1"; }
rounds() {
	_r=0
	while [ $_r -lt "$ROUNDS" ]; do
		_r=$((_r + 1))
		"$@" || { echo "in round $_r"; return 1; }
	done
}

wait_for 20 theirs "$A"
expect "at boot the in-tree driver has it, and it works" fill "$(disk_at "$A")"
modprobe virtbus_blk
expect "a claim at load takes it" modprobe $GLUE claim="$A"
expect "its data are right" arrives ours "$A"
links
expect "unbound it is the in-tree driver's again" give_back "$A"
expect "$ROUNDS rounds of a disk that was there at boot" rounds round "$A"

D=$(disk_at "$A")
mkfs.ext4 -q "$D" && mount "$D" /mnt && echo kept >/mnt/f && sync
mark_log
refuse "a mounted disk is not taken" "busy" sh -c "echo $A >$CLAIM"
expect "the log says why" logged "$A: not claimed: its disk ${D#/dev/} is in use \(mounted"
tell "refused while mounted: $(logged 'not claimed')"
expect "it stays with the in-tree driver" driven_by "$IN_TREE" "$A"
is "and works" "$(cat /mnt/f)" kept
umount /mnt
echo >$CLAIM

# plugged in: first the in-tree driver's, or claimed before it came
host disk hot 16M
hot_round() {
	if [ $((_r % 2)) = 1 ]; then
		echo >$CLAIM
		H=$(host plug hot) && wait_for 20 theirs "$H" && fill "$(disk_at "$H")" && round "$H" || return
	else
		echo "$H" >$CLAIM
		host plug hot >/dev/null && arrives ours "$H" && give_back "$H" && claim "$H" || return
	fi
	host unplug hot 30 >/dev/null && wait_for 20 test ! -e "$PARENTS/devices/$H"
}
expect "$ROUNDS rounds of a disk that is plugged in" rounds hot_round
tell "$hops times it changed hands; 1 MB written by the last driver was read by the next, each time"

echo "$A" >$CLAIM
wait_for 20 ours "$A"
D=$(disk_at "$A")
expect "claimed once more its file system is mounted" mount -t ext4 "$D" /mnt
is "the file is there" "$(cat /mnt/f)" kept
umount /mnt
expect "the log holds no complaint" sh -c "! dmesg | grep -E 'Buffer I/O|I/O error|not given back'"
expect "unloading gives it back" unload
expect "the in-tree driver works with it" wait_for 20 theirs "$A"
