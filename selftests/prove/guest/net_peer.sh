# SPDX-License-Identifier: GPL-2.0
# The other end of net.sh's wire.
# needs: free net
# time: 600
. /bed/tests/guest/lib/prove.sh
. /bed/disk.sh
. /bed/net.sh
plan 4

expect "a card that leads to another guest" machine_nic wire "socket,listen=$WIRE" mac=52:54:00:00:09:02
ip link set "$N" up
ip addr add 10.9.0.2/24 dev "$N"
iperf3 -s -D
expect "it says that it is over" sh -c "nc -l -p 7009 | grep over"
killall iperf3
expect "what was asked had right checksums" icmp_is_right
expect "nothing was malformed" sh -c "[ \$(ethtool -S $N | awk '/_errors/ { n += \$2 } END { print n }') = 0 ]"
ip link set "$N" down
