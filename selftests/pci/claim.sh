# SPDX-License-Identifier: GPL-2.0
# A disk goes from the in-tree driver to ours and back, with its data, again and again.
# needs: pci disks=2
# modules: virtio_pci virtio_blk
# qemu: -device virtio-rng-pci,addr=0x9
# time: 60
. /bed/ktap.sh
. /bed/tests/pci/lib/pci.sh
plan 27
A=$(address disk0) B=$(address disk1) RNG=0000:00:09.0
# on s390x each function is a domain of its own, and those of the head come first
[ "$BED_ARCH" != s390x ] || RNG=0001:00:00.0
modprobe virtio_pci; modprobe virtio_blk
wait_for 5 has_disk "$A"
load
expect "loading takes nothing" driven_by virtio-pci "$A"
expect "what is in use by the in-tree driver works" same_bytes "$(disk_at "$A")"

mark_log
echo "$A" >$CLAIM
expect "a claim takes the disk" driven_by virtbus_pci "$A"
expect "the log says from whom" says "$A: taken from virtio-pci"
expect "only that one" driven_by virtio-pci "$B"
wait_for 5 has_disk "$A"
expect "with its data" keeps_bytes "$(disk_at "$A")"
is "reading the parameter says what is claimed" "$(cat $CLAIM)" "$A"
refuse "a spec that cannot be honoured is refused" . \
	sh -c "echo $(name_at "$A")=pci,$B >/sys/bus/virtbus/config"
expect "and gives the disk back" wait_for 10 driven_by virtio-pci "$B"
expect "which works again" wait_for 5 has_disk "$B"
expect "a spec is a claim, too" sh -c "echo ubd-two=pci,$B >/sys/bus/virtbus/config"
is "with a name" "$(name_at "$B")" ubd-two

echo "$A" >$OURS/unbind
expect "unbinding gives it back" wait_for 10 driven_by virtio-pci "$A"
wait_for 5 has_disk "$A"
expect "the in-tree driver finds the data" keeps_bytes "$(disk_at "$A")"

round() {
	echo "$A" >$CLAIM && driven_by virtbus_pci "$A" && wait_for 5 has_disk "$A" || return
	same_bytes "$(disk_at "$A")" || return
	echo "$A" >$OURS/unbind && wait_for 10 driven_by virtio-pci "$A" || return
	wait_for 5 has_disk "$A" && keeps_bytes "$(disk_at "$A")"
}
rounds() { for _r in 1 2 3 4 5 6 7 8 9 10; do round || return; done; }
expect "ten times more" rounds

mark_log
expect "all is all that there is a driver for" sh -c "echo all >$CLAIM"
expect "the disk is taken" driven_by virtbus_pci "$A"
expect "a device of another kind is not" driven_by virtio-pci $RNG
expect "and the log says why" says "$RNG: not claimed: no virtbus driver for this kind"
refuse "by its address it is refused" . sh -c "echo $RNG >$CLAIM"
refuse "nonsense is refused" . sh -c "echo 0000:00:zz.0 >$CLAIM"
is "and changes nothing" "$(cat $CLAIM)" $RNG

echo "$A" >$OURS/unbind
wait_for 10 driven_by virtio-pci "$A"
echo "$A" >$THEIRS/unbind
echo "$A" >$OURS/bind
echo "$A" >$OURS/unbind
usleep 300000
expect "what was never claimed is not given back" driven_by none "$A"
echo "$A-$B" >$CLAIM
is "a claim takes what nobody drives" "$(driver_of "$A") $(driver_of "$B")" "virtbus_pci virtbus_pci"
echo "" >$CLAIM
unload
expect "unloading gives back what was taken" wait_for 10 driven_by virtio-pci "$B"
wait_for 5 has_disk "$B"
expect "and it works" same_bytes "$(disk_at "$B")"
expect "nothing is held of the disks that were taken" rmmod virtio_blk
