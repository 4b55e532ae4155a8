# SPDX-License-Identifier: GPL-2.0
# What else the host says and is told: its MTU, VLANs to let through, that the guest
# shall announce itself, and no address at all.
# needs: free loop net
# modules: 8021q
# lane: A B
# time: 25
. /bed/ktap.sh
. /bed/disk.sh
. /bed/net.sh
plan 12

filter() { host filter card | grep -qE "$1"; }
expect "a card with an MTU and a speed" machine_nic card user host_mtu=1280 speed=10000 duplex=full
is "has that MTU" "$(cat "/sys/class/net/$N/mtu")" 1280
refuse "and no larger one" "" ip link set "$N" mtu 1281
user_up "$N"
expect "and that speed" sh -c "ethtool $N | grep -q 'Speed: 10000Mb/s' && ethtool $N | grep -q 'Duplex: Full'"
expect "it works" ping -c 1 -w 10 -s 1000 10.0.2.2
modprobe 8021q
vlan7='"vlan-table": "(0,7|0-4095)"'
expect "a VLAN can be made" ip link add link "$N" name vlan7 type vlan id 7
ip link set vlan7 up
expect "the host lets it through" wait_for 5 filter "$vlan7"
ip link delete vlan7
no_longer() { ! filter "$vlan7"; }
expect "and no longer when it is gone" wait_for 5 no_longer
before=$(attr "$N" queue2/added)	# commands that the host was given
host qmp announce-self '{"initial": 50, "max": 50, "rounds": 2, "step": 10}' >/dev/null
expect "asked to, it announces itself" wait_for 5 sh -c "[ \$(cat $BUS/$N/queue2/added) -gt $before ]"
expect "it works as before" ping -c 1 -w 10 10.0.2.2
ip link set "$N" mtu 1000
expect "a smaller MTU works" ping -c 1 -w 10 -s 2000 10.0.2.2
ip link set "$N" mtu 1280
# each address joins a multicast group of its own
awk -v dev="$N" 'BEGIN { for (n = 1; n <= 300; n++) printf "addr add fd08::%x/128 dev %s\n", n, dev }' >/run/addresses
ip -6 -batch /run/addresses
expect "more addresses than there is room for: all multicast" wait_for 10 filter '"multicast": "all"'
