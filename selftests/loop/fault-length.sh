# SPDX-License-Identifier: GPL-2.0
# A used length that is larger than the room, or too small for the answer,
# breaks the device, and nothing else.
# needs: loop
# time: 6
. /bed/ktap.sh
. /bed/loop.sh
plan 12
load
breaks len-long "wrote 4098 bytes into buffer [0-9]+, which has room for 4097"
breaks len-short "wrote 0 bytes where request [0-9]+ needs 4097"
