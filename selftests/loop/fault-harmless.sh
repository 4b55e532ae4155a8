# SPDX-License-Identifier: GPL-2.0
# What a device end may do is no reason to complain: answer late, or in another
# order.
# needs: loop fio
# time: 20
. /bed/ktap.sh
. /bed/loop.sh
plan 6
verify() {
	fio --name=v --filename=/dev/ubd1 --rw=randwrite --bs=4k --size=2M --direct=1 \
		--ioengine=libaio --iodepth=16 --verify=crc32c --thread
}
load
config ubd1=ram,16M,queues=1
fault ubd1 reorder
expect "data are right when buffers come back in another order" verify
expect "they did ($(struck ubd1 reorder) times)" test "$(struck ubd1 reorder)" -gt 10
fault ubd1 none
fault ubd1 delay 10
expect "data are right when answers are late" verify
is "they were" "$(struck ubd1 delay)" 10
is "a fault that struck often enough is off" "$(awk '$1 == "delay" { print $2 }' $PORTS/ubd1/fault)" off
expect "the device is still Connected" in_state ubd1 Connected
