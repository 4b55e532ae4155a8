# SPDX-License-Identifier: GPL-2.0
# ktap.sh - what a test file starts with:  . /bed/ktap.sh
#
# A test file is one behaviour.  It says how many points it checks, checks them,
# and ends; the first point that fails ends the file (the others still run).
#
#	# needs: loop
#	. /bed/ktap.sh
#	plan 2
#	load
#	expect "a RAM disk can be made" config ubd1=ram,64M
#	is "it has the size asked for" "$(blockdev --getsize64 "$(disk_of ubd1)")" 67108864
#
# Results go to the control port, everything else that is printed to the console.
# What a test leaves behind (modules, mounts) is cleaned up and held against it.

set -u
ktap_n=0 ktap_plan= ktap_failed=0 ktap_at_exit=:
BUS=/sys/bus/virtbus/devices

# ctl LINE - one line to the host, never mixed with another's: it is one write(),
# which a tty does not divide.  (A program that locks costs more than the rest.)
ctl() { printf '%s\n' "$*" >&3; }

# host VERB ARG.. - ask the host for something (see selftests/bed/hostverbs.py);
# prints its answer; false and a message when it could not
host() {
	_answer=$({
		flock 8
		printf 'HOST %s\n' "$*" >&3
		read -r -t 300 _line <&3 || _line="ERR no answer from the host"
		printf '%s\n' "$_line"
	} 8>/run/ctl.lock)
	case $_answer in
	OK*)	_answer=${_answer#OK}; printf '%s\n' "${_answer# }" ;;
	*)	echo "host $*: ${_answer#ERR }" >&2; return 1 ;;
	esac
}

ktap() { ctl "    $*"; echo "== $*"; }

# plan N - the file checks N points; in a boot that it began itself (kexec), those
# of the boots before are among them
plan() {
	ktap_plan=$1 ktap_n=${BED_AGAIN:-0}
	[ -z "$BED_AGAIN" ] || return 0
	ktap "KTAP version 1"; ktap "1..$1"
}

# skip_all REASON - nothing here can be checked on this machine
skip_all() { ktap_plan=0; ktap "KTAP version 1"; ktap "1..0 # SKIP $*"; exit 0; }

# diag TEXT - something a reader of a failure wants to know
diag() { printf '%s\n' "$*" | while read -r _l; do ktap "# $_l"; done; }

ok() { ktap_n=$((ktap_n + 1)); ktap "ok $ktap_n $*"; }
skip() { ktap_n=$((ktap_n + 1)); _d=$1; shift; ktap "ok $ktap_n $_d # SKIP $*"; }
not_ok() { ktap_n=$((ktap_n + 1)); ktap_failed=1; ktap "not ok $ktap_n $*"; exit 1; }

# expect TEXT COMMAND.. - a point: COMMAND succeeds.  What it prints is shown
# only when it does not.  COMMAND may be a function with variables of its own.
expect() {
	ktap_text=$1; shift
	if "$@" >/run/ktap.out 2>&1; then
		ok "$ktap_text"
	else
		diag "exit status $? of: $*"; diag "$(tail -n 15 /run/ktap.out)"
		not_ok "$ktap_text"
	fi
}

# refuse TEXT PATTERN COMMAND.. - a point: COMMAND fails and says PATTERN
# (an extended regular expression; '' for no matter what)
refuse() {
	ktap_text=$1 _pattern=$2; shift 2
	if "$@" >/run/ktap.out 2>&1; then
		diag "succeeded, and must not: $*"
	elif grep -qE -e "$_pattern" /run/ktap.out; then
		ok "$ktap_text"; return
	else
		diag "failed, but did not say '$_pattern': $*"
	fi
	diag "$(tail -n 15 /run/ktap.out)"
	not_ok "$ktap_text"
}

# is TEXT GOT WANTED - a point: two texts are equal
is() {
	[ "$2" = "$3" ] && { ok "$1"; return; }
	diag "got '$2', wanted '$3'"
	not_ok "$1"
}

# becomes TEXT SECONDS WANTED COMMAND.. - a point: COMMAND comes to print WANTED
becomes() {
	ktap_text=$1 _seconds=$2 _wanted=$3; shift 3
	if wait_for "$_seconds" prints "$_wanted" "$@"; then
		ok "$ktap_text"
	else
		diag "after $((_seconds * BED_SLOW)) s '$*' still prints '$("$@" 2>&1)', wanted '$_wanted'"
		not_ok "$ktap_text"
	fi
}
prints() { _w=$1; shift; [ "$("$@" 2>/dev/null)" = "$_w" ]; }

