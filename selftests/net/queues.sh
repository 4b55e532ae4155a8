# SPDX-License-Identifier: GPL-2.0
# Pairs of queues: as many as processors, fewer on request, changed under load.
# needs: loop net
# time: 25
. /bed/ktap.sh
. /bed/net.sh
[ "$(nproc)" = 2 ] || skip_all "what is checked is for two processors"
plan 10

cable queues=4
pairs() { ethtool -l eth1 | awk '/^Combined/ { n = $2 } END { print n }'; }
# used PAIR - packets that the pair has sent
used() { queue_counter eth1 "tx$1_packets"; }
# load SECONDS - TCP streams from both processors, one way and the other
streams() {
	for _cpu in 0 1; do
		taskset $((1 << _cpu)) iperf3 -c 10.7.0.2 -p 520$_cpu -t "$1" ${2:-} >/run/iperf.$_cpu 2>&1 &
	done
}
for p in 5200 5201; do far iperf3 -s -p $p -D; done
wait_for 5 listens far 5200 && wait_for 5 listens far 5201

is "a pair for each processor" "$(pairs)" 2
refuse "no more of them" "" ethtool -L eth1 combined 3
refuse "and no less than one" "" ethtool -L eth1 combined 0
streams 8 --bidir
both_used() { [ "$(used 0)" -gt 100 ] && [ "$(used 1)" -gt 100 ]; }
expect "both are used" wait_for 6 both_used
expect "both receive" test "$(queue_counter eth1 rx1_packets)" -gt 100
expect "one pair, under load" ethtool -L eth1 combined 1
sleep 1
before=$(used 1)
sleep 2
is "the other is not used any more" "$(($(used 1) - before))" 0
expect "two again, under load" ethtool -L eth1 combined 2
wait
expect "no stream broke" sh -c "grep -c 'iperf Done' /run/iperf.0 /run/iperf.1 && ! grep -l error /run/iperf.*"
# a stream stays on its queue: new ones are for both
before=$(used 1)
streams 4
expect "and it is used" wait_for 20 sh -c "[ \$(ethtool -S eth1 | awk '\$1 == \"tx1_packets:\" { print \$2 }') -gt $((before + 20)) ]"
wait
