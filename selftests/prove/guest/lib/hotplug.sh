# SPDX-License-Identifier: GPL-2.0
# hotplug.sh - a disk disappears while it is used, a hundred times; after prove.sh
. /bed/tests/guest/lib/leak.sh
. /bed/tests/guest/lib/lose.sh

USERS=6		# processes that use the disk which disappears
WRITES=4096	# blocks that each of the writing ones writes at most
WARM_UP=5	# rounds before memory is counted
_node_is=

# use - start processes that read and write $disk until that fails; the disk is
# too large for them to come to its end.  A disk that is gone has an error for the
# requests that it had, and for those who come later it is a disk of size 0.
# They use a node of their own: where the kernel's is gone dd would make a file.
use() {
	_node=/run/node
	read -r _dev <"/sys/block/${disk#/dev/}/dev" || return
	if [ "$_dev" != "$_node_is" ]; then
		rm -f $_node
		mknod $_node b "${_dev%:*}" "${_dev#*:}" || return
		_node_is=$_dev
	fi
	while [ $_n -lt $USERS ]; do
		_at=$(((_n + 1) * 100000))
		if [ $((_n % 3)) = 2 ]; then
			user dd bs=4k if=/dev/zero of=$_node oflag=direct seek=$_at count=$WRITES
		else
			user dd bs=4k if=$_node of=/dev/null iflag=direct skip=$_at
		fi
	done
}

# in_use - requests were answered, and some are with the device
in_use() {
	read -r _reads _ _ _ _writes _ _ _ _flying _ <"/sys/block/${disk#/dev/}/stat" &&
		[ "$_reads" -gt 20 ] && [ "$_writes" -gt 2 ] && [ "$_flying" -gt 0 ]
}

# not_in_use - what its users and the disk have to say
not_in_use() {
	echo "statistics: $(cat "/sys/block/${disk#/dev/}/stat")"
	ls -l "$disk"
	tail -n 1 /run/user.*
	ps -o pid,stat,args | grep "[d]d bs=4k"
}

# rounds COUNT ROUND - call ROUND so many times
rounds() {
	_r=0
	while [ $_r -lt "$1" ]; do
		_r=$((_r + 1))
		"$2" || { echo "in round $_r of $1"; return 1; }
	done
}

# hundred WHAT ROUND - 4 points: warm-up, the rounds, I/O in time, memory; in lane B
# 3, for there kmemleak looks when all is over
hundred() {
	expect "$1: it works" rounds $WARM_UP "$2"
	[ "$BED_LANE" = B ] || others_paused memory_look before
	most=0 _began=$(now_ms)
	expect "$1: $ROUNDS times" rounds "$ROUNDS" "$2"
	tell "$1: $ROUNDS times in $((($(now_ms) - _began) / 1000)) s; whoever used it knew within $most ms at most"
	expect "$1: they knew within $((LIMIT / 1000)) s each time" test "$most" -le "$LIMIT"
	[ "$BED_LANE" = B ] || expect "$1: memory is held as before" others_paused memory_grown "$ROUNDS"
}

# others_paused COMMAND.. - while those that must not notice hold still
others_paused() {
	# shellcheck disable=SC2046
	kill -STOP $(others)
	usleep 300000
	"$@"
	_rc=$?
	# shellcheck disable=SC2046
	kill -CONT $(others)
	return $_rc
}

# The disk beside it that must not notice:  busy_start DISK [OPTION OF FIO..]
busy_start() {
	_disk=$1; shift
	fio --name=busy --filename="$_disk" "$@" --rw=randwrite --bs=4k --size=16M --direct=1 --thread \
		--ioengine=libaio --iodepth=8 --verify=crc32c --verify_fatal=1 \
		--time_based --runtime=86400 --output=/run/fio >/dev/null 2>&1 &
	busy=$!
	at_exit "kill -KILL $busy 2>/dev/null"
}
others() { echo $busy; }	# traffic.sh has more
# busy_end - it was right all the time
busy_end() {
	kill -0 $busy || { echo "fio ended early"; return 1; }
	kill -INT $busy
	wait $busy
	grep -v '^$' /run/fio
	tell "the disk beside it, fio --verify=crc32c: $(sed -n 's/.*err= *\([0-9]*\).*/err=\1/p; s/^ *\(\(read\|write\):[^;]*\).*/\1/p' /run/fio | tr '\n' ' ')"
	grep -q 'err= 0' /run/fio && grep -q '  read: IOPS' /run/fio && ! grep -q 'verify: bad' /run/fio
}

# What the kernel says of itself, whatever comes and goes
KERNEL_SAYS='virtbus: loading out-of-tree|.*module verification|hrtimer: interrupt took|random: crng init done|sh \([0-9]+\): drop_caches'

# What it says of the functions that come and go
case $BED_ROAD in
ccw)	ROAD_SAYS='crw_info|virtbus_ccw 0\.0\.[0-9a-f]+: (taken from|given back)' ;;
*)	ROAD_SAYS='pci [0-9a-f:.]+: (\[1af4:10|reg 0x|BAR [0-9]|ROM|enabling)|virtbus_pci [0-9a-f:.]+: enabling device|pcieport' ;;
esac
# each of zPCI is a domain
[ $BED_ARCH.$BED_ROAD != s390x.pci ] || ROAD_SAYS="$ROAD_SAYS"'|crw_info|PCI host bridge to bus|pci_bus [0-9a-f:]+: |pci [0-9a-f:.]+: (\[Firmware Bug\]: BAR|Adding to iommu|Removing from iommu)'

# log_expected PATTERN - every line since the mark begins with KERNEL_SAYS or PATTERN; they are
# listed, with the numbers taken out and how often
log_expected() {
	since_mark >/run/log
	sed 's/0x[0-9a-f]*/N/g; s/[0-9a-f]\{4\}:[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]\.[0-9]/ADDR/g
		s/0\.0\.[0-9a-f]\{4\}/ADDR/g; s/[0-9][0-9]*/N/g' /run/log | sort | uniq -c | sort -rn >/run/lines
	tell "the kernel's log: $(wc -l </run/log) lines, of these sorts:"
	head -n 40 /run/lines | cut -c 1-150 | tell_all
	! grep -vE -e "^($KERNEL_SAYS|$1)" /run/log
}
