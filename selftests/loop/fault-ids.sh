# SPDX-License-Identifier: GPL-2.0
# A used buffer with a wrong number breaks the device, and nothing else.
# needs: loop
# time: 10
. /bed/ktap.sh
. /bed/loop.sh
plan 24
load
breaks id-range "used buffer [0-9]+ does not exist"
breaks id-wide "used buffer 65[0-9]+ does not exist"
breaks id-wrong "used buffer [0-9]+ is not with the device"
breaks id-repeat "used buffer [0-9]+ is not with the device|used index moved by"
