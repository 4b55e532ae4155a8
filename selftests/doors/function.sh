# SPDX-License-Identifier: GPL-2.0
# The glue is asked to let go of the function of a device: "unbind" of its driver.
# needs: free net disks=1
# qemu: -netdev user,id=cold -device virtio-net,netdev=cold,id=coldnet -device virtio-serial,id=coldcon -chardev null,id=sink -device virtconsole,chardev=sink,bus=coldcon.0
# time: 120
. /bed/tests/doors/lib/doors.sh
plan $((6 * ROW + 3))

DOOR="unbind of its function"
knock() { echo "$A" >"$OURS/unbind"; }
again() { echo "$A" >"$OURS/bind" && wait_for 20 bound "$N"; }
begin
table cold hot

kind=disk N=ubd0 A=$(address disk0)
disk_use
refuse "unbind wants a function of its driver" "No such device" sh -c "echo 0000:00:00.0 >$OURS/unbind"
expect "with force it is unbound in use" sh -c "echo $A force >$OURS/unbind"
disk_leave
again
