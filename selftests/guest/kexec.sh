# SPDX-License-Identifier: GPL-2.0
# kexec.sh - the machine starts its kernel anew by itself, without a reset; for tests with
# needs: kexec  and  append: virtbus.again  which are alone in their boot. The file begins
# anew there: BED_AGAIN is empty only in the first boot.

# kexec_plan N - or there is nothing to do: Debian's newer kernels for s390x have none
kexec_plan() {
	[ -e /sys/kernel/kexec_loaded ] || skip_all "this kernel starts no other"
	plan "$1"
}

# kexec_disk NAME - a disk of the machine with its kernel: for the first boot
kexec_disk() { host kernel "$1" && host plug "$1" >/dev/null; }

# kexec_load NAME - a point: it is read from there
kexec_load() { expect "a kernel is loaded" load_from "$1"; }
load_from() {
	wait_for 15 plugged "$1" || return
	_disk=/dev/$(bus_name "$1")
	# shellcheck disable=SC2046
	set -- $(host kernelsize)
	head -c "$1" "$_disk" >/run/vmlinuz
	tail -c "+$(($1 + 1))" "$_disk" | head -c "$2" >/run/initrd
	# it has this point behind it
	to_kernel /run/vmlinuz /run/initrd "$(sed 's/ bed\.again=[0-9]*//' /proc/cmdline) bed.again=$((ktap_n + 1))"
	_rc=$?
	rm -f /run/vmlinuz /run/initrd
	return $_rc
}

# to_kernel KERNEL INITRD LINE - where the kernel reads files itself, Debian's kexec would want Xen's
# libraries; on s390x it does not
to_kernel() {
	if [ "$BED_ARCH" = s390x ]; then
		kexec -l "$1" --initrd="$2" --command-line="$3"
	else
		perl -e 'open(K, shift); open(I, shift); my $line = shift;
			syscall(320, fileno(K), fileno(I), 1 + length $line, $line, 0) == 0 or die "kexec: $!\n"' "$@"
	fi
}

# kexec_go - it takes over
kexec_go() {
	if [ "$BED_ARCH" = s390x ]; then
		# by the processor that goes on: where the others are to make it, TCG once left all of them
		# asleep, after "Starting new kernel"
		taskset 1 kexec -e
	else
		perl -e 'syscall(169, 0xfee1dead, 672274793, 0x45584543, 0)'
	fi
}
