# SPDX-License-Identifier: GPL-2.0
# The host asks for a device by ACPI (device_del).
# needs: free pci net disks=1
# arch: x86_64
# qemu: -netdev user,id=cold -device virtio-net,netdev=cold,id=coldnet,bus=rp6 -device virtio-serial,id=coldcon,bus=rp7 -chardev null,id=sink -device virtconsole,chardev=sink,bus=coldcon.0
# time: 240
. /bed/tests/doors/lib/eject.sh
plan $((6 * ROW + 1))

begin
table hot cold
