# SPDX-License-Identifier: GPL-2.0
# Sixteen ports carry bytes at once; one whose host does not listen holds up nobody
# but its own writer, who loses nothing.
# needs: free loop
# lane: A B
# time: 40
. /bed/ktap.sh
. /bed/disk.sh
. /bed/serial.sh
plan 10

serial
ports=$(seq 1 16 | sed "s,^,many.,")
for p in $ports; do port "$p"; done
expect "each has a file" wait_for 15 sh -c "[ \$(ls /dev/virtio-ports | wc -l) = 16 ]"
dd if=/dev/urandom of=/run/sent bs=64k count=8 2>/dev/null

host listen many.1 no
cat /run/sent >"$(path many.1)" & stuck=$!
for p in $ports; do
	[ "$p" = many.1 ] && continue
	head -c 100000 /run/sent >"$(path "$p")" &
done
want=$(sum /run/sent 100000)
bad=
for p in $ports; do
	[ "$p" = many.1 ] && continue
	[ "$(host heard "$p" 100000 60)" = "$want" ] || bad="$bad $p"
done
is "100000 bytes out of each of fifteen at once" "$bad" ""
expect "whose host does not listen, waits" test -d /proc/$stuck
before=$(host bytes many.1)
is "and nothing of it is heard" "$(host bytes many.1)" "$before"
host listen many.1 yes
is "until the host listens: all is there" "$(host heard many.1 524288 30)" "$(sum /run/sent)"
wait $stuck

for p in $ports; do
	eval "want_${p#many.}=\$(host talk $p 51200)"
	at_most 60 dd if="$(path "$p")" of="/run/got.$p" bs=1k count=50 iflag=fullblock 2>/dev/null &
done
wait
bad=
for p in $ports; do
	eval "want=\$want_${p#many.}"
	[ "$(sum "/run/got.$p")" = "$want" ] || bad="$bad $p"
done
is "51200 bytes into each of sixteen at once" "$bad" ""
# closed with output that the host has not: for the host it is open
host listen many.2 no
while host wait VSERPORT_CHANGE 1 id=many.2 >/dev/null 2>&1; do :; done
timeout 2 cat /dev/zero >"$(path many.2)"
refuse "closed, it is open for the host until all was heard" "no VSERPORT_CHANGE" \
	host wait VSERPORT_CHANGE 2 id=many.2 open=False
host listen many.2 yes
expect "then it is closed" host wait VSERPORT_CHANGE 10 id=many.2 open=False
expect "nobody uses it: it can be removed" remove con0
is "and nothing is left of the ports" "$(ls /dev/virtio-ports 2>/dev/null; ls /sys/class/virtbus-port)" ""
