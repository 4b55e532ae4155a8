# SPDX-License-Identifier: GPL-2.0
# A device is asked to go by its name: "remove".
# needs: free loop net disks=1
# qemu: -netdev user,id=cold -device virtio-net,netdev=cold,id=coldnet -device virtio-serial,id=coldcon -chardev null,id=sink -device virtconsole,chardev=sink,bus=coldcon.0
# time: 120
. /bed/tests/doors/lib/doors.sh
plan $((9 * ROW + 1))

DOOR=remove
knock() { echo 1 >"$BUS/$N/remove"; }
again() { config "$SPEC"; }
begin
table loop cold hot
