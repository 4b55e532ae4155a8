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

# job PHASE - as in udp-send-64-512: 512 times 64 bytes
job() {
	_ops=${1##*-} _row=${1%-*}
	_size=${_row##*-} _row=${_row%-*} _before=
	_protocol=${_row%-*} _what=${_row#*-}
	printf '%s\n' "[$1]" stonewall "protocol=$_protocol" "bs=$_size" "size=$((_ops * _size))"
	case $_what in
	send)	printf '%s\n' rw=write "hostname=$PEER" port=7001 ;;
	trip)	printf '%s\n' rw=write pingpong=1 "hostname=$PEER" port=7003 ;;
	receive)
		# asked for when the phase has begun; fio listens already
		_before=" && echo $_protocol $_size $_ops | nc -w 20 $PEER 7000"
		printf '%s\n' rw=read port=7004
		[ "$_protocol" = udp ] || echo listen=1 ;;
	esac
	# in-tree counts what it sent when the host has taken it, soon after
	_count="cp /proc/net/dev $OUT/net.$1"
	printf '%s\n' "exec_prerun=$_count.begin && /bed/bench/begin $1$_before" \
		"exec_postrun=/bed/bench/end $1 && usleep 200000 && $_count.end"
}

jobs() {
	cat <<-END
	[global]
	ioengine=net
	nodelay=1
	thread=1
	gtod_reduce=1
	cpus_allowed=$(($(nproc) - 1))
	END
	phases | while read -r _phase; do job "$_phase"; done
}

# bytes FILE - what the interface has counted, both ways
bytes() { awk '$1 == "eth0:" { print $2 + $10 }' "$1"; }

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
	jobs >$OUT/jobs
	(cd /run && fio --output=$OUT/fio.log $OUT/jobs) || { cat $OUT/fio.log; return 1; }
	for _phase in $(phases); do
		figure "$1" "$_phase" "$(irqs_of "$_phase" 'virtio[0-9]+-|eth0-')" \
			$(($(bytes "$OUT/net.$_phase.end") - $(bytes "$OUT/net.$_phase.begin")))
	done
	rm $OUT/irq.* $OUT/net.*
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
