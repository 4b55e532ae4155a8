# SPDX-License-Identifier: GPL-2.0
# 25 times unbound and bound, with I/O in every fifth round, beside a busy disk.
# needs: ccw fio disks=2
# time: 60
. /bed/ktap.sh
. /bed/tests/ccw/lib/ccw.sh
plan 6

modprobe virtbus_blk
a=$(address disk0) b=$(address disk1)
wait_for 10 in_tree "$a" && wait_for 10 in_tree "$b" || exit
# nobody's, so that an unbound device is not given back
echo "$a" >$THEIRS/unbind
at_exit "rmmod virtbus_ccw; echo $a >$THEIRS/bind"
expect "the glue takes a device that nobody drives" modprobe virtbus_ccw
expect "and no other" in_tree "$b"
echo "$b" >$CLAIM
fio --name=busy --filename=/dev/ubd1 --rw=randwrite --bs=4k --size=32M --direct=1 --thread \
	--ioengine=libaio --iodepth=8 --rate_iops=400 --verify=crc32c --time_based --runtime=600 >/run/fio 2>&1 &
fio=$!

rounds() {
	fill /dev/ubd0 one 1
	for _i in $(seq 1 "$1"); do
		echo "$a" >$OURS/unbind || return
		[ "$(driver_of "$a")" = none ] || return
		echo "$a" >$OURS/bind || return
		wait_for 20 connected "$a" || return
		[ $((_i % 5)) != 0 ] || holds "/dev/$(name_of "$a")" one 1 || return
	done
}
expect "25 rounds" rounds 25
expect "the name stays the same" test "$(name_of "$a")" = ubd0
kill -INT $fio
wait $fio
expect "the other disk's data was right all the time" grep -q 'err= 0' /run/fio
expect "the other disk never noticed" connected "$b"
