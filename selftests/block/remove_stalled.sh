# SPDX-License-Identifier: GPL-2.0
# A stalled disk can be got rid of within five seconds: removed by force or unbound.
# needs: loop
# time: 14
. /bed/ktap.sh
. /bed/disk.sh
plan 11

stalled() {
	ram ubd5 4M && fault ubd5 silent
	dd if=/dev/ubd5 of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null & reader=$!
	dd if=/dev/zero of=/dev/ubd5 bs=64k count=8 conv=fsync 2>/dev/null & writer=$!
	wait_for 10 has_open $reader /dev/ubd5 && wait_for 10 has_open $writer /dev/ubd5
}
load virtbus_blk && load virtbus_loop
stalled
refused "asked, it says that it is in use" "ubd5 is opened 2 times" remove ubd5
within 50 "by force it goes in time" remove ubd5 force
expect "nothing is left" gone ubd5
expect "who waited has ended" wait_for 5 ended $reader
expect "both of them" wait_for 5 ended $writer
stalled
within 50 "it is unbound in time" unbind ubd5 force
is "as Broken" "$(attr ubd5 state)" Broken
fault ubd5 none
expect "and bound again" bind ubd5

fault ubd5 silent
/sbin/blockdev --rereadpt /dev/ubd5 2>/dev/null & opener=$!
wait_for 10 has_open $opener /dev/ubd5
usleep 300000
within 25 "who asks while its partitions are read does not wait for the host" remove ubd5
expect "it is told why" grep "ubd5 is just being opened or closed" "$BUS/ubd5/reason"
remove ubd5 force
expect "by force it goes all the same" wait_for 5 ended $opener
