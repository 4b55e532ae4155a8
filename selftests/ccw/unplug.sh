# SPDX-License-Identifier: GPL-2.0
# device_del asks nobody: a disk that vanishes under load ends its I/O at once, and
# comes back when it is plugged again; another disk works on. Without the in-tree
# driver devices are ours by themselves.
# needs: free ccw fio disks=1
# time: 60
. /bed/ktap.sh
. /bed/tests/ccw/lib/ccw.sh
plan 10

modprobe virtbus_blk
host disk gone0 16M
at_exit "host unplug gone0 2>/dev/null"
modprobe virtbus_ccw
a=$(address disk0)
wait_for 20 connected "$a" || exit
# --rate_iops would take a processor for waiting
fio --name=busy --filename=/dev/ubd0 --rw=randwrite --bs=4k --size=32M --direct=1 --thread \
	--ioengine=libaio --iodepth=8 --thinktime=20000 --thinktime_blocks=8 --verify=crc32c --time_based --runtime=600 >/run/busy 2>&1 &
busy=$!

load_it() {
	fio --name=load --filename=/dev/ubd1 --rw=randrw --bs=4k --size=16M --direct=1 --thread \
		--ioengine=libaio --iodepth=32 --time_based --runtime=600 >/run/load 2>&1
	: >/run/load.ended
}

# writes are its own; who looks for partitions reads
load_runs() {
	read -r _ _ _ _ _writes _ </sys/block/ubd1/stat
	[ "$_writes" -gt $((_filled + 100)) ]
}

b=$(host plug gone0)
expect "a disk is plugged" wait_for 20 connected "$b"
fill /dev/ubd1 one 1
read -r _ _ _ _ _filled _ </sys/block/ubd1/stat
load_it &
wait_for 20 load_runs || exit
expect "it is unplugged under load" host unplug gone0
expect "its I/O ends within 5 s" wait_for 5 test -e /run/load.ended
expect "with errors" grep -q "error" /run/load
expect "the device goes" wait_for 5 test ! -e "$CCW/devices/$b" -a ! -e $BUS/ubd1

rounds() {
	for _i in $(seq 1 "$1"); do
		host plug gone0 >/dev/null || return
		if [ $((_i % 5)) = 0 ]; then
			wait_for 20 connected "$b" || return
			[ $((_i % 10)) != 0 ] || holds /dev/ubd1 one 1 || return
			dd if=/dev/ubd1 of=/dev/null bs=4k iflag=direct 2>/dev/null &
		fi
		host unplug gone0 || return
		wait_for 5 test ! -e "$CCW/devices/$b" || return
	done
}
fill_again() { host plug gone0 && wait_for 20 connected "$b" && fill /dev/ubd1 one 1 && host unplug gone0; }
expect "it comes back" fill_again
wait_for 5 test ! -e "$CCW/devices/$b"
expect "25 times in and out, most of them before it is online" rounds 25
kill -INT $busy
wait $busy
expect "the other disk's data was right all the time" grep -q 'err= 0' /run/busy
expect "and it is connected" connected "$a"
is "nobody had to be waited for in vain" "$(dmesg | grep 'virtbus_ccw 0')" ""
