# SPDX-License-Identifier: GPL-2.0
# A RAM disk is resized while it is in use; what was cut off does not come back.
# needs: loop
# time: 6
. /bed/ktap.sh
. /bed/loop.sh
size() { echo "$1" >$PORTS/ubd1/size; }

plan 10
load
config ubd1=ram,16M
expect "it can grow" size 64M
becomes "the driver hears of it" 5 67108864 blockdev --getsize64 /dev/ubd1
is "its spec says so" "$(attr ubd1 spec)" ubd1=ram,64M
expect "its new end can be written" \
	sh -c "tr '\\0' x </dev/zero | dd of=/dev/ubd1 bs=4k count=1 seek=16383 oflag=direct iflag=fullblock"
expect "it can shrink" size 32M
becomes "the driver hears of it" 5 33554432 blockdev --getsize64 /dev/ubd1
size 64M
becomes "it can grow again" 5 67108864 blockdev --getsize64 /dev/ubd1
is "what was cut off does not come back" \
	"$(dd if=/dev/ubd1 bs=4k skip=16383 count=1 iflag=direct 2>/dev/null | tr -d '\0' | wc -c)" 0
refuse "size 0 is refused" "" size 0
expect "one line says why" logged "ubd1: size: .*size 0"
