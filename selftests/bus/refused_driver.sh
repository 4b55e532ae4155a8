# SPDX-License-Identifier: GPL-2.0
# Its driver cannot be asked, for it is just being unbound and waits for a silent device: then those
# count who have begun to use it.
# needs: loop
# time: 15
. /bed/ktap.sh
. /bed/disk.sh
plan 5

load virtbus_blk && load virtbus_loop
ram ubd1 1M
on_its_way() { read -r _reads _ </sys/block/ubd1/inflight && [ "$_reads" -gt 0 ]; }
fault ubd1 silent
dd if=/dev/ubd1 of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null & user=$!
wait_for 5 on_its_way
unbind ubd1 force & unbinder=$!
usleep 300000
refuse "it does not go" "busy" remove ubd1
expect "and says why" sh -c "grep -E 'remove: it is in use, and its driver is busy with it\$' $BUS/ubd1/reason"
expect "the forced unbinding ends all the same" wait $unbinder
wait $user
is "so does who used it, with an error" $? 1
expect "and then it goes" remove ubd1
