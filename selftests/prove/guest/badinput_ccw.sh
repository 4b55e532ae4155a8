# SPDX-License-Identifier: GPL-2.0
# Channel devices that cannot be driven, and claims that cannot be.
# needs: ccw disks=1
# qemu: -chardev null,id=t -device x-terminal3270,chardev=t,devno=fe.0.2000
# time: 30
. /bed/tests/guest/lib/prove.sh
. /bed/tests/guest/lib/bad.sh
plan 9
A=$(address disk0)
load
wait_for 20 driven_by virtio_ccw "$A"
host disk old 16M
LEGACY=$(host plug old max_revision=0)
wait_for 20 driven_by virtio_ccw "$LEGACY"
sleep 1
bad "a device that is not virtio" "not a virtio device: its control unit type is 3270, not 3832" spec ubd9=ccw,0.0.2000
bad "a legacy-only device" "legacy virtio device: remove max_revision=0 on the host" spec "ubd9=ccw,$LEGACY"
bad "a device that is not there" "there is no channel device 0.0.beef: see /sys/bus/ccw/devices" spec ubd9=ccw,0.0.beef
bad "an address that is none" "ccw wants one address: ubd9=ccw,0.0.1000" spec ubd9=ccw,1000
bad "a claim that is none" "claim=0.0.10000 is wrong: give addresses .0.0.1000." sh -c "echo 0.0.10000 >$CLAIM"
modprobe -r virtbus_blk
mv "/lib/modules/$(uname -r)/virtbus/virtbus_blk.ko" /run/kept.ko
bad "a claim without the driver's module" "no virtbus driver for this kind of device .*load it first" sh -c "echo $A >$CLAIM"
expect "it stays with the in-tree driver" driven_by virtio_ccw "$A"
mv /run/kept.ko "/lib/modules/$(uname -r)/virtbus/virtbus_blk.ko"
expect "with the module it is taken" sh -c "modprobe virtbus_blk; echo $A >$CLAIM"
expect "and works" wait_for 20 ours "$A"
