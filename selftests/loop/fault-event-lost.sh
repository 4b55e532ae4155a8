# SPDX-License-Identifier: GPL-2.0
# A completion without an event is found all the same.
# needs: loop
# time: 45
. /bed/ktap.sh
. /bed/loop.sh
plan 3
load
config ubd1=ram,16M
fault ubd1 event-lost 1
expect "the request ends well" one_read ubd1
is "it was the fault" "$(struck ubd1 event-lost)" 1
expect "the next request does too" one_read ubd1
