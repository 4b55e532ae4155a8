# SPDX-License-Identifier: GPL-2.0
# A channel device that is claimed becomes a disk, goes offline and comes back.
# needs: ccw disks=2
# time: 10
. /bed/ktap.sh
. /bed/tests/ccw/lib/ccw.sh
plan 13

modprobe virtbus_blk
a=$(address disk0) b=$(address disk1)
expect "the in-tree driver has the devices first" wait_for 10 in_tree "$a"
expect "the glue loads" modprobe virtbus_ccw claim="$a"
is "the claimed device is ours" "$(driver_of "$a")" virtbus_ccw
is "the other one stays where it was" "$(driver_of "$b")" virtio_ccw
expect "it is connected as soon as the module is loaded" connected "$a"
is "its spec names it" "$(attr ubd0 spec)" "ubd0=ccw,$a"

expect "data can be written" fill /dev/ubd0 one 8
expect "and read back" holds /dev/ubd0 one 8
echo 0 >$CCW/devices/$a/online
is "offline takes the disk away" "$(name_of "$a")" ""
echo 1 >$CCW/devices/$a/online
expect "online brings it back" connected "$a"
expect "the data is still there" holds /dev/ubd0 one 8
host resize disk0 100663296
becomes "a new size arrives" 5 100663296 blockdev --getsize64 /dev/ubd0
is "interrupts are adapter interrupts" "$([ "$(irqs VAI)" -gt 100 ] || irqs VAI)" ""
