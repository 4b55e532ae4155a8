# SPDX-License-Identifier: GPL-2.0
# A disk larger than memory can be filled until writes fail, and the machine goes
# on.
# needs: loop
# time: 60
. /bed/ktap.sh
. /bed/loop.sh
plan 6
load
config ubd1=ram,64G
refuse "filling it ends with an error" "error" dd if=/dev/zero of=/dev/ubd1 bs=1M oflag=direct
expect "one line says why" logged "ubd1: no memory for what is written"
expect "it can be read" one_read ubd1
expect "what is there can be written" one_write ubd1
blkdiscard -l 16M /dev/ubd1
# what was freed is the other processor's for a while, since 6.7
expect "discard makes room" wait_for 10 dd if=/dev/zero of=/dev/ubd1 bs=64k count=32 oflag=direct
expect "it can be removed" remove ubd1
