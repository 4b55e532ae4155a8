# SPDX-License-Identifier: GPL-2.0
# What is written to a console of the machine arrives on the host as it was written.
# Without the in-tree driver devices are ours by themselves.
# needs: loop
# append: initcall_blacklist=virtio_ccw_init
# time: 10
. /bed/ktap.sh
. /bed/disk.sh
plan 5

load virtbus_console
if [ "$BED_ARCH" = s390x ]; then
	load virtbus_ccw
	where='"driver": "virtio-serial-ccw", "devno": "fe.0.1100"'
else
	load virtbus_pci
	where='"driver": "virtio-serial-pci", "bus": "rp7"'
fi
host qmp chardev-add '{"id": "ring", "backend": {"type": "ringbuf", "data": {"size": 65536}}}' >/dev/null
host qmp device_add "{$where, \"id\": \"serial\"}" >/dev/null
expect "the console is there" wait_for 15 test -c /dev/con0
host qmp device_add '{"driver": "virtconsole", "id": "con", "bus": "serial.0", "chardev": "ring"}' >/dev/null
is "what carries it" "$(attr con0 transport)" "$(machine_glue | cut -d_ -f2)"
exec 7<>/dev/con0
stty -F /dev/con0 raw -echo
seq 1 3000 >&7
exec 7<&-
host qmp ringbuf-read '{"device": "ring", "size": 65536}' | sed 's/^"//; s/\\n/\n/g; s/"$//' >/run/got
{ seq 1 3000; echo; } >/run/sent
expect "13893 bytes, as they were written" cmp /run/sent /run/got
expect "it can be removed by name" sh -c "echo 1 >$BUS/con0/remove"
is "and has no terminal then" "$(ls /dev/con0 2>/dev/null)" ""
