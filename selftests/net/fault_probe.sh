# SPDX-License-Identifier: GPL-2.0
# A card that lies about itself before it is used: it is refused, or driven with what is
# left when nonsense is ignored; and one that vanishes or falls silent.
# needs: loop net
# time: 40
. /bed/ktap.sh
. /bed/loop.sh
. /bed/disk.sh
. /bed/net.sh
[ "$(nproc)" -gt 1 ] || skip_all "a card has one pair of queues for one processor: no command, no lie about pairs"
plan 33

cable
bind_net() { echo eth1 >/sys/bus/virtbus/drivers/virtbus_net/bind; }
unbind_net() { echo "eth1 force" >/sys/bus/virtbus/drivers/virtbus_net/unbind; }
again() { fault eth1 "$@" && unbind_net && bind_net; }
works() { set_up here eth1 1 2>/dev/null; ping -c 3 -i 0.2 -w 3 -W 1 10.7.0.2; }
honest() { again none && works; }
works >/dev/null

for f in no-version-1 features-refused reset-stuck; do
	fault eth1 $f
	unbind_net
	refuse "$f: it is not driven" "" bind_net
	fault eth1 none
	expect "$f: honest, it is" bind_net
done
expect "and works" works
mark
expect "config-lies: it is driven" again config-lies
expect "config-lies: with one pair, and the log says why" said "has 65535 pairs of queues; only one is used"
expect "config-lies: with an address of its own" said "the host gives it no address"
expect "config-lies: it can be brought up" ip link set eth1 up
expect "honest again, it works" honest
mark
expect "config-zero: it is driven" again config-zero
is "config-zero: its link is down" "$(ip link set eth1 up; cat /sys/class/net/eth1/carrier)" 0
expect "honest again, it works" honest
expect "features-all: it is driven" again features-all
expect "features-all: it works" works
expect "honest again, it works" honest
fault eth1 config-random
for n in $(seq 20); do unbind_net; bind_net && ip link set eth1 up; done 2>/dev/null
# the last time it may have been refused
[ -e "$BUS/eth1/driver" ] || { fault eth1 none; bind_net; }
expect "config-random: 20 times, and honest again it works" honest
for f in config-storm event-storm; do
	fault eth1 $f
	expect "$f: it works on" works
done
ip link set eth1 down
mark
fault eth1 silent
refuse "silent: a command fails" "" ethtool -L eth1 combined 1
expect "silent: the card is Broken, and the log says why" said "eth1: Broken.*did not answer a command for 5 s"
expect "honest again, it works" honest
# without an address of the host's it tells the host its own
mark
fault eth1 config-lies
again silent
expect "silent from the start: Broken, and the log says why" said "eth1: Broken.*did not answer a command for 5 s"
is "but not that the host refused something" "$(times_said 'the host (did not take|refused)')" 0
expect "honest again, it works" honest
fault eth1 gone
expect "gone: it is Gone" wait_for 5 in_state eth1 Gone
is "gone: its link is down" "$(cat /sys/class/net/eth1/carrier)" 0
refuse "gone: it cannot be brought up again" "No such device" sh -c "ip link set eth1 down; ip link set eth1 up"
expect "gone: it can be removed" remove eth1
expect "gone: nothing is left of it" absent eth1
config eth1=pair,eth2
expect "made anew it works" works
