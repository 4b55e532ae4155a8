# SPDX-License-Identifier: GPL-2.0
# Tells the other guest of prove-power that it is over.
# needs: free net
# lane: A
# time: 60
. /bed/tests/guest/lib/power.sh
plan 2

load virtbus_net
expect "a card that leads to the other guest" to_the_other
tell_it() { echo over | nc -w 5 10.9.0.2 7009; }
expect "it hears that it is over" wait_for 60 tell_it
ip link set "$N" down
