# SPDX-License-Identifier: GPL-2.0
# A console device is taken from the in-tree driver when nothing of it is in use,
# and given back in working order.
# needs: loop
# modules: virtio_pci virtio_console
# time: 20
. /bed/ktap.sh
. /bed/disk.sh
. /bed/serial.sh
plan 13

modprobe virtio_pci; modprobe virtio_console
serial
con claim.con
port claim.port
a=$(host address serial)
# vport0p1, where the in-tree driver has no other device
theirs() { for _p in "/sys/bus/$BED_ROAD/devices/$a"/virtio*/virtio-ports/*p1; do echo "/dev/${_p##*/}"; done; }
port_is_there() { test -c "$(theirs)"; }
expect "the in-tree driver has it" wait_for 15 port_is_there
echo one >"$(theirs)"
is "and it works" "$(host heard claim.port 4)" "$(echo one | sha256sum | cut -d' ' -f1)"
glue=$(machine_glue)
claim() { echo "$a" >"/sys/module/$glue/parameters/claim"; }
log_says() { dmesg | tail -n 5 | grep -qE "$1"; }

exec 7<>"$(theirs)"
refuse "a port that is open is not taken" "busy" claim
expect "the log says which" log_says "not claimed: its port vport[0-9]+p1 is open"
exec 7<&-
exec 7<>/dev/hvc0
refuse "nor is an open console" "busy" claim
expect "the log says which" log_says "not claimed: hvc0, which may be its terminal, is open"
exec 7<&-

expect "when nothing is in use it is taken" claim
expect "with its port" wait_for 10 test -c "$(path claim.port)"
expect "and its console" wait_for 10 test -c /dev/con0
echo two >"$(path claim.port)"
is "it works" "$(host heard claim.port 8)" "$(printf 'one\ntwo\n' | sha256sum | cut -d' ' -f1)"

echo "$a" >"/sys/bus/$BED_ROAD/drivers/$glue/unbind"
expect "unbound it goes back" wait_for 20 port_is_there
is "nothing of ours is left" "$(ls /dev/con0 /dev/virtio-ports 2>/dev/null)" ""
echo three >"$(theirs)"
is "and works there" "$(host heard claim.port 14)" "$(printf 'one\ntwo\nthree\n' | sha256sum | cut -d' ' -f1)"
