# SPDX-License-Identifier: GPL-2.0
# Userspace hears of a new device with what it needs to load a driver, and of
# every change of its state.
# needs: loop
# time: 5
. /bed/ktap.sh
. /bed/disk.sh
plan 6

load virtbus && load virtbus_loop
uevent >/run/uevents 2>&1 & listener=$!
at_exit "kill $listener"
usleep 300000
# busybox uevent without a program prints each message, a field a line
states() { sed -n 's/^VIRTBUS_STATE=//p' /run/uevents | tr '\n' ' '; }

config ubd1=ram,1M
expect "a new device is announced" wait_for 5 grep -q "^add@/devices/virtbus_loop/ubd1/ubd1" /run/uevents
expect "with its modalias" grep -q "^MODALIAS=$(attr ubd1 modalias)$" /run/uevents
expect "and its transport" grep -q "^VIRTBUS_TRANSPORT=loop$" /run/uevents
load virtbus_blk
becomes "each state of a device that is bound" 5 "InitWait Initialised Connected " states
unbind ubd1
becomes "and unbound" 5 "InitWait Initialised Connected Closing Closed " states
remove ubd1
expect "its end is announced" wait_for 5 grep -q "^remove@/devices/virtbus_loop/ubd1/ubd1" /run/uevents
