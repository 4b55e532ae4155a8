# SPDX-License-Identifier: GPL-2.0
# The other guest of prove-power: it says what it hears, to one machine after the other.
# needs: free net
# lane: A
# time: 3000
. /bed/tests/guest/lib/prove.sh
. /bed/disk.sh
. /bed/net.sh
plan 3

expect "a card that leads to another guest" machine_nic wire "socket,listen=$WIRE" mac=52:54:00:00:09:02
ip link set "$N" up
ip addr add 10.9.0.2/24 dev "$N"
nc -ll -p 7007 -e cat & echo=$!
expect "it says that it is over" sh -c "until nc -l -p 7009 | grep over; do :; done"
kill $echo
expect "nothing was malformed" sh -c "[ \$(ethtool -S $N | awk '/_errors/ { n += \$2 } END { print n }') = 0 ]"
ip link set "$N" down