# a file that never says anything, and does not end
SILENCE=9
[ -p /run/silence ] || mkfifo /run/silence
exec 9<>/run/silence

# usleep MICROSECONDS - without a process, which takes 20 ms under TCG and 200 in the debug kernel
usleep() {
	_nap=$((1000000 + $1 % 1000000))
	! read -r -t "$(($1 / 1000000)).${_nap#1}" _nap <&$SILENCE
}

# seconds_up - into _up, without another process
seconds_up() { read -r _up _ </proc/uptime; _up=${_up%.*}; }

# wait_for SECONDS COMMAND.. - until COMMAND succeeds; false when it never does.
# The seconds are those of Debian's kernel; a debug kernel gets BED_SLOW times as many.
# It looks less often as time goes by: under TCG each look is work for all.
wait_for() {
	seconds_up; _end=$((_up + $1 * BED_SLOW)) _pause=50000; shift
	until "$@" >/dev/null 2>&1; do
		seconds_up
		[ "$_up" -lt "$_end" ] || {
			echo "waited in vain for: $*"
			return 1
		}
		usleep $_pause
		[ $_pause -ge 250000 ] || _pause=$((_pause + 20000))
	done
}

# has_open PROCESS FILE - a process that was begun beside has come to open it
has_open() { ls -l "/proc/$1/fd" 2>/dev/null | grep -q -e " -> $2\$"; }

# ended PROCESS.. - they run no more, whether somebody waited for them or not
ended() { for _p; do ! [ -d "/proc/$_p" ] || grep -q '^State:.*Z' "/proc/$_p/status" || return; done; }

# at_most SECONDS COMMAND.. - end it when it takes longer; they are those of Debian's kernel
at_most() { _most=$(($1 * BED_SLOW)); shift; timeout "$_most" "$@"; }

# at_exit COMMAND - run when the file ends, however it ends; last one first
at_exit() { ktap_at_exit="$*; $ktap_at_exit"; }

ktap_end() {
	_rc=$?
	trap - EXIT
	eval "$ktap_at_exit"
	if [ -z "$ktap_plan" ]; then
		diag "the file has no plan"; _rc=1
	elif [ "$ktap_failed" = 0 ] && { [ $_rc != 0 ] || [ $ktap_n != "$ktap_plan" ]; }; then
		diag "ended after $ktap_n of $ktap_plan points, exit status $_rc"; _rc=1
	fi
	[ "$ktap_failed" = 0 ] || _rc=1
	exit $_rc
}
trap ktap_end EXIT
trap 'diag "killed"; exit 143' TERM INT

# busybox answers to these names too, with less
blkdiscard() { /sbin/blkdiscard "$@"; }
blockdev() { /sbin/blockdev "$@"; }

# --- modules

# load [MODULE [PARAMETER=VALUE..]] - one module and what it needs, or all of ours
load() {
	if [ $# -gt 0 ]; then
		modprobe "$@"
	else
		while read -r _m; do modprobe "$_m" || return; done </bed/modules
	fi
}

# built_in MODULE - of the kernel's own: it is there from the start
built_in() { grep -q "/$1.ko$" "/lib/modules/$(uname -r)/modules.builtin"; }

# unload - all of our modules that are loaded
unload() {
	for _m in $(sed '1!G;h;$!d' /bed/modules); do
		! grep -q "^$_m " /proc/modules || rmmod "$_m" || return
	done
}

# --- devices

# config SPEC - make a device (ubd1=ram,64M), or claim and name one (ubd0=pci,..)
config() { echo "$1" >/sys/bus/virtbus/config; }

# attr NAME ATTRIBUTE - read an attribute of a device of the bus
attr() { cat "$BUS/$1/$2"; }

# in_state NAME STATE - is the device in this state?
in_state() { read -r _s <"$BUS/$1/state" && [ "$_s" = "$2" ]; }

# disk_of NAME - the block device (/dev/..) of a device of the bus
disk_of() {
	for _d in "$BUS/$1"/block/*; do
		[ -e "$_d" ] && echo "/dev/${_d##*/}" && return
	done
	echo "device $1 has no disk" >&2
	return 1
}

# address DISK - the bus address of a disk of the machine: disk0, disk1, ..
address() { host address "$1"; }
