# SPDX-License-Identifier: GPL-2.0
# Two cards and a cable: packets of every sort go through, both ways, and the cards
# come and go by name.
# needs: loop net
# time: 20
. /bed/ktap.sh
. /bed/net.sh
plan 14
tx_sum() { cat "$BUS"/eth1/queue[13]/"$1" | awk '{ n += $1 } END { print n }'; }

expect "a cable can be made" cable
expect "the card is connected" in_state eth1 Connected
is "its interface has its name" "$(ls "$BUS/eth1/net")" eth1
is "the link is up" "$(cat /sys/class/net/eth1/carrier)" 1
expect "packets go there and back" ping -c 3 -w 10 10.7.0.2
expect "small ones and large ones, in pieces" sh -c 'for s in 0 1 18 230 1472 1473 4096 30000 65507; do
	ping -c 1 -w 5 -s $s 10.7.0.2 || exit; done'
expect "IPv6" ping -6 -c 1 -w 5 -s 3000 fd07::2
before=$(counter eth1 tx_packets)
ping -c 5 -i 0.2 -w 10 10.7.0.2 >/dev/null
# the answer may be here before the last one is reaped
counted() { [ $(($(counter eth1 tx_packets) - before)) -ge 5 ]; }
expect "they are counted" wait_for 5 counted
# what IPv6 says of itself now and then would reap too
echo 1 >/proc/sys/net/ipv6/conf/eth1/disable_ipv6
far sh -c "echo 1 >/proc/sys/net/ipv6/conf/eth2/disable_ipv6"
ip neigh replace 10.7.0.77 lladdr 02:00:00:00:00:77 dev eth1
ping -c 1 -w 1 -W 1 10.7.0.77 >/dev/null
# in this order: the kernel may ask for an address just now
sent=$(tx_sum added)
expect "what was sent is reaped, though nothing came back" test "$(tx_sum used)" -ge "$sent"
refuse "a card that is up is not removed" "" sh -c "echo 1 >$BUS/eth1/remove"
ip link set eth1 down
before=$(counter eth1 rx_packets)
far ping -c 3 -i 0.2 -w 2 -W 1 10.7.0.1 >/dev/null
is "one that is down receives nothing" "$(($(counter eth1 rx_packets) - before))" 0
expect "and is removed" sh -c "echo 1 >$BUS/eth1/remove"
expect "the other end notices" sh -c "[ \$($FAR cat /sys/class/net/eth2/carrier) = 0 ]"
config eth1=pair,eth2
set_up here eth1 1
expect "made anew it works" ping -c 3 -w 10 10.7.0.2
