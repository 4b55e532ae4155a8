# SPDX-License-Identifier: GPL-2.0
# An error of the host's disk is an error of one request, and nothing more.
# needs: disks=1
# time: 6
. /bed/ktap.sh
. /bed/disk.sh
plan 8

start
host disk bad 16M
host qmp blockdev-add '{"driver":"blkdebug","node-name":"debug","image":"bad","inject-error":[{"event":"none","iotype":"read","errno":5,"once":true,"sector":2048},{"event":"none","iotype":"write","errno":5,"once":true,"sector":4096}]}' >/dev/null
host plug bad drive=debug rerror=report werror=report >/dev/null
at_exit "host unplug bad"
wait_for 15 plugged bad
N=$(bus_name bad)
at() { dd if=/dev/$N of=/dev/null bs=4k count=1 skip=$1 iflag=direct; }
put() { dd if=/dev/zero of=/dev/$N bs=4k count=1 seek=$1 oflag=direct conv=notrunc; }
mark
refuse "a read fails" "Input/output error" at 256
expect "the log has the sector" said "I/O error, dev $N, sector 2048 op 0x0:.READ"
expect "another sector is read" at 300
expect "and this one the next time" at 256
refuse "a write fails" "Input/output error" put 512
expect "and not the next time" put 512
expect "the device is well" is_disk $N
is "each was reported once" "$(times_said 'I/O error, dev')" 2
