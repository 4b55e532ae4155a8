# SPDX-License-Identifier: GPL-2.0
# A terminal carries every byte, both ways and in order, and waits for who reads.
# needs: loop
# time: 15
. /bed/ktap.sh
. /bed/loop.sh
plan 10

load virtbus_console && load virtbus_loop
expect "a console is made" config con1=loop
expect "it has a terminal" test -c /dev/con1
exec 7<>/dev/con1
stty -F /dev/con1 raw -echo
dd if=/dev/urandom of=/run/sent bs=64k count=16 2>/dev/null
# in pieces of an odd length: one of them wraps around the end of a ring
dd if=/run/sent bs=1999 >&7 2>/dev/null & writer=$!
# the watchdog of timeout must not hold the terminal: 7>&-
expect "a megabyte comes back" at_most 60 dd if=/dev/con1 of=/run/got bs=4k count=256 iflag=fullblock 7>&-
expect "as it was written" cmp /run/sent /run/got
expect "the writer has ended" wait_for 5 test ! -d /proc/$writer

# the device has the first piece while the others are written, and nobody calls again
dd if=/run/sent of=/run/burst bs=12000 count=1 2>/dev/null
good=0
while [ $good -lt 5 ]; do
	dd if=/run/burst bs=12000 >&7 2>/dev/null
	at_most 10 dd if=/dev/con1 bs=12000 count=1 iflag=fullblock 7>&- 2>/dev/null | cmp -s - /run/burst || break
	good=$((good + 1))
done
is "what is written at once is sent piece by piece" $good 5

# nobody reads: the writer waits, and loses nothing
dd if=/run/sent bs=1999 >&7 2>/dev/null & writer=$!
sleep 1
expect "without a reader the writer waits" test -d /proc/$writer
at_most 60 dd if=/dev/con1 of=/run/got bs=4k count=256 iflag=fullblock 2>/dev/null 7>&-
wait $writer
expect "all of it comes to the one who reads later" cmp /run/sent /run/got
exec 7<&-
is "all that was added came back but for the empty buffers" \
	"$(($(attr con1 queue1/added) - $(attr con1 queue1/used)))" 0
expect "it can be removed" remove con1
