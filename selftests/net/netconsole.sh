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

# with event_idx a queue whose events are off calls once more
cable queues=1 size=16 event_idx=0
far ip neigh replace 10.7.0.1 lladdr "$(cat /sys/class/net/eth1/address)" dev eth2 nud permanent
# nobody else calls the card: no IPv6, and to what is said to all nobody answers that no
# such port is open
echo 1 >/proc/sys/net/ipv6/conf/eth1/disable_ipv6
far sh -c "echo 1 >/proc/sys/net/ipv6/conf/eth2/disable_ipv6"
# what a checker finds while the card is locked would wait for that card
read -r level _ </proc/sys/kernel/printk
echo 3 >/proc/sys/kernel/printk
at_exit "echo $level >/proc/sys/kernel/printk"
forget_log
expect "the kernel prints on the card" load netconsole "netconsole=6665@10.7.0.1/eth1,6666@10.7.0.255/ff:ff:ff:ff:ff:ff"
at_exit rmmod netconsole
# it is counted there that nobody listens
came() { far awk '$1 == "Udp:" && $9 ~ /^[0-9]+$/ { print $9 }' /proc/net/snmp; }
# said N - that many lines have come since $before
said() { [ $(($(came) - before)) -ge "$1" ]; }
before=$(came)
long_lines 5
expect "what it says arrives" wait_for 5 said 5
# the look for lost interrupts would find a packet all the same, within 5 s: count who was called
called=0
for _i in 1 2 3 4; do
	fault eth1 delay
	before=$(came)
	long_lines 25
	fault eth1 none
	# who has some left to send does not poll
	wait_for 5 said 25
	before=$(queue_counter eth1 rx0_events)
	far ping -q -c 1 -w 7 -W 7 10.7.0.1 >/dev/null
	[ "$(queue_counter eth1 rx0_events)" = "$before" ] || called=$((called + 1))
done
is "the receiver is still called for what comes" $called 4
