# SPDX-License-Identifier: GPL-2.0
# Events with nothing behind them cost time, and nothing else.
# needs: loop
# time: 20
. /bed/ktap.sh
. /bed/loop.sh
plan 6
load
config ubd1=ram,16M,queues=1
before=$(attr ubd1 queue0/spurious)
fault ubd1 event-storm 20000
expect "the events arrived, and were counted as spurious" \
	test $(($(attr ubd1 queue0/spurious) - before)) -ge 20000
expect "the device works" one_read ubd1
fault ubd1 config-storm 20000
expect "the configuration events arrived" test "$(attr ubd1 config_events)" -ge 20000
expect "the device works" one_read ubd1
expect "it is still Connected" in_state ubd1 Connected
echo ubd1 >/sys/bus/virtbus/drivers/virtbus_blk/unbind
fault ubd1 event-storm 1000
fault ubd1 config-storm 1000
echo ubd1 >/sys/bus/virtbus/drivers/virtbus_blk/bind
expect "events without a driver reach nobody" one_read ubd1
