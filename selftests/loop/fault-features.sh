# SPDX-License-Identifier: GPL-2.0
# A device that negotiates nonsense gets no driver and one line in the log.
# needs: loop
# time: 10
. /bed/ktap.sh
. /bed/loop.sh
plan 10
no_driver() { ! [ -e $BUS/ubd1/driver ] && ! [ -e /dev/ubd1 ]; }

load
config ubd1=ram,16M,fault=no-version-1
expect "no VERSION_1: no driver" no_driver
expect "the log says why" logged "VERSION_1"
remove ubd1
config ubd1=ram,16M,fault=features-refused
expect "FEATURES_OK refused: no driver" no_driver
expect "the log says why" logged "refused the features"
fault ubd1 none
expect "it binds once it is sane" sh -c "echo ubd1 >/sys/bus/virtbus/drivers/virtbus_blk/bind"
expect "it works" one_read ubd1
remove ubd1
config ubd1=ram,16M,fault=features-all
expect "all features: what they need is checked" logged "ubd1.*largest segment is 0"
expect "no driver" no_driver
remove ubd1
config ubd1=ram,16M,fault=features-all,event_idx=0,indirect=0
expect "the device can be removed" remove ubd1
expect "nothing is left of it" absent ubd1
