# SPDX-License-Identifier: GPL-2.0
# Its driver is asked to let go of a device: "unbind" of the drivers of the bus.
# needs: free loop net disks=1
# qemu: -netdev user,id=cold -device virtio-net,netdev=cold,id=coldnet -device virtio-serial,id=coldcon -chardev null,id=sink -device virtconsole,chardev=sink,bus=coldcon.0
# time: 120
. /bed/tests/doors/lib/doors.sh
plan $((9 * ROW + 3))

DOOR=unbind
driver() { if [ $kind = disk ]; then echo /sys/bus/virtbus/drivers/virtbus_blk; else echo /sys/bus/virtbus/drivers/virtbus_$kind; fi; }
knock() { echo "$N" >"$(driver)/unbind"; }
again() { echo "$N" >"$(driver)/bind"; }
begin
table loop cold hot

kind=disk N=ubd0
disk_use
refuse "a word that is not force changes nothing" "Invalid argument" sh -c "echo ubd0 please >$(driver)/unbind"
expect "with force it is unbound in use" sh -c "echo ubd0 force >$(driver)/unbind"
disk_leave
again
