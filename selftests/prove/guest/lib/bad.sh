# SPDX-License-Identifier: GPL-2.0
# bad.sh - what is refused, in one line, leaving nothing behind; after prove.sh

# things - all that a refused request could have changed
things() {
	ls "$BUS" "$PORTS" 2>/dev/null
	ls /sys/block
	cut -d' ' -f1 /proc/modules
	for _d in "$PARENTS"/devices/*; do
		echo "${_d##*/} $(driver_of "${_d##*/}") $(cat "$_d/online" 2>/dev/null)"
	done
}

# bad WHAT PATTERN COMMAND.. - a point: it fails, the kernel says PATTERN in one
# line, and everything is as it was
bad() {
	_what=$1 _pattern=$2; shift 2
	expect "$_what" one_line "$_pattern" "$@"
	tell "  $_what: $(cat /run/said)"
}
one_line() {
	_p=$1; shift
	things >/run/things
	mark_log
	if "$@"; then echo "succeeded, and must not: $*"; return 1; fi
	usleep 300000
	since_mark >/run/said
	cat /run/said
	[ "$(wc -l </run/said)" = 1 ] || { echo "these are $(wc -l </run/said) lines"; return 1; }
	grep -qE -e "$_p" /run/said || { echo "it does not say '$_p'"; return 1; }
	things | diff /run/things - || { echo "something was left half made"; return 1; }
}
spec() { echo "$1" >$CONFIG; }
