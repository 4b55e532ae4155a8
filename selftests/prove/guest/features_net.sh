# SPDX-License-Identifier: GPL-2.0
# What the network driver can do, a row each: its test, and what the host saw of it. The
# card is on a tap with a virtio header, and behind that is host/wire.py.
# needs: free net
# modules: 8021q macvlan
# time: 200
. /bed/tests/guest/lib/prove.sh
. /bed/disk.sh
. /bed/net.sh
. /bed/tests/guest/lib/features.sh
plan 37

give_far() { nc -w 60 "$1" 7001 <"$2"; }
take_far() { nc -w 60 "$1" 7002 </dev/null | sha256sum | cut -d' ' -f1; }
rx_filter() { host filter card; }
qom() { host qmp qom-get "{\"path\": \"/machine/peripheral/card\", \"property\": \"$1\"}"; }
filter_has() { rx_filter | grep -qE "$1"; }
filter_lacks() { ! filter_has "$1"; }

machine_nic card tap,ifname=tap0,script=no,downscript=no,queues=2,vnet_hdr=on mq=on \
	host_mtu=1480 speed=2500 duplex=full mac=52:54:00:aa:bb:cc
modprobe -a 8021q macvlan
expect "virtio_net is not loaded" sh -c "! grep -q '^virtio_net ' /proc/modules"
ip link set "$N" up
ip addr add 10.8.0.1/24 dev "$N"
ip -6 addr add fd08::1/64 dev "$N" nodad
expect "the far end answers" wait_for 20 /bin/ping -c 1 -w 2 10.8.0.9
dd if=/dev/urandom of=/run/file bs=1M count=16 2>/dev/null
SUM=$(sha256sum </run/file | cut -d' ' -f1)
both_ways() { [ "$(take_far "$1")" = "$WANT" ] && [ "$(give_far "$1" /run/file)" = "$SUM" ]; }
expect "files go there and come back, as they were" both_ways 10.8.0.9
expect "over IPv6 too" both_ways fd08::9

for f in VIRTIO_F_VERSION_1 VIRTIO_RING_F_INDIRECT_DESC VIRTIO_RING_F_EVENT_IDX; do
	shows "$f" user/queue-add accepted card $f
done
shows VIRTIO_NET_F_CSUM net/offload accepted card VIRTIO_NET_F_CSUM "@from_partial@ packets on the tap with their sums left to it"
shows VIRTIO_NET_F_HOST_TSO4 net/offload accepted card VIRTIO_NET_F_HOST_TSO4 "@from_large4@ super-frames on the tap"
shows VIRTIO_NET_F_HOST_TSO6 net/offload accepted card VIRTIO_NET_F_HOST_TSO6 "@from_large6@ super-frames on the tap"
shows VIRTIO_NET_F_HOST_ECN none accepted card VIRTIO_NET_F_HOST_ECN
# given TAPS-FEATURE - what QEMU has told the tap that the guest takes
given() { [ "$(host tap tap0 "$1")" = on ] && echo "the tap's $1 is on; $2"; }
shows VIRTIO_NET_F_GUEST_CSUM net/offload given tx-checksum-ip-generic "@to_partial@ packets to the guest without sums"
shows VIRTIO_NET_F_GUEST_TSO4 net/offload given tx-tcp-segmentation "@to_large4@ super-frames to the guest"
shows VIRTIO_NET_F_GUEST_TSO6 net/offload given tx-tcp6-segmentation "@to_large6@ super-frames to the guest"
shows VIRTIO_NET_F_GUEST_ECN none given tx-tcp-ecn-segmentation "as the guest asked"
shows VIRTIO_NET_F_MRG_RXBUF net/offload accepted card VIRTIO_NET_F_MRG_RXBUF "a packet of @to_longest@ bytes arrived, in buffers of 4096"

