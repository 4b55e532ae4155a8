# SPDX-License-Identifier: GPL-2.0
# A channel device is asked to go offline.
# needs: free ccw net disks=1
# qemu: -netdev user,id=cold -device virtio-net,netdev=cold,id=coldnet -device virtio-serial,id=coldcon -chardev null,id=sink -device virtconsole,chardev=sink,bus=coldcon.0
# time: 120
. /bed/tests/doors/lib/doors.sh
plan $((6 * ROW + 1))

DOOR=online
knock() { echo 0 >"/sys/bus/ccw/devices/$A/online"; }
again() { echo 1 >"/sys/bus/ccw/devices/$A/online" && wait_for 20 bound "$N"; }
begin
table cold hot
