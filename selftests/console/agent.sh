# SPDX-License-Identifier: GPL-2.0
# Debian's qemu-guest-agent, as it is, serves the host through its port.
# needs: free loop agent
# time: 20
. /bed/ktap.sh
. /bed/disk.sh
. /bed/serial.sh
plan 7

serial
id=org.qemu.guest_agent.0
port $id
expect "it has its port" wait_for 15 test -c "$(path $id)"
dd if=/dev/urandom of=/run/megabyte bs=64k count=16 2>/dev/null
mkdir -p /var/run
# nothing is said of where its port is
qemu-ga >/run/agent.log 2>&1 & agent=$!
expect "the host learns that it listens" host wait VSERPORT_CHANGE 30 id=$id open=True
is "guest-ping" "$(host agent $id guest-ping)" "{}"
is "the machine is this one" "$(host agent $id guest-get-osinfo | grep -o "$(uname -r)" | head -n 1)" "$(uname -r)"
is "guest-file-read of a megabyte" "$(host agentfile $id /run/megabyte 1048576)" "$(sum /run/megabyte)"
refused "while it runs the device stays" "not removed: /dev/virtio-ports/org.qemu.guest_agent.0 is open;" remove con0
kill $agent; wait $agent
expect "it can be removed when the agent is gone" remove con0
