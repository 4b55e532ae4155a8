# SPDX-License-Identifier: GPL-2.0
# Every fault that the loop's device end knows, against a disk that is in use and,
# where it can strike there, against a driver that is just being bound.
# needs: loop
# time: 400
. /bed/tests/guest/lib/prove.sh
. /bed/loop.sh
. /bed/tests/guest/lib/hotplug.sh
. /bed/tests/guest/lib/lies.sh
# FAULTS comes from the source of the device end: one point for each
set -- $FAULTS
plan $(($# + 3))
DEV=ubd1 SPEC=ram,4G DRIVER=virtbus_blk PLAIN=queues=1 disk=/dev/ubd1

ready() { wait_for 20 test -b $disk; }
works() { fill $disk && holds $disk; }
poke() { ! [ -b $disk ] || one_read ubd1 >/dev/null; }
let_go() { remove ubd1; }

# silent: reported, the requests wait, and a forced removal ends them
silent() {
	make || return
	mark_log
	begin_use && fault ubd1 silent || return
	wait_for 90 stalled && logged 'ubd1.*stalled' >/dev/null && in_state ubd1 Connected || return
	# shellcheck disable=SC2086
	kill -0 $users || { echo "somebody did not wait"; return 1; }
	silent_removed && silent_binding
}
stalled() { [ "$(cat /sys/block/ubd1/stalled)" -gt 0 ]; }

# io_error - three requests fail, and nothing breaks
io_error() {
	make && works || return
	fault ubd1 io-error 3
	for _i in 1 2 3; do ! one_read ubd1 >/dev/null || { echo "a request did not fail"; return 1; }; done
	[ "$(struck ubd1 io-error)" = 3 ] && in_state ubd1 Connected && holds $disk || return
	row io-error "in use" Connected - "3 reads failed, the next ones are right"
	anew
}

lie() { usual "$1"; }

load virtbus_blk stall_report=5
load
expect "virtio_blk is not loaded" no_virtio_blk
make
expect "it works" works
links
let_go
lies "$@"
