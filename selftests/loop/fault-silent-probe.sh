# SPDX-License-Identifier: GPL-2.0
# A device that is silent while it is being probed can be removed, and whoever
# makes it gets an answer.
# needs: loop
# time: 20
. /bed/ktap.sh
. /bed/loop.sh
plan 3
load
config ubd1=ram,16M,fault=silent 2>/tmp/err & maker=$!
wait_for 5 test -e $BUS/ubd1/remove
usleep 500000
expect "it can be removed" remove ubd1 force
expect "who made it gets an answer" wait_for 6 sh -c "! kill -0 $maker"
expect "nothing is left of it" wait_for 5 absent ubd1
