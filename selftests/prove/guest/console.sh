# SPDX-License-Identifier: GPL-2.0
# 4 MB of random bytes each way through a port, 4 MB out through a console; and a
# host that is silent for QUIET seconds, while others talk.
# needs: free
# time: 120
. /bed/tests/guest/lib/prove.sh
. /bed/disk.sh
. /bed/serial.sh
plan 11

MB4=4194304
serial
port data.0
con screen file
port talks.0
expect "virtio_console is not loaded" sh -c "! grep -q '^virtio_console ' /proc/modules"
expect "the console and the ports are there" wait_for 20 sh -c \
	"[ -c /dev/con0 ] && [ -c $(path data.0) ] && [ -c $(path talks.0) ]"
tell "con0 is driven by $(basename "$(readlink $BUS/con0/driver)"), below $(driver_of "$(host address serial)")"

dd if=/dev/urandom of=/run/sent bs=64k count=64 2>/dev/null
begin=$(now_ms)
cat /run/sent >"$(path data.0)"
is "4 MB out through a port" "$(host heard data.0 $MB4 120)" "$(sum /run/sent)"
tell "out through a port: $((($(now_ms) - begin))) ms"
begin=$(now_ms)
want=$(host talk data.0 $MB4)
timeout 120 dd if="$(path data.0)" of=/run/got bs=64k iflag=fullblock count=64 2>/dev/null
is "4 MB in" "$(sum /run/got)" "$want"
tell "in through a port: $((($(now_ms) - begin))) ms"
stty -F /dev/con0 raw -echo
begin=$(now_ms)
cat /run/sent >/dev/con0
is "4 MB out through con0 into a file" "$(host heard screen $MB4 120)" "$(sum /run/sent)"
tell "out through con0: $((($(now_ms) - begin))) ms"

host listen data.0 no
cat /run/sent >"$(path data.0)" & stuck=$!
sleep 2
before=$(host bytes data.0)
begin=$(now_ms) rounds=0
while [ $(($(now_ms) - begin)) -lt $((QUIET * 1000)) ]; do
	head -c 65536 /run/sent >"$(path talks.0)"
	rounds=$((rounds + 1))
	[ "$(host heard talks.0 $((rounds * 65536)) 20 | cut -c1-1)" ] || break
done
expect "another port talks meanwhile" test $rounds -gt 3
tell "$rounds times 64 KB through another port in $QUIET s"
expect "who writes to the silent one waits" test -d /proc/$stuck
is "and is not heard" "$(host bytes data.0)" "$before"
host listen data.0 yes
is "until the host listens again" "$(host heard data.0 $((2 * MB4)) 60)" \
	"$(cat /run/sent /run/sent | sha256sum | cut -d' ' -f1)"
wait $stuck
expect "the log has nothing about it" sh -c "! dmesg | grep -qE 'blocked for|stall'"
expect "it can be removed" remove con0
