# SPDX-License-Identifier: GPL-2.0
# Packets through one network card and a tap: through the in-tree driver and through
# virtbus. The other end is selftests/bench/host/peer.
# needs: fio net
# modules: virtio_pci virtio_net
# lane: A
# memory: 1024
# time: 600
. /bed/ktap.sh
. /bed/net.sh
. /bed/tests/bench/lib/bench.sh

PEER=10.8.0.9
# a burst waits here for its reader; nothing is lost
echo 67108864 >/proc/sys/net/core/rmem_default
# neighbours that nobody asked for are no work of a driver
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6

# load_wire PHASE - as in udp-send-64-512: 512 times 64 bytes; with its marks
load_wire() {
	_ops=${1##*-} _row=${1%-*}
	_size=${_row##*-} _row=${_row%-*}
	_protocol=${_row%-*} _ask="echo $_protocol $_size $_ops | nc -w 20 $PEER 7000"
	case $_row in
	*-send)		with_fio "$1" rw=write "hostname=$PEER" port=7001 ;;
	*-trip)		with_fio "$1" rw=write pingpong=1 "hostname=$PEER" port=7003 ;;
	# asked for when the phase has begun; fio listens already
	udp-receive)	with_fio "$1" rw=read port=7004 ;;
	tcp-receive)
		# fio ended before it had all that it asked for, and why was not found
		/bed/bench/begin "$1"
		sh -c "$_ask" >/dev/null
		/bed/bench/end "$1" ;;
	esac
}

# with_fio PHASE OPTION.. - of _protocol, _ops times _size bytes
with_fio() {
	_begin="/bed/bench/begin $1"
	[ "$_row" != udp-receive ] || _begin="$_begin && $_ask"
	cat >$OUT/job <<-END
	[$1]
	ioengine=net
	protocol=$_protocol
	nodelay=1
	thread=1
	gtod_reduce=1
	cpus_allowed=$(($(nproc) - 1))
	bs=$_size
	size=$((_ops * _size))
	exec_prerun=$_begin
	exec_postrun=/bed/bench/end $1
	END
	shift
	printf '%s\n' "$@" >>$OUT/job
	(cd /run && fio --output=$OUT/fio.log $OUT/job) || { cat $OUT/fio.log; return 1; }
}

# phase WHO PHASE
phase() {
	_before=$(bytes)
	load_wire "$2" || return
	# in-tree counts what it sent when the host has taken it, soon after
	usleep 200000
	figure "$1" "$2" "$(irqs_of "$2" 'virtio[0-9]+-|eth0-')" $(($(bytes) - _before))
}

# bytes - what the interface has counted, both ways
bytes() { echo $(($(counter eth0 rx_bytes) + $(counter eth0 tx_bytes))); }

# settings - what an administrator may set, as it is by default, a word each
settings() {
	ethtool -k eth0 | sed 's/ \[.*//'
	ethtool -l eth0 | sed 's/^C/pairs of queues: C/'
	ethtool -c eth0
	ethtool -g eth0 | sed 's/^[RT]X:/ring &/'
	echo "mtu: $(cat /sys/class/net/eth0/mtu)"
} 2>/dev/null
setting_words() {
	settings | awk -F': *' 'NF == 2 && $2 != "" && $2 != "n/a" { gsub(/[ \t:]+/, "-", $1)
		gsub(/[ \t]+/, "", $2); a[$1] = a[$1] ? a[$1] "+" $2 : $2 }
		END { for (i in a) print i "=" a[i] }' | sort
}

# visit WHO - measure
visit() {
	alone "$1" virtio_net || return
	wait_for 15 test -e /sys/class/net/eth0/device || return
	figure "driver:$1" "$(basename "$(readlink -f /sys/class/net/eth0/device/driver)")"
	setting_words >$OUT/settings."$1"
	ip link set eth0 up && ip addr add 10.8.0.1/24 dev eth0 || return
	wait_for 15 /bin/ping -c 1 -w 2 $PEER || return
	for _phase in $(phases); do
		phase "$1" "$_phase" || return
	done
	rm $OUT/irq.*
	ip link set eth0 down
}

in_tree() {
	in_tree_glue load
	modprobe virtio_net
	visit in-tree || return
	rmmod virtio_net
	in_tree_glue unload
}

virtbus() {
	modprobe virtbus_net
	virtbus_glue
	visit virtbus || return
	unload
}

# differences - the defaults that are not the same
differences() {
	[ -e $OUT/settings.in-tree ] && [ -e $OUT/settings.virtbus ] || return 0
	for _word in $(sort $OUT/settings.in-tree $OUT/settings.virtbus | uniq -u | sed 's/=.*//' | sort -u); do
		for _who in in-tree virtbus; do
			figure "set:$_word:$_who" "$(sed -n "s/^$_word=//p" $OUT/settings.$_who | grep . || echo none)"
		done
	done
}
at_exit differences
visits
