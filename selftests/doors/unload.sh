# SPDX-License-Identifier: GPL-2.0
# Modules stay while a device of theirs is in use: those of drivers, and those of glues.
# needs: free loop net disks=1
# qemu: -netdev user,id=cold -device virtio-net,netdev=cold,id=coldnet -device virtio-serial,id=coldcon -chardev null,id=sink -device virtconsole,chardev=sink,bus=coldcon.0
# time: 240
. /bed/tests/doors/lib/doors.sh
plan $((18 * ROW + 2))

# the kernel refuses by itself, and tells nobody
DOOR=
driver_of() { if [ $kind = disk ]; then echo virtbus_blk; else echo virtbus_$kind; fi; }
glue_of() { if [ $birth = loop ]; then echo virtbus_loop; else machine_glue; fi; }
module() { driver_of; }
knock() { rmmod "$(module)"; }
again() { modprobe "$(module)" && came_again; }
came_again() { [ $birth = loop ] && ! [ -e "$BUS/$N" ] && config "$SPEC" || wait_for 20 bound "$N"; }
begin
table loop cold hot
module() { glue_of; }
table loop cold hot
