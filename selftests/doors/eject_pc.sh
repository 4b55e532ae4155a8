# SPDX-License-Identifier: GPL-2.0
# The host asks for a device by ACPI (device_del) on -M pc. In lane B without kmemleak: each device
# that is plugged in evaluates the firmware's _PRT, which then takes longer than the 30 s that the
# kernel gives it.
# needs: free pci net disks=1
# arch: x86_64
# machine: pc
# append: B:kmemleak=off
# qemu: -netdev user,id=cold -device virtio-net,netdev=cold,id=coldnet -device virtio-serial,id=coldcon -chardev null,id=sink -device virtconsole,chardev=sink,bus=coldcon.0
# time: 240
. /bed/tests/doors/lib/eject.sh
plan $((6 * ROW + 1))

begin
table hot cold