# the guest's bytes are the tap's but for the few that came before the card was up, or that
# its filter left out; those of its queues are as many
counted() {
	_here=$(counter "$N" rx_bytes) _there=$(host tap tap0 tx_bytes)
	_queues=$(ethtool -S "$N" | awk '$1 ~ /^rx[0-9]+_bytes:/ { n += $2 } END { print n }')
	echo "the tap has sent $_there bytes, the card has received $_here, its queues $_queues"
	[ "$_queues" = "$_here" ] && [ $((_there - _here)) -ge 0 ] && [ $((_there - _here)) -lt 5000 ] &&
		[ "$_here" -gt 33000000 ]
}
shows "statistics, of the card and of its queues" prove/features counted
same_size() {
	_n=$(ethtool -g "$N" | awk '/^RX:/ { n = $2 } END { print n }')
	[ "$(host ring card 0 vring-num)" = "$_n" ] && echo "QEMU: the queues have $_n places, as ethtool -g says"
}
shows "rings" prove/features same_size
# reaped - what was sent is finished without an interrupt for each
reaped() {
	_used=$(($(attr "$N" queue1/used) + $(attr "$N" queue3/used)))
	_events=$(($(attr "$N" queue1/events) + $(attr "$N" queue3/events)))
	echo "QEMU: used index $(host ring card 1 used-idx) and $(host ring card 3 used-idx); $_events interrupts for $_used packets"
	[ $_events -lt $((_used / 4)) ]
}
shows "transmit completions without interrupts" net/pair reaped
limited() {
	_l=$(cat "/sys/class/net/$N"/queues/tx-*/byte_queue_limits/limit | sort -n | tail -n 1)
	[ "$_l" -gt 0 ] && echo "only the guest sees it: as many as $_l bytes with the host at a time"
}
shows "BQL" prove/features limited

# queues of transmit0 and transmit1 move while two streams run
moved() {
	_a=$(host ring card 1 used-idx) _b=$(host ring card 3 used-idx)
	for _cpu in 0 1; do
		taskset $((1 << _cpu)) nc -w 30 10.8.0.9 7001 </run/file >/dev/null &
	done
	wait
	_c=$(host ring card 1 used-idx) _d=$(host ring card 3 used-idx)
	echo "QEMU: used indices of the transmit queues $_a -> $_c and $_b -> $_d"
}
two_move() { moved >/run/moved && cat /run/moved && [ "$_a" != "$_c" ] && [ "$_b" != "$_d" ]; }
one_moves() { ethtool -L "$N" combined 1 && moved >/run/moved && cat /run/moved && [ "$_a" != "$_c" ] && [ "$_b" = "$_d" ]; }
shows VIRTIO_NET_F_MQ net/queues two_move
shows "pairs of queues, 2 -> 1" net/queues one_moves
ethtool -L "$N" combined 2

# cpus QUEUE - where its interrupts go
cpus() { cat "/proc/irq/$(sed -n "s/^ *\([0-9]*\):.* $N-queue$1\$/\1/p" /proc/interrupts)/smp_affinity_list"; }
aimed() {
	[ "$BED_ARCH" != s390x ] || { echo "adapter interrupts: the machine chooses"; return; }
	_all="$(cpus 0) $(cpus 1) $(cpus 2) $(cpus 3)"
	[ "$_all" = "0 0 1 1" ] && echo "only the guest sees it: the vectors of the queues go to processors $_all"
}
shows "a processor for each pair" prove/features aimed

commanded() {
	_a=$(host ring card 4 used-idx)
	ethtool -L "$N" combined 1 && ethtool -L "$N" combined 2
	_b=$(host ring card 4 used-idx)
	[ "$_b" = $((_a + 2)) ] && echo "QEMU: used index of the control queue $_a -> $_b by two commands"
}
shows VIRTIO_NET_F_CTRL_VQ net/queues commanded

