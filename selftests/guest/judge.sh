# SPDX-License-Identifier: GPL-2.0
# judge.sh - is the kernel still sound?  Sourced by init.

# What no test may cause, in the words of the kernels that the bed boots.
bad='WARNING: |BUG[: ]|Oops|Call Trace|KASAN|UBSAN|KCSAN'
bad="$bad|possible circular|possible recursive|possible irq lock|inconsistent lock"
bad="$bad|suspicious RCU|bad unlock balance|still has locks held|held lock freed"
bad="$bad|INFO: task .* blocked|detected stall|self-detected|soft lockup|hard LOCKUP"
bad="$bad|general protection|unable to handle|refcount_t|Bad page|list_(add|del) corruption"
bad="$bad|still in use|tried to (add|init)|cannot create duplicate|Objects remaining"
bad="$bad|sleeping function|scheduling while atomic|nobody cared|double free|workqueue leaked"

lsmod_names() { cut -d' ' -f1 /proc/modules; }

# log_mark TEXT - what comes later in the kernel's log belongs to TEXT
log_mark() { echo "virtbus bed: $*" >/dev/kmsg; }

# log - the kernel's
log() { if [ -e /sys/kernel/debug/kcsan ]; then dmesg | awk -f /bed/races.awk; else dmesg; fi | awk -f /bed/dumps.awk; }

# log_bad - bad lines of the kernel's log since the last mark
log_bad() {
	log | awk 'index($0, "virtbus bed: ") { n = 0 } { l[n++] = $0 }
		END { for (i = 0; i < n; i++) print l[i] }' | grep -E -e "$bad"
}

# log_check - false, with the lines, when something bad was logged
log_check() {
	log_bad >/run/bad
	[ -s /run/bad ] || return 0
	ctl "# the kernel complained:"
	head -n 12 /run/bad | while read -r l; do ctl "# | $l"; done
	return 1
}

# tidy_up - take away what a test file left; false when something of ours stays
tidy_up() {
	awk '$1 ~ "^/dev/" && $2 != "/" { print $2 }' /proc/mounts | while read -r m; do
		ctl "# left mounted: $m"
		umount -l "$m"
	done
	awk 'NR > 1 { print $1 }' /proc/swaps 2>/dev/null | while read -r s; do
		ctl "# left as swap: $s"
		swapoff "$s"
	done
	# an interface that is up is in use, whatever its namespace
	for i in /sys/bus/virtbus/drivers/virtbus_net/*; do
		[ ! -e "$i/state" ] || echo "${i##*/} force" >/sys/bus/virtbus/drivers/virtbus_net/unbind
	done
	# until nothing is left, or what is left stays: who was killed may still be
	# busy with its last request
	_patience=8
	while [ $_patience -gt 0 ]; do
		_again=0 _stays=0
		for m in $(lsmod_names); do
			case " $lsmod_before " in
			*" $m "*) continue ;;
			esac
			if rmmod "$m" 2>/run/rmmod.err; then
				_again=1
			elif grep -qxF "$m" /bed/modules; then
				_stays=1
			fi
		done
		[ $_again = 0 ] || continue
		[ $_stays = 1 ] || break
		_patience=$((_patience - 1))
		usleep 250000
	done
	left=$(lsmod_names | grep -x -F -f /bed/modules)
	[ -z "$left" ] && return 0
	ctl "# modules that cannot be unloaded: $(echo $left) ($(cat /run/rmmod.err))"
	return 1
}

# point TEXT COMMAND.. - one point of the verdict
point() {
	_n=$((_n + 1)) _d=$1; shift
	if "$@"; then
		ctl "    ok $_n $_d"
	else
		ctl "    not ok $_n $_d"
		_bad=1
	fi
}

# Only "out of tree" and "unsigned" (bits 12 and 13) may taint the kernel, and KUnit
# by running tests (bit 18).
taint_check() {
	_t=$(cat /proc/sys/kernel/tainted)
	[ $((_t & ~((1 << 12) | (1 << 13) | (1 << 18)))) = 0 ] && return 0
	ctl "    # /proc/sys/kernel/tainted is $_t; 4096, 8192 and 262144 are ours, the rest is not"
	return 1
}

# What was logged between test files: by the boot and by the last unload.
other_log_check() {
	log | awk -v bad="$bad" '/virtbus bed: begin/ { skip = 1 }
		/virtbus bed: end/ { skip = 0 } !skip && $0 ~ bad' >/run/bad
	[ -s /run/bad ] || return 0
	head -n 12 /run/bad | while read -r l; do ctl "    # | $l"; done
	return 1
}

# Leaks of the kernels themselves, by a function of their backtrace:
# - who writes to bind while device_add() is not done leaves the words "Device not
#   ready to probe" behind: nobody frees the reason of a device that is not on the
#   list of deferred ones (6.1.176)
# - bus_register() and class_register() that fail leave their name behind (6.1.176)
# - a load of a module that fails between what s390 does with its sections and the end of
#   layout_and_allocate() leaves that behind (6.1.176)
# - a zPCI function that is unplugged leaves its root bus's bridge behind: nobody puts the first
#   reference to what pci_create_root_bus() makes (6.1.176, with no module of ours loaded)
known_leaks='module_frob_arch_sections|device_set_deferred_probe_reason|kobject_set_name[+].*(bus|__class)_register[+]'
known_leaks=$known_leaks'|(resource_list_create_entry|pci_create_root_bus)[+].*zpci_bus_device_register[+]'

# The first scan sees objects whose only pointer is in a register or on a list
# just being changed; what the second still reports is a leak.
leak_check() {
	echo scan >$_k; sleep 1; echo scan >$_k
	awk -v known="$known_leaks" 'function flush() { if (l != "" && l !~ known) printf "%s", l; l = "" }
		/^unreferenced/ { flush() } { l = l $0 "\n" } END { flush() }' $_k >/run/leaks
	[ -s /run/leaks ] || return 0
	head -n 30 /run/leaks | while read -r l; do ctl "    # | $l"; done
	return 1
}

# judge - all of it; false when anything failed
judge() {
	_bad=0 _n=0
	_k=/sys/kernel/debug/kmemleak
	# switched off it is a file that takes no orders
	! grep -qw kmemleak=off /proc/cmdline || _k=/nowhere
	ctl "    KTAP version 1"
	if [ -e $_k ]; then ctl "    1..4"; else ctl "    1..3"; fi
	point "every module unloads" tidy_up
	point "the kernel is not tainted" taint_check
	[ ! -e $_k ] || point "no memory leaked" leak_check
	point "the kernel's log is clean" other_log_check
	return $_bad
}
