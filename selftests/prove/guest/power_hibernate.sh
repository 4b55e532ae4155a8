# SPDX-License-Identifier: GPL-2.0
# The machine hibernates, ROUNDS times, at work: each time its memory goes to one of our
# disks, another boot of the kernel finds it there, and it goes on.
# needs: pci free fio net disks=64M,512M
# append: bed.resume tsc=unstable
# lane: A
# time: 300
. /bed/tests/guest/lib/prove.sh
. /bed/disk.sh
. /bed/net.sh
. /bed/tests/guest/lib/hotplug.sh
. /bed/tests/guest/lib/power.sh
plan 6

work_begin
S=$(bus_name disk1)
mkswap "/dev/$S" >/dev/null && swapon "/dev/$S"
at_exit "swapoff /dev/$S 2>/dev/null"
cat "/sys/block/$S/dev" >/sys/power/resume
echo reboot >/sys/power/disk
host qmp set-action '{"reboot": "reset"}' >/dev/null
at_exit "host qmp set-action '{\"reboot\": \"shutdown\"}' >/dev/null"
# that there was another boot is what the host says
hibernate() { echo disk >/sys/power/state && host wait RESET 1 guest=True; }
expect "it hibernates and comes back $ROUNDS times" again "$ROUNDS" hibernate
work_end
tell "hibernated and came back $ROUNDS times"
