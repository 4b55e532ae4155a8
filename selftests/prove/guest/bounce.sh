# SPDX-License-Identifier: GPL-2.0
# A disk, a card and a console of the machine ask for addresses of the DMA API: what they carry
# goes through the kernel's bounce buffer, arrives as it was sent, and leaves nothing there.
# needs: free loop net fio disks=1
# lane: B
# time: 60
. /bed/disk.sh
. /bed/net.sh
. /bed/serial.sh
. /bed/tests/guest/lib/prove.sh
plan 17

# used - slots of 2 KB of the bounce buffer that are taken
used() { cat /sys/kernel/debug/swiotlb/io_tlb_used; }
given_back() { echo "$(used) of $before"; [ "$(used)" -le "$before" ]; }
asked() { [ $(($(attr "$1" features) >> 33 & 1)) = 1 ]; }

# watch, bounced NAME - what a device sent or asked for since went through the bounce buffer
watch() { echo >$TRACING/trace; }
bounced() {
	_at=$(readlink -f "$BUS/$1") && _at=${_at%/*}
	_n=$(grep -c "dev_name: ${_at##*/} " $TRACING/trace)
	tell "  $1: $_n times something went through the bounce buffer"
	[ "$_n" -gt 0 ]
}
# through TEXT COMMAND.. - a point where the kernel has a bounce buffer
through() {
	_text=$1; shift
	if [ "$BED_ARCH" = x86_64 ]; then expect "$_text" "$@"; else skip "$_text" "this kernel has none"; fi
}

mount -t tracefs tracefs $TRACING
echo 0 >$TRACING/options/record-cmd	# see traced() in disk.sh
echo 1 >$TRACING/events/swiotlb/enable
before=$(used 2>/dev/null)
load
wait_for 20 test -e "$BUS/ubd0"
disk=$(bus_name disk0)
expect "the disk asks for the DMA API" asked "$disk"
watch
expect "what is written is read" fio --name=x --filename="/dev/$disk" --direct=1 --ioengine=libaio \
	--iodepth=16 --size=16M --rw=randwrite --bsrange=512-512k --verify=crc32c --verify_fatal=1 --thread
through "its requests were bounced" bounced "$disk"

expect "a card is there" machine_nic card user
card=$N
expect "it asks for the DMA API" asked "$card"
watch
user_up "$card"
set -- $(fetch 4000000)
is "a file comes as it was sent" "$2" "$1"
set -- $(give /run/fetched)
is "a file arrives as it was sent" "$2" "$1"
through "its packets were bounced" bounced "$card"

serial
con human
expect "a console is there" wait_for 15 test -c /dev/con0
expect "it asks for the DMA API" asked con0
watch
exec 7<>/dev/con0
stty -F /dev/con0 raw -echo
seq 1 3000 >/run/sent
cat /run/sent >&7
is "what is written arrives" "$(host heard human 13893)" "$(sum /run/sent)"
stty -F /dev/con0 sane -echo
host type human 'who is there\r'
read -r line <&7
is "what the host types is read" "$line" "who is there"
through "it was bounced" bounced con0
exec 7<&-
drop human
echo 0 >$TRACING/events/swiotlb/enable

# the loop takes addresses for those of pages, and says so
if [ "$BED_ARCH" = x86_64 ]; then
	refused "a device of the loop cannot ask, and says why" "platform=1 needs DMA addresses that are physical" \
		config ubd7=ram,1M,platform=1
else
	expect "a device of the loop asks, too" config ubd7=ram,1M,platform=1
fi
tell "slots of the bounce buffer in use, before and now: ${before:-none} $(used 2>/dev/null)"
ip link set "$card" down
expect "every module unloads" wait_for 20 unload
through "all of the bounce buffer is given back" given_back
is "DMA_API_DEBUG has no complaint" "$(cat /sys/kernel/debug/dma-api/error_count)" 0
