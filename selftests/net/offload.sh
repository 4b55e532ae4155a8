# SPDX-License-Identifier: GPL-2.0
# What the device does for us: checksums and packets larger than the network's, both
# ways; each can be turned off, and the bytes stay the same.
# needs: loop net
# time: 25
. /bed/ktap.sh
. /bed/net.sh
plan 14

cable
dd if=/dev/urandom of=/run/file bs=1M count=4 2>/dev/null
want=$(sha256sum </run/file)

# send ADDRESS - the file through the cable; sets SIZE to the mean size of a packet
send() {
	# one with nothing to say would close the line at once
	far nc -l -p 7000 >/run/got <&$SILENCE & _listener=$!
	wait_for 5 listens far 7000
	_p=$(counter eth1 tx_packets) _b=$(counter eth1 tx_bytes)
	# so much at a time: with one processor each piece is acknowledged before the next one
	nc -w 20 "$1" 7000 -e dd if=/run/file bs=256k 2>/dev/null
	wait $_listener
	SIZE=$((($(counter eth1 tx_bytes) - _b) / ($(counter eth1 tx_packets) - _p)))
	[ "$(sha256sum </run/got)" = "$want" ]
}

is "checksums are left to the device" "$(offload here eth1 tx-checksum-ip-generic)" on
is "so are large packets" "$(offload here eth1 tx-tcp-segmentation)" on
expect "a file arrives" send 10.7.0.2
expect "in large packets ($SIZE bytes)" test "$SIZE" -gt 1514
expect "over IPv6 too" send fd07::2
expect "in large packets ($SIZE bytes)" test "$SIZE" -gt 1514
ethtool -K eth1 tso off gso off
expect "with our own segments it arrives" send 10.7.0.2
expect "in small packets ($SIZE bytes)" test "$SIZE" -le 1514
ethtool -K eth1 tx off
is "checksums can be our own" "$(offload here eth1 tx-checksum-ip-generic)" off
expect "it arrives" send 10.7.0.2
ethtool -K eth1 sg off
expect "and in one piece each" send 10.7.0.2
ethtool -K eth1 tx on sg on tso on gso on
expect "all of it again" send 10.7.0.2
expect "in large packets ($SIZE bytes)" test "$SIZE" -gt 1514
is "nothing was malformed" "$(far ethtool -S eth2 | awk '/rx.*_errors/ { n += $2 } END { print n }')" 0
