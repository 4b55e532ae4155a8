# SPDX-License-Identifier: GPL-2.0
# A spec that makes no sense is refused with one line that says what is wrong,
# and nothing is left half made.
# needs: loop
# time: 20
. /bed/ktap.sh
. /bed/loop.sh

# bad SPEC PATTERN - 2 points
bad() {
	before=$(logged '] virtbus' | wc -l)
	refuse "$1 is refused" "" config "$1"
	logged '] virtbus' | tail -n +$((before + 1)) >/tmp/said
	if [ "$(wc -l </tmp/said)" = 1 ] && grep -qE -e "$2" /tmp/said; then
		ok "$1: one line says why"
	else
		diag "said: $(cat /tmp/said)"
		not_ok "$1: one line says why"
	fi
}

plan 42
load
config ubd1=ram,16M
bad ubd1=ram,16M "taken|name ubd1"
bad ubd2=ram,0 "size 0.*64M"
bad ubd2=ram "no size.*64M"
bad ubd2=ram,xyz "xyz is no size.*64M"
bad ubd2=ram,1000 "1000 is no multiple of 512"
bad ubd2=ram,64M,rw "\"rw\".*ro only"
bad ubd2=ram,64M,colour=red "colour"
bad ubd2=ram,64M,queues=0 "queues=0: say a number from 1 to"
bad ubd2=ram,64M,queues=65 "queues=65: say a number from 1 to 64"
bad ubd2=ram,64M,size=100 "size=100: say a power of two"
bad ubd2=ram,64M,size=2 "size=2: say a number from 4"
bad ubd2=ram,64M,blk_size=1024 "blk_size=1024: say 512 or 4096"
bad ubd2=ram,64M,serial=a-serial-that-is-too-long "at most 20 characters"
bad ubd2=ram,64M,delay=later "delay=later: say a number"
bad ubd2=ram,64M,event_idx=maybe "event_idx=maybe: say 0 or 1"
bad ubd2=ram,64M,platform=maybe "platform=maybe: say 0 or 1"
bad ubd2=ram,64M,fault=colour "no fault \"colour\".*faults.rst"
bad ubd2=ram,64M,fault=gone "fault=gone strikes at once"
bad ubd2=frobnicate,64M "frobnicate"
bad eth5=ram,64M "eth5|kind"
expect "nothing is left of any" sh -c "[ \"\$(echo $PORTS/*/fault $BUS/ubd*)\" = \"$PORTS/ubd1/fault $BUS/ubd1\" ]"
expect "what was there before works" one_read ubd1
