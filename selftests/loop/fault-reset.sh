# SPDX-License-Identifier: GPL-2.0
# A device that asks for a reset, or does not confirm one, is Broken; it can be
# unbound and removed, and bound again when it is well.
# needs: loop
# time: 10
. /bed/ktap.sh
. /bed/loop.sh
plan 10
load
config ubd1=ram,16M
fault ubd1 needs-reset
becomes "asking for a reset breaks it" 5 Broken attr ubd1 state
expect "the reason is known" grep NEEDS_RESET $BUS/ubd1/error
rebind ubd1
expect "it works when bound anew" one_read ubd1

fault ubd1 reset-stuck
echo ubd1 >/sys/bus/virtbus/drivers/virtbus_blk/unbind
expect "an unanswered reset breaks it" in_state ubd1 Broken
expect "the reason is known" grep "answer" $BUS/ubd1/error
refuse "it does not bind like that" "" sh -c "echo ubd1 >/sys/bus/virtbus/drivers/virtbus_blk/bind"
fault ubd1 none
expect "it binds when it answers again" sh -c "echo ubd1 >/sys/bus/virtbus/drivers/virtbus_blk/bind"
expect "it works" one_read ubd1
fault ubd1 reset-stuck
expect "it can be removed while it does not answer" remove ubd1
expect "nothing is left of it" absent ubd1
