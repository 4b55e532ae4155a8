# SPDX-License-Identifier: GPL-2.0
# What somebody uses is not taken: mounted, open, or driven by a third driver.
# needs: pci disks=1
# modules: virtio_pci virtio_blk ext4
. /bed/ktap.sh
. /bed/tests/pci/lib/pci.sh
plan 13
A=$(address disk0)
modprobe virtio_pci; modprobe virtio_blk
wait_for 5 has_disk "$A"
D=$(disk_at "$A")
load
claim() { echo "$A" >$CLAIM; }
refused() { mark_log; refuse "$1" . claim; expect "the log says who uses it" says "$A: not claimed: $2"; }

mkfs.ext4 -q "$D" && mount -t ext4 "$D" /mnt && echo hello >/mnt/f
refused "a mounted disk is refused" "its disk ${D#/dev/} is in use"
expect "it stays with the in-tree driver" driven_by virtio-pci "$A"
expect "and in use" grep -q hello /mnt/f
mark_log
refuse "a spec for it is refused, too" . sh -c "echo ubd5=pci,$A >/sys/bus/virtbus/config"
expect "and says the same" says "ubd5=pci,$A: its disk ${D#/dev/} is in use"
umount /mnt

exec 7<"$D"
refused "an open disk is refused" "its disk ${D#/dev/} is opened 1 time"
exec 7<&-

unload
mark_log
rm -f /run/x; mount -t ext4 "$D" /mnt
expect "loading with a claim goes on without it" load virtbus_pci claim=all
modprobe virtbus_blk
expect "it stays where it is" driven_by virtio-pci "$A"
expect "and the log says so" says "$A: not claimed:"
umount /mnt
claim
expect "when it is free it is taken" driven_by virtbus_pci "$A"
wait_for 5 has_disk "$A"
mount -t ext4 "$(disk_at "$A")" /mnt
is "with its files" "$(cat /mnt/f)" hello
umount /mnt
