# SPDX-License-Identifier: GPL-2.0
# A configuration full of lies is refused or brought within bounds; never worse.
# needs: loop
# time: 20
. /bed/ktap.sh
. /bed/loop.sh
plan 7
load
config ubd1=ram,16M,fault=config-lies
expect "all ones: no driver" sh -c "! [ -e $BUS/ubd1/driver ]"
expect "the log says why" logged "ubd1.*not usable"
fault ubd1 none
fault ubd1 config-zero
refuse "all zeros: it does not bind" "" sh -c "echo ubd1 >/sys/bus/virtbus/drivers/virtbus_blk/bind"
fault ubd1 none
expect "it binds once it is sane" sh -c "echo ubd1 >/sys/bus/virtbus/drivers/virtbus_blk/bind"
remove ubd1

config ubd1=ram,16M,fault=config-random
for i in $(seq 100); do
	[ -e $BUS/ubd1/driver ] && one_read ubd1 >/dev/null
	[ -e $BUS/ubd1/driver ] && echo ubd1 >/sys/bus/virtbus/drivers/virtbus_blk/unbind
	echo ubd1 >/sys/bus/virtbus/drivers/virtbus_blk/bind 2>/dev/null
done
expect "random ones were read ($(struck ubd1 config-random) times)" \
	test "$(struck ubd1 config-random)" -ge 100
fault ubd1 none
[ -e $BUS/ubd1/driver ] && echo ubd1 >/sys/bus/virtbus/drivers/virtbus_blk/unbind
expect "it binds after all of that" sh -c "echo ubd1 >/sys/bus/virtbus/drivers/virtbus_blk/bind"
expect "it works" one_read ubd1
