# SPDX-License-Identifier: GPL-2.0
# A forced removal does not ask: within five seconds the device is gone, I/O ends
# with an error, and the name is free.
# needs: loop disks=1
# modules: ext4
# time: 10
. /bed/ktap.sh
. /bed/disk.sh
plan 14

force() { remove "$1" force; }
pull() { # NAME
	mkfs.ext4 -q "/dev/$1"
	mount -t ext4 "/dev/$1" /mnt
	(while dd if=/dev/zero of=/mnt/f bs=64k count=64 conv=fsync 2>/run/dd; do :; done) &
	_writer=$!
	dd if="/dev/$1" of=/dev/null bs=4k iflag=direct 2>/run/dd.direct & _reader=$!
	wait_for 10 has_open $_reader "/dev/$1" && wait_for 10 test -e /mnt/f
	within 50 "$1: it is removed in time" force "$1"
	expect "$1: it is gone" gone "$1"
	expect "$1: who writes has an error" wait_for 10 ended $_writer
	expect "$1: who reads has one, too" wait_for 5 ended $_reader
	expect "$1: it can be unmounted" umount /mnt
}

start
modprobe ext4
ram ubd5 16M
pull ubd5
expect "its name is free" ram ubd5 16M
N=$(bus_name disk0)
S=$(attr "$N" spec)
pull "$N"
echo "$S" >/sys/bus/virtbus/config
expect "the function is configured again" wait_for 5 is_disk "$N"
fill "$N" 1
expect "and works" holds "$N" 1
is "with the same name" "$(bus_name disk0)" "$N"
