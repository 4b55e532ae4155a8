# SPDX-License-Identifier: GPL-2.0
# A device that vanishes is Gone: its I/O fails, and it can be removed.
# needs: loop
# time: 10
. /bed/ktap.sh
. /bed/loop.sh
plan 6
load
config ubd1=ram,16M,delay=1000
reads() { read -r _reads _ </sys/block/ubd1/stat; }
reads
before=$_reads
dd if=/dev/ubd1 of=/dev/null bs=4k iflag=direct >/tmp/dd.out 2>&1 & reader=$!
has_read() { reads && [ "$_reads" -gt $((before + 8)) ]; }
wait_for 10 has_read
fault ubd1 gone
expect "it is Gone" in_state ubd1 Gone
expect "who read from it ends" wait_for 5 sh -c "! kill -0 $reader"
expect "with an error" grep -q "error" /tmp/dd.out
expect "it can be removed" remove ubd1
expect "nothing is left of it" absent ubd1
config ubd1=ram,16M
expect "it works when made anew" one_read ubd1
