# SPDX-License-Identifier: GPL-2.0
# claim=: taken from the in-tree driver on request only, never while in use, and
# given back in working order.
# needs: ccw disks=2
# modules: virtio_blk ext4
# time: 25
. /bed/ktap.sh
. /bed/tests/ccw/lib/ccw.sh
plan 20

a=$(address disk0) b=$(address disk1)
modprobe virtio_blk
modprobe ext4
wait_for 10 in_tree_disk "$a" && wait_for 10 in_tree_disk "$b" || exit
disk=$(in_tree_disk "$a")
fill "$disk" one 2 && mkfs.ext4 -q "$(in_tree_disk "$b")"

modprobe virtbus_ccw
is "without claim nothing changes" "$(driver_of "$a") $(driver_of "$b")" "virtio_ccw virtio_ccw"
claim() { echo "$1" >$CLAIM; }
host qmp device_add '{"driver": "virtio-rng-ccw", "id": "rng0", "devno": "fe.0.3000"}' >/dev/null
at_exit "host qmp device_del '{\"id\": \"rng0\"}' >/dev/null"
wait_for 10 in_tree 0.0.3000
refuse "nothing is taken that nobody of ours can drive" "No such device" claim 0.0.3000
expect "it stays where it was" in_tree 0.0.3000

mount "$(in_tree_disk "$b")" /mnt
refuse "a mounted disk is not taken" "busy" claim "$b"
expect "it is still mounted and works" sh -c 'echo x >/mnt/x && sync'
expect "the log says why" sh -c 'dmesg | grep -q "not claimed: its disk .* in use"'
umount /mnt
exec 5<"$disk"
refuse "an open disk is not taken" "busy" claim "$a"
exec 5<&-
refuse "nonsense is refused" "nvalid" claim "0.0.10000"
expect "a range takes both" claim "$a-$b"
expect "both are disks of ours" test "$(driver_of "$a") $(driver_of "$b")" = "virtbus_ccw virtbus_ccw"
expect "the data is there" holds "/dev/$(name_of "$a")" one 2
expect "the file is there" sh -c 'mount /dev/ubd1 /mnt && cat /mnt/x; umount /mnt'

echo "$a" >$OURS/unbind
expect "unbound it goes back to the in-tree driver" wait_for 20 in_tree_disk "$a"
expect "and its data is there" holds "$(in_tree_disk "$a")" one 2
expect "it can be claimed again" claim "$a-$b"
# it is still on its way back when it is asked for again
unbind_claim() { echo "$a" >$OURS/unbind && claim "$a-$b" && connected "$a"; }
expect "at once, too" unbind_claim
# it may be back, or not yet, when it is bound again: either is fine, it is still
# given back in the end
settled() { connected "$a" || in_tree_disk "$a"; }
echo "$a" >$OURS/unbind
echo "$a" 2>/dev/null >$OURS/bind
expect "bound at once it is in good hands" wait_for 20 settled
expect "and can be claimed whoever has it" claim "$a-$b"
# what is open keeps the module
exec 5</dev/ubd0
refuse "the module stays while a disk is open" "" rmmod virtbus_ccw
exec 5<&-
unload
expect "unloaded it gives everything back" sh -c "
	. /bed/tests/ccw/lib/ccw.sh
	for _i in \$(seq 100); do
		in_tree_disk $a && in_tree_disk $b && exit; usleep 100000; done; exit 1"
