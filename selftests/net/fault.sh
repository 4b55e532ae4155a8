# SPDX-License-Identifier: GPL-2.0
# A card whose device end lies is Broken, for a reason that is told, and works again when
# it is bound anew; one that is only odd works on.
# needs: loop net
# time: 30
. /bed/ktap.sh
. /bed/loop.sh
. /bed/net.sh
plan 33

cable
# a packet to answer needs the other end's address, whatever is lost meanwhile
mac=$(far cat /sys/class/net/eth2/address)
fresh() {
	set_up here eth1 1 2>/dev/null
	ip neigh replace 10.7.0.2 lladdr "$mac" dev eth1
	far ip neigh replace 10.7.0.1 lladdr "$(cat /sys/class/net/eth1/address)" dev eth2
}
rebind_net() {
	echo "eth1 force" >/sys/bus/virtbus/drivers/virtbus_net/unbind &&
		echo eth1 >/sys/bus/virtbus/drivers/virtbus_net/bind && fresh
}
traffic() { ping -c 3 -i 0.2 -w 2 -W 1 10.7.0.2; }
fresh

# breaks_net FAULT REASON - 4 points
breaks_net() {
	fault eth1 "$1" 1
	traffic >/dev/null 2>&1
	becomes "$1: the card is Broken" 8 Broken attr eth1 state
	expect "$1: the reason is known" sh -c "grep -E '$2' $BUS/eth1/error"
	is "$1: its link is down" "$(cat /sys/class/net/eth1/carrier)" 0
	rebind_net
	expect "$1: bound anew it works" traffic
}
breaks_net id-range "queue (receive|transmit)[0-9]: the used buffer [0-9]+ does not exist"
breaks_net id-wrong "used buffer [0-9]+ is not with the device"
breaks_net id-repeat "used (index moved by 2|buffer [0-9]+ is not with the device)"
breaks_net len-long "the device wrote [0-9]+ bytes into buffer"
breaks_net index-jump "the used index moved by [0-9]+"
breaks_net needs-reset "asks to be reset"
for f in reorder delay event-lost; do
	fault eth1 $f 1
	traffic >/dev/null 2>&1
	expect "$f: the card works on" traffic
	is "$f: it is Connected" "$(attr eth1 state)" Connected
done
fault eth1 len-short 2
traffic >/dev/null 2>&1
expect "an empty packet is dropped" traffic
# a command that is not obeyed is told to who gave it
fault eth1 io-error 1
if [ "$(nproc)" -gt 1 ]; then
	refuse "a command that fails is told" "" ethtool -L eth1 combined 1
else
	skip "a command that fails is told" "with one processor there is none"
	fault eth1 none
fi
expect "and the card works on" traffic
