# SPDX-License-Identifier: GPL-2.0
# A network card behind vhost-user that lies: each lie that it knows by name, to both of
# its queues, then LIES at random.
# needs: free shared net
# lane: A B
# memory: 1024
# time: 900
KIND=net
. /bed/tests/guest/lib/prove.sh
. /bed/tests/guest/lib/liar.sh
: "${LIES:=2000}" "${EVERY:=300}"
: "${RING=id-range id-wide id-wrong id-repeat id-random len-long len-huge index-jump index-back}"
# an index one ahead of a receive queue is an entry like any other: an empty packet
: "${BREAK=hdr-buffers-none hdr-buffers-more index-ahead@1}"
for l in $RING; do BREAK="$BREAK $l@0 $l@1"; done
: "${HARMLESS=reorder event-lost delay scribble len-short hdr-flags hdr-csum hdr-gso hdr-gso-size}"
: "${ODD=features-all features-few}"
# shellcheck disable=SC2086
set -- $BREAK $HARMLESS $ODD
plan $(($# + 9))

# the host on the card's wire is the liar: it answers pings
ready() {
	wait_for 20 test -e "/proc/sys/net/ipv6/conf/$N" && echo 1 >"/proc/sys/net/ipv6/conf/$N/disable_ipv6" &&
		/bin/ip link set "$N" up && /bin/ip addr add 10.9.0.1/24 dev "$N" && wait_for 20 link_up
}
link_up() { [ "$(cat "/sys/class/net/$N/carrier")" = 1 ]; }
# real_ping ARGUMENT.. - busybox has one too, which does not look at the data
real_ping() { /bin/ping -n "$@" 10.9.0.2; }
works() { wait_for 20 real_ping -c 3 -i 0.1 -s 1400 -w 5 >/run/ping.works 2>&1 && ! grep -q wrong /run/ping.works; }
poke() { real_ping -c 1 -w 1 -W 1 >/dev/null 2>&1; }
many() { real_ping -f -c 60 -w 5 >/dev/null 2>&1; works; }
let_go() { /bin/ip link set "$N" down 2>/dev/null || :; }
lives_with() { if works; then echo "it works"; else echo "nothing comes through"; fi; }

# dies - the other end is gone: QEMU takes the link down, and another card works
dies() {
	host lie l dies || return
	wait_for 20 link_down || return
	row dies "$(attr "$N" state)" "its link is down"
	anew
}
link_down() { ! link_up; }

prepare() { :; }
use() {
	users=
	for _size in 60 600 1400; do
		/bin/ping -n -f -s $_size -w 600 10.9.0.2 >/run/ping.$_size 2>&1 & users="$users $!"
	done
}
end_use() {
	# shellcheck disable=SC2086
	kill -INT $users 2>/dev/null
	# shellcheck disable=SC2086
	wait $users
	! grep -h wrong /run/ping.* || { echo "wrong data"; return 1; }
}

load virtbus_net stall_report=5
load
expect "virtio_net is not loaded" sh -c "! grep -q '^virtio_net ' /proc/modules"
expect "it works" plug
expect "its data are right" works
links
tell "  lie                then       because"
for l in $BREAK; do expect "$l" must_break "$l"; done
expect "changes" may_break changes
for l in $HARMLESS; do expect "$l" harmless "$l" 3; done
expect "event-storm" harmless event-storm 20000
expect "silent" silent silent@1
expect "dies" dies
for l in $ODD; do expect "$l, from the start" odd "$l"; done
at_random
