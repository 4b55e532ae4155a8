# SPDX-License-Identifier: GPL-2.0
# The machine hibernates, ROUNDS times, at work: each time its memory goes to one of our
# disks, another boot of the kernel finds it there, and it goes on.
# needs: pci free fio net disks=64M,512M
# append: bed.resume tsc=unstable
# lane: A
# time: 300
. /bed/tests/guest/lib/power.sh
. /bed/sleep.sh
plan 6

work_begin
S=$(bus_name disk1)
hibernation_to "$S"
# that there was another boot is what the host says
hibernate() { echo disk >/sys/power/state && host wait RESET 1 guest=True; }
expect "it hibernates and comes back $ROUNDS times" again "$ROUNDS" hibernate
work_end
tell "hibernated and came back $ROUNDS times"
