# SPDX-License-Identifier: GPL-2.0
# A vector for each queue, one for all queues, or the old interrupt line.
# arch: x86_64
# needs: free pci net
# time: 30
. /bed/ktap.sh
. /bed/disk.sh
. /bed/tests/pci/lib/pci.sh
plan 17
load

# with VECTORS INTERRUPTS - a disk with so many vectors uses these interrupts
with() {
	host disk "v$1" 16M
	_a=$(host plug "v$1" $2)
	wait_for 40 has_disk "$_a" && _n=$(name_at "$_a") || exit
	is "interrupts with vectors=$1" "$(irqs_of "$_n")" "$3"
	mark
	expect "a disk with vectors=$1 works" same_bytes "$(disk_of "$_n")"
	# one that went to the wrong queue is missed, and found after a while
	for _cpu in 1 2; do
		taskset $_cpu dd if="$(disk_of "$_n")" of=/dev/null bs=4k count=50 iflag=direct 2>/dev/null
	done
	is "none of its interrupts was lost" "$(times_said 'was lost')" 0
}

irq_cpus() { cat "/proc/irq/$(sed -n "s/^ *\([0-9]*\):.* $1\$/\1/p" /proc/interrupts)/effective_affinity_list"; }

with 3 "" "config queue0 queue1 "
isnt_same() { [ "$1" != "$2" ]; }
expect "each queue calls a CPU of its own" \
	isnt_same "$(irq_cpus "$_n-queue0")" "$(irq_cpus "$_n-queue1")"
with 2 vectors=2 "config queues "
with 0 vectors=0 " "
host unplug v0 >/dev/null
expect "the line is free again when the disk is gone" test -z "$(irqs_of "$_n")"

# nic NAME INTERRUPTS [KEY=VALUE] - a card with three queues, more than there are CPUs;
# it works with those
nic() {
	host nic "$1" user ${3:-} >/dev/null
	nic_is_there() { _n=$(name_at "$(host address "$1")") && [ "$(attr "$_n" state)" = Connected ]; }
	wait_for 15 nic_is_there "$1"
	is "interrupts of a card${3:+ with $3}" "$(irqs_of "$_n")" "$2"
	ethtool -C "$_n" tx-usecs 0	# each packet's event is asked for
	ip link set "$_n" up
	# Into the void, until enough: a packet that was sent before we could ask has no event.
	ip address add 10.9.0.1/24 dev "$_n"
	ip neighbour add 10.9.0.2 lladdr 02:00:00:00:00:02 dev "$_n"
	ping -q -i 0.1 10.9.0.2 >/dev/null & _ping=$!
	expect "its transmit queue calls" wait_for 15 sh -c "[ \$(cat $BUS/$_n/queue1/events) -ge 3 ]"
	kill "$_ping"
	ip link set "$_n" down
	at_exit "host unnic $1 >/dev/null"
}
nic net4 "config queue0 queue1 queue2 "
nic net3 "config queue0 queue1-2 " vectors=3
nic net2 "config queues " vectors=2
