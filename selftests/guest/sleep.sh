# SPDX-License-Identifier: GPL-2.0
# sleep.sh - suspend to RAM, for tests with  machine: pc  and  append: tsc=unstable
#
# On q35 QEMU's chipset forgets where its power registers are: the second suspend is none,
# and no power-off works. Its time-stamp counter makes TCG's kernel die of a static key.

# nap - sleep, and be woken up by the host as soon as the machine sleeps. What was said by
# host asleep is done before that.
nap() {
	host asleep qmp system_wakeup && echo mem >/sys/power/state && host wait WAKEUP 1 >/dev/null
}
