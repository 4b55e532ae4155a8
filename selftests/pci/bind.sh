# SPDX-License-Identifier: GPL-2.0
# bind and unbind, of the function and of the device, while another disk works.
# needs: free pci disks=2
# time: 20
. /bed/ktap.sh
. /bed/tests/pci/lib/pci.sh
plan 6
load
A=$(address disk0) OTHER=$(disk_at "$(address disk1)")
D=$(disk_at "$A")
expect "the disk works" same_bytes "$D"
(while :; do dd if=$OTHER of=/dev/null bs=64k iflag=direct 2>/dev/null || exit; done) &
BUSY=$!
at_exit kill $BUSY

# 100 of each are in `make prove-hotplug`
rounds() { # COUNT WHAT DRIVER-DIRECTORY
	_i=0
	while [ $_i -lt "$1" ]; do
		echo "$2" >"$3/unbind" && echo "$2" >"$3/bind" || return
		_i=$((_i + 1))
	done
}
expect "the function is unbound and bound 10 times" rounds 10 "$A" $OURS
expect "the device is unbound and bound 10 times" \
	rounds 10 "$(name_at "$A")" /sys/bus/virtbus/drivers/virtbus_blk
is "it is in use again" "$(attr "$(name_at "$A")" state)" Connected
expect "with its data" keeps_bytes "$(disk_at "$A")"
expect "the other disk worked all the time" kill -0 $BUSY
