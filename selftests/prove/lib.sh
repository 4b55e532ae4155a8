# SPDX-License-Identifier: GPL-2.0
# lib.sh - what the proofs share on the host; sourced after set -eu
#
# A proof does its own set-up, shows figures, and ends with a line that starts
# with PASS or FAIL, and with that exit status.

bed_dir=$(dirname "$0")/../bed
. "$bed_dir/lib.sh"
name=$(basename "$0")
arch=${ARCH:-x86_64}
arch_facts "$arch"
guest=$top/selftests/prove/guest
work=$(mktemp -d)
began=$(date +%s)

finish() {
	_rc=$?
	trap - EXIT
	rm -rf "$work"
	_took="$(($(date +%s) - began)) s"
	if [ $_rc = 0 ]; then
		echo "PASS: prove-$name on $arch, $_took"
	else
		echo "FAIL: prove-$name on $arch, $_took"
	fi
	exit $_rc
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# guest_run ARGUMENT.. - test files in guests, with figures that they tell
guest_run() { "$bed/run" --arch "$arch" "$@"; }

# know_faults - $faults, all that ends/fault.c has, and the $lane that they strike in
know_faults() {
	faults=$(sed -n 's/^\t\[FAULT_[A-Z0-9_]*\][^"]*"\([a-z0-9-]*\)".*/\1/p' "$top/ends/fault.c" | tr '\n' ' ')
	[ "$(echo $faults | wc -w)" -ge 20 ] || die "ends/fault.c does not list its faults as this script reads them"
	lane=B
	[ "$arch" = x86_64 ] || lane=A
	say "$(echo $faults | wc -w) faults, lane $lane"
}

say "prove-$name on $arch"
"$bed/setup"
"$bed/fetch" "$arch"
