# SPDX-License-Identifier: GPL-2.0
# Removing, breaking and making disks does not disturb another one.
# needs: loop fio disks=2
# time: 12
. /bed/ktap.sh
. /bed/disk.sh
plan 4

start
A=$(bus_name disk0) B=$(bus_name disk1)
S=$(attr "$B" spec)
seconds=4
[ "$BED_LANE" = A ] || seconds=45	# all the rest takes longer there
fio --name=x --filename=/dev/$A --direct=1 --ioengine=libaio --iodepth=8 --size=8M --rw=randwrite \
	--bs=4k --time_based --runtime="$seconds" --verify=crc32c --verify_fatal=1 --thread >/run/fio 2>&1 & job=$!
others() {
	for _i in 1 2 3 4; do
		dd if=/dev/$B of=/dev/null bs=4k iflag=direct 2>/dev/null &
		usleep 50000
		remove $B force && echo "$S" >/sys/bus/virtbus/config && is_disk $B || return
		ram ubd5 1M && fault ubd5 gone && remove ubd5 || return
	done
}
expect "disks come and go beside it" others
expect "it was working all the time" test -d /proc/$job
wait $job
is "fio verifies what it wrote" "$?" 0
is "all of it came back" "$(count $A used)" "$(count $A added)"
