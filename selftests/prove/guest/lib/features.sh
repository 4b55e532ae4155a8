# SPDX-License-Identifier: GPL-2.0
# features.sh - rows of the table of features; after prove.sh

# shows FEATURE TEST COMMAND.. - a point and a row: COMMAND succeeds, and its last line
# says what the host has seen. TEST is a file of selftests/, prove/features where only
# this proof tests it, or none. @NAME@ there becomes what host/wire.py has counted.
shows() {
	_f=$1 _t=$2; shift 2
	expect "$_f" "$@"
	tell "ROW $_f|$_t|$(tail -n 1 /run/ktap.out)"
}

# accepted DEVICE FEATURE [MORE] - by what QEMU says
accepted() {
	case " $(host agreed "$1") " in
	*" $2 "*)	echo "QEMU: accepted by the driver${3:+; $3}" ;;
	*)		echo "not accepted: $(host agreed "$1")"; return 1 ;;
	esac
}

# becomes_so TEXT COMMAND.. - within 5 s COMMAND succeeds; TEXT is the evidence
becomes_so() {
	_text=$1; shift
	wait_for 5 "$@" || return
	echo "$_text"
}
