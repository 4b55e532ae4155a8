# SPDX-License-Identifier: GPL-2.0
# What the kernel says leaves by a card, more of it than the host takes: the card goes on
# receiving afterwards.
# needs: loop net
# modules: netconsole
# time: 25
. /bed/ktap.sh
. /bed/loop.sh
. /bed/disk.sh
. /bed/net.sh
. /bed/serial.sh
plan 3

cable queues=1 size=16
far_mac=$(far cat /sys/class/net/eth2/address)
ip neigh replace 10.7.0.2 lladdr "$far_mac" dev eth1 nud permanent
far ip neigh replace 10.7.0.1 lladdr "$(cat /sys/class/net/eth1/address)" dev eth2 nud permanent
forget_log
expect "the kernel prints on the card" load netconsole "netconsole=6665@10.7.0.1/eth1,6666@10.7.0.2/$far_mac"
at_exit rmmod netconsole
# nobody listens to that port, and it is counted
came() { far awk '$1 == "Udp:" && $3 ~ /^[0-9]+$/ { print $3 }' /proc/net/snmp; }
before=$(came)
all_came() { [ $(($(came) - before)) -ge 5 ]; }
long_lines 5
expect "what it says arrives" wait_for 5 all_came
heard=0
# one look for lost interrupts, which is every 5 s, may fall into this
for _i in 1 2 3 4; do
	fault eth1 delay
	long_lines 25
	fault eth1 none
	far ping -q -c 1 -w 2 -W 2 10.7.0.1 >/dev/null && heard=$((heard + 1))
done
is "whoever calls the card just then is answered" $heard 4
