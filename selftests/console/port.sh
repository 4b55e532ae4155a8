# SPDX-License-Identifier: GPL-2.0
# A named port: a file with the host's name for it, every byte both ways, and the
# host knows who has it open.
# needs: free loop
# lane: A B
# time: 20
. /bed/ktap.sh
. /bed/disk.sh
. /bed/serial.sh
plan 17

serial
port org.test.0
p=$(path org.test.0)
expect "the port has a file with its name" wait_for 15 test -c "$p"
is "sysfs knows the name" "$(cat /sys/class/virtbus-port/con0p1/name)" org.test.0
is "there is no terminal" "$(ls /dev/con0 2>/dev/null)" ""
exec 7<>"$p"
expect "the host learns that it is open" host wait VSERPORT_CHANGE 5 id=org.test.0 open=True
refuse "one at a time" "busy" sh -c ": <>$p"
dd if=/dev/urandom of=/run/sent bs=64k count=16 2>/dev/null
dd if=/run/sent bs=1999 >&7 2>/dev/null
is "a megabyte to the host" "$(host heard org.test.0 1048576)" "$(sum /run/sent)"
want=$(host talk org.test.0 1048576)
at_most 30 dd bs=1k count=1024 iflag=fullblock of=/run/got <&7 2>/dev/null
is "a megabyte from the host" "$(sum /run/got)" "$want"
refused "open, its device stays" "not removed: /dev/virtio-ports/org.test.0 is open;" remove con0
seq 1 2000 >&7
exec 7<&-
wait_for 5 sh -c ": <>$p"
is "what was written before it was closed arrives" "$(host heard org.test.0 $((1048576 + 8893)))" \
	"$({ cat /run/sent; seq 1 2000; } | sha256sum | cut -d' ' -f1)"
expect "then the host learns that it is closed" host wait VSERPORT_CHANGE 5 id=org.test.0 open=False

# the port goes while it is read and written
exec 7<>"$p"
cat <&7 >/dev/null 2>/run/cat.err & reader=$!
host qmp device_del '{"id": "org.test.0"}' >/dev/null
expect "its reader ends when the host takes it" wait_for 5 test ! -d /proc/$reader
expect "and says why" grep -q "No such device" /run/cat.err
refuse "its writer too" "No such device" sh -c "echo x >&7"
expect "the file is gone" wait_for 5 test ! -e "$p"
spec=$(attr con0 spec)
expect "nobody uses the device: it can be removed" remove con0
exec 7<&-
host wait DEVICE_DELETED 5 device=org.test.0 >/dev/null
host unport org.test.0

# it comes again
port org.test.0
echo "$spec" >/sys/bus/virtbus/config
expect "plugged anew it has its file again" wait_for 5 test -c "$p"
echo again >"$p"
is "and works" "$(host heard org.test.0 6)" "$(echo again | sha256sum | cut -d' ' -f1)"
