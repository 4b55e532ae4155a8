# SPDX-License-Identifier: GPL-2.0
# The machine sleeps to RAM, ROUNDS times, at work.
# needs: pci free fio net disks=64M
# machine: pc
# append: tsc=unstable
# lane: A
# time: 120
. /bed/tests/guest/lib/power.sh
. /bed/sleep.sh
plan 6

work_begin
expect "it sleeps and wakes up $ROUNDS times" again "$ROUNDS" nap
work_end
tell "slept and woke up $ROUNDS times"
