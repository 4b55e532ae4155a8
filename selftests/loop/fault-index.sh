# SPDX-License-Identifier: GPL-2.0
# A used index that jumps, on or back, breaks the device, and nothing else.
# needs: loop
# time: 6
. /bed/ktap.sh
. /bed/loop.sh
plan 12
load
breaks index-jump "used index moved by 40001"
breaks index-back "used index moved by 65"