small_ones() {
	ethtool -K "$N" rx-gro-hw off && [ "$(host tap tap0 tx-tcp-segmentation)" = off ] || return
	_sent=$(host tap tap0 tx_packets) _got=$(awk '/^Ip: [0-9]/ { print $4 }' /proc/net/snmp)
	[ "$(take_far 10.8.0.9)" = "$WANT" ] || return
	_sent=$(($(host tap tap0 tx_packets) - _sent))
	_got=$(($(awk '/^Ip: [0-9]/ { print $4 }' /proc/net/snmp) - _got))
	echo "$_sent $_got" >/run/gro
	echo "the tap's tx-tcp-segmentation went off by ethtool -K rx-gro-hw off"
}
shows VIRTIO_NET_F_CTRL_GUEST_OFFLOADS net/offload small_ones
gathered() {
	read -r _sent _got </run/gro
	[ "$_got" -lt $((_sent / 2)) ] && echo "the tap sent $_sent packets, the guest's IP had $_got of them"
}
shows "GRO" prove/features gathered
ethtool -K "$N" rx-gro-hw on

shows VIRTIO_NET_F_MTU net/host_more sh -c "[ \$(cat /sys/class/net/$N/mtu) = 1480 ] && echo 'host_mtu=$(qom host_mtu), and the interface has it'"
shows VIRTIO_NET_F_SPEED_DUPLEX net/host_more sh -c "ethtool $N | grep -q 'Speed: 2500Mb/s' && echo 'speed=$(qom speed), and ethtool says so'"
shows VIRTIO_NET_F_MAC net/host sh -c "[ \$(cat /sys/class/net/$N/address) = 52:54:00:aa:bb:cc ] && echo 'mac=$(qom mac | tr -d '"'), and the interface has it'"

link() { host qmp set_link "{\"name\": \"card\", \"up\": $1}" >/dev/null; }
carrier() { [ "$(cat "/sys/class/net/$N/carrier")" = "$1" ]; }
down_and_up() {
	link false && wait_for 10 carrier 0 && link true && wait_for 10 carrier 1 &&
		echo "by set_link the interface lost its carrier and had it again"
}
shows VIRTIO_NET_F_STATUS net/host down_and_up
host qmp announce-self '{"initial": 50, "max": 50, "rounds": 2, "step": 10}' >/dev/null
sleep 2
shows VIRTIO_NET_F_GUEST_ANNOUNCE net/host_more echo "asked by announce-self: @from_announcements@ ARP announcements on the tap"

ip link set "$N" promisc on
shows VIRTIO_NET_F_CTRL_RX net/host becomes_so "query-rx-filter: promiscuous true" filter_has '"promiscuous": true'
ip link set "$N" promisc off
wait_for 5 filter_has '"promiscuous": false'
ip maddr add 33:33:12:34:56:78 dev "$N"
shows "filter of multicast addresses" net/host becomes_so "query-rx-filter: multicast-table has 33:33:12:34:56:78" \
	filter_has '"multicast-table": \[[^]]*33:33:12:34:56:78'
ip maddr del 33:33:12:34:56:78 dev "$N"
ip link add link "$N" name other address 52:54:00:12:34:56 type macvlan
ip link set other up
shows "filter of unicast addresses" prove/features becomes_so "query-rx-filter: unicast-table has 52:54:00:12:34:56" \
	filter_has '"unicast-table": \[[^]]*52:54:00:12:34:56'
ip link delete other
ip link add link "$N" name vlan7 type vlan id 7
ip link set vlan7 up
shows VIRTIO_NET_F_CTRL_VLAN net/host_more becomes_so "query-rx-filter: vlan-table has 7" filter_has '"vlan-table": "(0,7|0-4095)"'
ip link delete vlan7
ip link set "$N" down
ip link set "$N" address 52:54:00:dd:ee:ff
shows VIRTIO_NET_F_CTRL_MAC_ADDR net/host becomes_so "query-rx-filter: main-mac is 52:54:00:dd:ee:ff" \
	filter_has '"main-mac": "52:54:00:dd:ee:ff"'
let_go() {
	remove "$N" && case " $(host agreed card) " in
	*" VIRTIO_CONFIG_S_DRIVER_OK "*) return 1 ;;
	*) echo "QEMU: the device is reset, nobody drives it" ;;
	esac
}
shows "removed by name" net/host let_go
