# SPDX-License-Identifier: GPL-2.0
# A queue that is full goes on; an interrupt that was lost costs no packet; a host that
# sends nothing is waited for, and the admin is told; by force the card goes at once.
# needs: loop net
# time: 25
. /bed/ktap.sh
. /bed/loop.sh
. /bed/disk.sh
. /bed/net.sh
plan 12

load virtbus_net stall_report=1
cable queues=1 size=16
far iperf3 -s -D
wait_for 5 listens far 5201
# nothing comes back that would look after what was sent
expect "a queue that is full goes on by itself" at_most 30 iperf3 -u -b 0 -n 4M -l 1000 -c 10.7.0.2
ethtool -C eth1 tx-usecs 0
expect "and without a timer" at_most 30 iperf3 -u -b 0 -n 2M -l 1000 -c 10.7.0.2
# who waits for an address gives up after three seconds
ip neigh replace 10.7.0.2 lladdr "$(far cat /sys/class/net/eth2/address)" dev eth1 nud permanent
far ip neigh replace 10.7.0.1 lladdr "$(cat /sys/class/net/eth1/address)" dev eth2 nud permanent
fault eth1 event-lost
expect "an answer whose interrupt was lost is found" ping -c 1 -w 12 -W 12 10.7.0.2
fault eth1 none
sleep 3		# so is the last one
expect "with interrupts it is there at once" ping -c 3 -i 0.2 -w 2 -W 1 10.7.0.2
ethtool -C eth1 tx-usecs 1000
# after some load more than one packet may be on its way
iperf3 -u -b 0 -n 2M -l 1000 -c 10.7.0.2 >/dev/null
killall iperf3
# what was sent stays for a while when nobody looks: it is new each time somebody looks
ip neigh replace 10.7.0.77 lladdr 02:00:00:00:00:77 dev eth1 nud permanent
mark
ethtool -C eth1 tx-usecs 1000000
for _i in 1 2 3 4; do
	ping -c 1 -W 1 10.7.0.77 >/dev/null
	usleep 1200000
done
is "a packet now and then is no stall" "$(times_said stalled)" 0
ethtool -C eth1 tx-usecs 1000
mark
fault eth1 silent
ping -c 2 -i 0.2 -w 1 -W 1 10.7.0.2 >/dev/null
expect "the admin is told" wait_for 15 said "eth1: stalled: queue transmit0 waits for the host for [0-9]+ s and waits on"
is "the card waits on" "$(attr eth1 state)" Connected
timers() { awk '$1 == "HRTIMER:" { n = $2 + $3 } END { print n }' /proc/softirqs; }
before=$(timers)
sleep 2
n=$(($(timers) - before))
expect "and no timer runs all the time ($n in 2 s)" test $n -lt 200
refuse "up, it stays" "" remove eth1
within 50 "by force it goes" remove eth1 force
expect "nothing is left of it" absent eth1
config eth1=pair,eth2
set_up here eth1 1
expect "made anew it works" ping -c 3 -w 5 10.7.0.2
