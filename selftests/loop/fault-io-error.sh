# SPDX-License-Identifier: GPL-2.0
# A request that the device fails costs this request and nothing else, although
# the device says that it wrote less than the answer to a read that works.
# needs: loop
# time: 4
. /bed/ktap.sh
. /bed/loop.sh
plan 8
load
config ubd1=ram,16M
head -c 4096 /bin/busybox >/tmp/data
expect "a disk works" dd if=/tmp/data of=/dev/ubd1 bs=4k oflag=direct
fault ubd1 io-error 1
refuse "a read fails" "Input/output error|I/O error" one_read ubd1
is "it was the fault" "$(struck ubd1 io-error)" 1
fault ubd1 io-error 1
refuse "a write fails" "Input/output error|I/O error" one_write ubd1
is "the device is connected" "$(attr ubd1 state)" Connected
is "it has nothing to say" "$(attr ubd1 error 2>&1)" ""
dd if=/dev/ubd1 of=/tmp/back bs=4k count=1 iflag=direct 2>/dev/null
expect "the next read is right, and the write was none" cmp /tmp/data /tmp/back
remove ubd1
expect "it goes as any other" absent ubd1
