# SPDX-License-Identifier: GPL-2.0
# 64 MB from the host and back; iperf3 both ways and a ping of every size with the guest
# of net_peer.sh, over a wire, the TCP port WIRE of the
# host.
# needs: free net
# time: 600
. /bed/tests/guest/lib/prove.sh
. /bed/disk.sh
. /bed/net.sh
plan 11

MB64=67108864
expect "virtio_net is not loaded" sh -c "! grep -q '^virtio_net ' /proc/modules"
expect "a card that leads to the host" machine_nic card user
user_up "$N"
tell "$N is driven by $(basename "$(readlink "$BUS/$N/driver")"), below $(driver_of "$(host address card)")"
begin=$(now_ms)
set -- $(fetch $MB64)
is "64 MB from a server on the host" "$2" "$1"
tell "64 MB from the host: $(($(now_ms) - begin)) ms"
begin=$(now_ms)
set -- $(give /run/fetched)
is "and back" "$2" "$1"
tell "64 MB to the host: $(($(now_ms) - begin)) ms"
rm /run/fetched
expect "a card that leads to another guest" wait_for 180 machine_nic wire "socket,connect=$WIRE" mac=52:54:00:00:09:01
N=$(bus_name wire)
ip link set "$N" up
ip addr add 10.9.0.1/24 dev "$N"
expect "who is there" wait_for 180 ping -c 1 -w 2 10.9.0.2
wait_for 30 iperf3 -c 10.9.0.2 -t 1
for way in "to it" "from it"; do
	[ "$way" = "to it" ] && more= || more=-R
	expect "iperf3 $way for $SECONDS_EACH s" timeout $((SECONDS_EACH + 60)) iperf3 -c 10.9.0.2 -t "$SECONDS_EACH" $more
	tell "iperf3 $way: $(awk '/sender/ { print "sent at " $7, $8 ", " $9 " sent again" } /receiver/ { print "received at " $7, $8 }' /run/ktap.out | tr '\n' ';')"
done
# four at once; where a program with libraries takes 70 ms to start, busybox' one, which hears
# the answers to all that are at once and loses its own, and does not look at the data: the
# kernel's checksum is for that
pinger="/bin/ping" at_once=4
[ "$BED_ARCH" != s390x ] || pinger="busybox ping" at_once=1
echo 0 2147483647 >/proc/sys/net/ipv4/ping_group_range
begin=$(now_ms)
# shellcheck disable=SC2086
all_sizes() { seq 0 "$STEP" 65507 | xargs -P $at_once -n 1 $pinger -q -c 1 -w 20 10.9.0.2 -s >/run/pings 2>&1; }
all_sizes
# what was lost, for a reader of a failure
grep -B1 -A1 -E ' 0 (packets )?received' /run/pings | head -n 9
answered=$(grep -cE ' 1 (packets )?received' /run/pings)
is "a ping of every size is answered" "$answered" "$((65507 / STEP + 1))"
tell "$answered pings of 0 to 65507 bytes: $((($(now_ms) - begin) / 1000)) s"
expect "their checksums are right" icmp_is_right
echo over | nc -w 5 10.9.0.2 7009
expect "nothing was malformed" sh -c "[ \$(ethtool -S $N | awk '/_errors/ { n += \$2 } END { print n }') = 0 ]"
ip link set "$N" down
