# SPDX-License-Identifier: GPL-2.0
# Every fault that the loop's device end knows, against a console that says everything
# back, while it is written and read, and against a driver that is just being bound.
# needs: loop
# time: 300
. /bed/tests/guest/lib/prove.sh
. /bed/loop.sh
. /bed/tests/guest/lib/lose.sh
. /bed/tests/guest/lib/lies.sh
# FAULTS comes from the source of the device end: one point for each
set -- $FAULTS
plan $(($# + 3))
DEV=con1 SPEC=loop DRIVER=virtbus_console

ready() { wait_for 20 test -c /dev/con1; }
poke() { ! [ -c /dev/con1 ] || timeout 2 sh -c "echo hello >/dev/con1" 2>/dev/null; }
let_go() { remove con1; }

# works - 64 KB of text come back as they were written
works() {
	base64 /dev/urandom | head -c 65536 >/run/written
	(
		exec 7<>/dev/con1 && stty -F /dev/con1 raw -echo && echo_of
	)
}
echo_of() {
	# the watchdog of timeout must not hold the terminal: 7>&-
	timeout 60 cat /run/written >&7 7>&- & _writer=$!
	timeout 60 dd if=/dev/con1 of=/run/read bs=4k count=16 iflag=fullblock 2>/run/dd 7>&- || { cat /run/dd; return 1; }
	wait $_writer && cmp /run/written /run/read
}

# use - one writes all the time, and one reads it. The shell that runs this must not
# open it itself: it leads its session, and a hangup would be its own.
use() {
	for _what in "cat <&7 >/dev/null" "yes this text comes back >&7"; do
		user sh -c "exec 7<>/dev/con1 && stty -F /dev/con1 raw -echo && $_what"
	done
	_there=$(attr con1 queue1/used) _back=$(attr con1 queue0/used)
}
in_use() { [ $(($(attr con1 queue1/used) - _there)) -gt 20 ] && [ $(($(attr con1 queue0/used) - _back)) -gt 20 ]; }
not_in_use() { head $BUS/con1/queue*/used $BUS/con1/queue*/added; tail -n 1 /run/user.*; }


# silent: who writes waits, and a forced removal ends who uses it
silent() {
	make || return
	mark_log
	begin_use && fault con1 silent || return
	sleep 6
	# shellcheck disable=SC2086
	kill -0 $users || { echo "somebody did not wait"; return 1; }
	in_state con1 Connected || return
	silent_removed "who writes waits, as for a host that does not listen" && silent_binding
}

# harmless FAULT [COUNT] - the text is right, and nothing breaks
harmless() {
	make || return
	# in the middle of it: a storm lasts
	(usleep 100000; fault con1 "$@") & _striker=$!
	works && wait $_striker && works || return
	still_right "$1" "the text is right"
}

# own_word FAULT COUNT WHAT - the text is what the device says, and nothing breaks
own_word() {
	make || return
	fault con1 "$1" "$2"
	works >/dev/null
	still_right "$1" "$3"
}

# io_error - there are no requests here that could fail
io_error() {
	make && fault con1 io-error && works && [ "$(struck con1 io-error)" = 0 ] || return
	row io-error "in use" Connected - "a console has no requests that could fail: the text is right"
	anew
}

# lives_with FAULT - whatever size the window has, text goes through it
lives_with() { _lives="its window is '$(stty -F /dev/con1 size)'; the text is right"; works; }

lie() {
	case $1 in
	len-short)	own_word "$1" 3 "what it does not say it wrote is not read" ;;
	reorder)	own_word "$1" 3 "the text comes in its order" ;;
	*)		usual "$1" ;;
	esac
}

load virtbus_console && load virtbus_loop
expect "virtio_console is not loaded" sh -c "! grep -q '^virtio_console ' /proc/modules"
make
expect "it works" works
links
let_go
lies "$@"
