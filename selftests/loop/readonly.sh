# SPDX-License-Identifier: GPL-2.0
# A read-only disk takes no writes.
# needs: loop
# time: 4
. /bed/ktap.sh
. /bed/loop.sh
plan 4
load
expect "a read-only disk can be made" config ubd1=ram,16M,ro
is "it says so" "$(blockdev --getro /dev/ubd1)" 1
refuse "it cannot be written" "" one_write ubd1
expect "it can be read" one_read ubd1
