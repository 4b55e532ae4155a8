# SPDX-License-Identifier: GPL-2.0
# faults.sh - allocations that fail, one after the other; after prove.sh
#
# Who sources it boots with  slub_debug=A;-,CACHE..  which lets all caches fail but
# - ftrace_event_field: a kernel that has no memory for a trace event of a module warns,
#   and is tainted; the module loads
# - kmemleak_object, kmemleak_scan_area, debug_objects_cache: what the kernel's own checkers
#   write down; of the second it says so under a lock that s390's console does not bear (6.1)

# all allocations, also those that may sleep, and single pages; the kernel need not tell of each
for f in failslab/verbose failslab/ignore-gfp-wait fail_page_alloc/verbose fail_page_alloc/ignore-gfp-wait \
	fail_page_alloc/ignore-gfp-highmem fail_page_alloc/min-order; do
	echo 0 >/sys/kernel/debug/$f
done
echo 1 >/sys/kernel/debug/failslab/cache-filter
# whoever waits for RCU waits less
echo 1 >/sys/kernel/rcu_expedited
at_exit 'echo 0 >/sys/kernel/rcu_expedited'
ALL=0

# nth TEXT ARGUMENT.. - a point: each of its allocations fails once
nth() {
	_text=$1; shift
	seconds_up; _then=$_up
	if ! _said=$(/bed/failnth "$@" 2>/run/failnth); then
		diag "$(grep -v 'so far$' /run/failnth)"
		not_ok "$_text"
	fi
	seconds_up
	ALL=$((ALL + ${_said%% *}))
	tell "$_text: $_said; $((_up - _then)) s"
	ok "$_text"
}
# still_looks - the last point: kmemleak, which looks next, has had its memory
still_looks() {
	tell "$ALL allocations failed"
	expect "kmemleak still looks" sh -c "echo scan >/sys/kernel/debug/kmemleak"
}

new() { echo "write:$CONFIG:$1"; }
gone() { echo "write:$BUS/$1/remove:force"; }

# comes_and_goes SPEC DRIVER NODE - 3 points: a device is made, unbound, and removed
comes_and_goes() {
	_name=${1%%=*} _at=/sys/bus/virtbus/drivers/$2
	nth "$_name: made" "do=$(new "$1")" "after=$(gone "$_name")" "there=$BUS/$_name/driver" "there=$3" "whole=$BUS/$_name/."
	nth "$_name: removed" "before=$(new "$1")" "do=write:$BUS/$_name/remove:1" "after=$(gone "$_name")"
	config "$1"
	nth "$_name: unbound" "do=write:$_at/unbind:$_name" "after=write:$_at/bind:$_name"
}
# bound SPEC DRIVER NODE - a point
bound() {
	_name=${1%%=*} _at=/sys/bus/virtbus/drivers/$2
	config "$1"
	echo "$_name" >"$_at/unbind"
	nth "$_name: bound" "do=write:$_at/bind:$_name" "after=write:$_at/unbind:$_name" \
		"there=$BUS/$_name/driver" "there=$3" "whole=$BUS/$_name/."
}
