# SPDX-License-Identifier: GPL-2.0
# Every allocation of every module's load, and of all that an admin does with devices,
# fails once: it unwinds, nothing stays, an error says why, and it works the next time.
# needs: loop net perl
# lane: B
# time: 1200
. /bed/ktap.sh
. /bed/loop.sh
. /bed/net.sh
. /bed/tests/guest/lib/prove.sh
plan 22

# all allocations, also those that may sleep, and single pages; the kernel need not tell of each
for f in failslab/verbose failslab/ignore-gfp-wait fail_page_alloc/verbose fail_page_alloc/ignore-gfp-wait \
	fail_page_alloc/ignore-gfp-highmem fail_page_alloc/min-order; do
	echo 0 >/sys/kernel/debug/$f
done
not_ok() { ktap_n=$((ktap_n + 1)); ktap_failed=1; ktap "not ok $ktap_n $*"; }
ALL=0

# nth TEXT ARGUMENT.. - a point
nth() {
	_text=$1; shift
	_said=$(/bed/failnth "$@" 2>/run/failnth) || { diag "$(cat /run/failnth)"; not_ok "$_text"; return; }
	ALL=$((ALL + ${_said%% *}))
	tell "$_text: of $_said"
	ok "$_text ($_said)"
}
module() { find /lib/modules -name "$1.ko"; }

# what it needs, then it
loaded=
for m in $(cat /bed/modules); do
	nth "insmod $m" "do=load:$(module "$m")" "after=unload:$m" "absent=/sys/module/$m"
	modprobe "$m"
	loaded="$m $loaded"
done

new() { echo "write:/sys/bus/virtbus/config:$1"; }
gone() { echo "write:$BUS/$1/remove:force"; }
driver() { echo "write:/sys/bus/virtbus/drivers/$1:$2"; }
for kind in blk,ubd1=ram,1M net,eth1=pair,eth2 console,con1=loop; do
	spec=${kind#*,} kind=${kind%%,*}
	name=${spec%%=*} at=/sys/bus/virtbus/drivers/virtbus_$kind
	[ $kind != net ] || echo eth2=pair,eth1 >/sys/bus/virtbus/config
	nth "$name: config" "do=$(new "$spec")" "after=$(gone "$name")" "absent=$BUS/$name"
	nth "$name: remove" "before=$(new "$spec")" "do=write:$BUS/$name/remove:1" "after=$(gone "$name")" "absent=$BUS/$name"
	echo "$spec" >/sys/bus/virtbus/config
	nth "$name: bind" "before=write:$at/unbind:$name" "do=write:$at/bind:$name" "after=write:$at/bind:$name"
	nth "$name: unbind" "do=write:$at/unbind:$name" "after=write:$at/bind:$name"
done
for what in "open:/dev/ubd1" "open:/dev/con1" "write:/sys/class/net/eth1/flags:0x1003"; do
	nth "$what" "do=$what" "after=write:/sys/class/net/eth1/flags:0x1002"
done
tell "$ALL allocations failed"
