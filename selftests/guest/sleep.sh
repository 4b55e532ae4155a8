# SPDX-License-Identifier: GPL-2.0
# sleep.sh - suspend to RAM, and hibernation; for tests with  append: tsc=unstable
#
# They sleep on  machine: pc.  On q35 QEMU's chipset forgets where its power registers are:
# the second suspend is none, and no power-off works. Its time-stamp counter makes TCG's
# kernel die of a static key.

# nap - sleep, and be woken up by the host as soon as the machine sleeps. What was said by
# host asleep is done before that.
nap() {
	host asleep qmp system_wakeup && echo mem >/sys/power/state && host wait WAKEUP 1 >/dev/null
}

# hibernation_to DISK - the machine's memory goes there, it boots anew (with  append: bed.resume
# it looks there, resume.sh), and goes on
hibernation_to() {
	mkswap "/dev/$1" >/dev/null && swapon "/dev/$1" || return
	at_exit "swapoff /dev/$1 2>/dev/null"
	cat "/sys/block/$1/dev" >/sys/power/resume
	echo reboot >/sys/power/disk
	host qmp set-action '{"reboot": "reset"}' >/dev/null
	at_exit "host qmp set-action '{\"reboot\": \"shutdown\"}' >/dev/null"
}
