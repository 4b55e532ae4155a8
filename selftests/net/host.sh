# SPDX-License-Identifier: GPL-2.0
# A network card of the machine: files go both ways, the host's link is our link, its
# filter is what we asked for, and it comes and goes.
# needs: free loop net
# lane: A B
# time: 25
. /bed/ktap.sh
. /bed/disk.sh
. /bed/net.sh
plan 17

# filter TEXT - what the host lets through to us
filter() { host filter card | grep -qE "$1"; }
link() { host qmp set_link "{\"name\": \"card\", \"up\": $1}" >/dev/null; }

expect "a network card is there" machine_nic card user mac=52:54:00:aa:bb:cc
is "its interface has its name" "$(ls "$BUS/$N/net")" "$N"
is "it has the host's address" "$(cat "/sys/class/net/$N/address")" 52:54:00:aa:bb:cc
expect "it can be brought up" user_up "$N"
expect "the host answers" ping -c 1 -w 10 10.0.2.2
set -- $(fetch 4000000)
is "a file comes as it was sent" "$2" "$1"
set -- $(give /run/fetched)
is "a file arrives as it was sent" "$2" "$1"
link false
becomes "the host's link goes down, and ours" 10 0 cat "/sys/class/net/$N/carrier"
link true
becomes "and up again" 10 1 cat "/sys/class/net/$N/carrier"
expect "and works" ping -c 1 -w 10 10.0.2.2

ip link set "$N" promisc on
expect "promiscuous mode is the host's too" wait_for 5 filter '"promiscuous": true'
ip link set "$N" promisc off
ip maddr add 33:33:12:34:56:78 dev "$N"
expect "so is a multicast address" wait_for 5 filter '33:33:12:34:56:78'
ip link set "$N" down
ip link set "$N" address 52:54:00:dd:ee:ff
expect "and our own" wait_for 5 filter '"main-mac": "52:54:00:dd:ee:ff"'
user_up "$N"
refused "up, it stays" "$N: not removed: interface $N is up" remove "$N"
ip link set "$N" down
spec=$(attr "$N" spec)
expect "down, it goes" remove "$N"
echo "$spec" >/sys/bus/virtbus/config
user_up "$N"
expect "and comes back, and works" ping -c 1 -w 10 10.0.2.2
ip link set "$N" down
expect "the host can take it" host unnic card
