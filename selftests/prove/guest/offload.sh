# SPDX-License-Identifier: GPL-2.0
# Through a tap with a virtio header and two pairs of queues: files to and from 10.8.0.9
# (host/wire.py), and pairs changed meanwhile. The host counts what it sees.
# needs: free net
# time: 120
. /bed/tests/guest/lib/prove.sh
. /bed/disk.sh
. /bed/net.sh
plan 15

# what came back is the sum of what was sent; its sender hears it when it has said all
give_far() { nc -w 60 10.8.0.9 7001 <"$1"; }
take_far() { nc -w 60 10.8.0.9 7002 </dev/null | sha256sum | cut -d' ' -f1; }
pairs() { ethtool -l "$N" | awk '/^Combined/ { n = $2 } END { print n }'; }

machine_nic card tap,ifname=tap0,script=no,downscript=no,queues=2,vnet_hdr=on mq=on
expect "a card on the tap" nic_is_there card
is "has two pairs of queues" "$(pairs)" 2
ip link set "$N" up
ip addr add 10.8.0.1/24 dev "$N"
expect "the far end answers" wait_for 20 /bin/ping -c 1 -w 2 10.8.0.9
is "checksums are left to the host" "$(offload here "$N" tx-checksum-ip-generic)" on
is "so are large packets" "$(offload here "$N" tx-tcp-segmentation)" on
is "and it may give us such" "$(offload here "$N" rx-gro-hw)" on
begin=$(now_ms)
is "32 MB arrive here as they were" "$(take_far)" "$WANT"
tell "32 MB from the far end: $(($(now_ms) - begin)) ms"
dd if=/dev/urandom of=/run/file bs=1M count=32 2>/dev/null
sum=$(sha256sum </run/file | cut -d' ' -f1)
begin=$(now_ms)
is "32 MB arrive there as they were" "$(give_far /run/file)" "$sum"
tell "32 MB to the far end: $(($(now_ms) - begin)) ms"

# both ways at once while pairs come and go
(for _ in 1 2 3; do give_far /run/file; done >/run/given) & giver=$!
(for _ in 1 2 3; do take_far; done >/run/taken) & taker=$!
rounds=0
while [ -d /proc/$giver ] || [ -d /proc/$taker ]; do
	ethtool -L "$N" combined 1 && ethtool -L "$N" combined 2 || break
	rounds=$((rounds + 1))
done
wait
tell "$rounds times from 2 pairs to 1 and back under load"
expect "pairs change under load" test $rounds -ge 3
is "what was sent meanwhile is right" "$(sort -u /run/given)" "$sum"
is "and what came" "$(sort -u /run/taken)" "$WANT"
ethtool -K "$N" gro-hw off 2>/dev/null || ethtool -K "$N" rx-gro-hw off
is "large packets can be refused" "$(offload here "$N" rx-gro-hw)" off
is "then they come in small ones, as they were" "$(take_far)" "$WANT"
expect "nothing was malformed" sh -c "[ \$(ethtool -S $N | awk '/_errors/ { n += \$2 } END { print n }') = 0 ]"
ip link set "$N" down
expect "and it goes" remove "$N"
