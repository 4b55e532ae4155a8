# SPDX-License-Identifier: GPL-2.0
# doors.sh - the table that each door is tried with
#
# Rows are a kind of device, and whether it was there at boot (cold), was plugged in (hot), or
# is one of the loop. Columns are: somebody uses it; somebody begins to while the door is tried;
# nobody does. Who sources this is the door:
#
#	knock	try it: 0 when $N went, another status when it was refused; and $stuck when neither
#	again	$N went: have it back
#	DOOR	what `reason` calls it; empty: this door tells nobody

. /bed/ktap.sh
. /bed/disk.sh
: "${KNOCKS:=8}"
rm -f /run/times
stuck=
OURS=/sys/bus/$BED_ROAD/drivers/virtbus_$BED_ROAD

# now_ms - milliseconds since boot, in steps of ten
now_ms() { read -r _up _ </proc/uptime; echo "${_up%.*}${_up#*.}0"; }

# --- kinds: $N is the device's name, $held what is said of who uses it

disk_use() { exec 7<"/dev/$N"; held="$N is opened 1 time"; }
disk_leave() { exec 7<&-; }
disk_works() { dd if="/dev/$N" of=/dev/null bs=4k count=1 iflag=direct; }
disk_there() { [ -b "/dev/$N" ]; }
# once: open it, and see whether it is really there; a word in /run/lost when it was taken away
# from who had it open. At a new place each time: what is in the page cache can be read of a dead one
disk_once() {
	_at=$((_at + 37))
	{ [ "$(dd bs=4k count=1 skip=$((_at % 1000)) 2>/dev/null <&6 | wc -c)" = 4096 ] || lost; } 6<"/dev/$N"
}
_at=0

net_use() { ip link set "$N" up; held="interface $N is up"; }
net_leave() { ip link set "$N" down; }
net_works() { read -r _flags <"/sys/class/net/$N/flags" && [ $((_flags & 1)) = 1 ]; }
net_there() { [ -e "/sys/class/net/$N" ]; }
net_once() { ip link set "$N" up && { usleep 5000; ip link set "$N" down || lost; }; }

# read and write: without a reader the terminal would have nobody to hang up
console_use() { exec 7<>"/dev/$N"; held="/dev/$N is open"; }
console_leave() { exec 7>&-; }
console_works() { echo works >&7; }
console_there() { [ -c "/dev/$N" ]; }
console_once() { { usleep 5000; stty <&6 || lost; } 6<"/dev/$N"; }

# lost - not when the kernel's node is of another one by now
lost() { echo "$N" >>/run/lost; }

# --- columns

# refusals - how often $N was refused so far
refusals() { read -r _refused <"$BUS/$N/refused" && echo "$_refused"; }

# timed - knock, which is refused; how long that took goes to /run/times
timed() {
	_t0=$(now_ms)
	! knock && [ -z "$stuck" ] && echo $(($(now_ms) - _t0)) >>/run/times
}

# busy KIND - 2 points
busy() {
	"$1_use"
	_before=$(refusals)
	expect "$row: in use it stays" timed
	is_told "$1"
	expect "$row: and works" "$1_works"
}
# is_told KIND - within the point before: the reason, and one more refusal
is_told() {
	[ -n "$DOOR" ] || return 0
	reason=$(attr "$N" reason)
	case $reason in
	20[0-9][0-9]-[0-1][0-9]-[0-3][0-9]" "[0-2][0-9]:[0-5][0-9]:[0-6][0-9]" UTC, $DOOR: $held"*) ;;
	*)	diag "its reason is '$reason', wanted '$DOOR: $held'"; not_ok "$row: the reason says who has it" ;;
	esac
	[ "$(refusals)" = $((_before + 1)) ] || {
		diag "refused $(refusals) times, and $_before before"
		not_ok "$row: each refusal is counted once"
	}
}

# raced KIND - a point: somebody begins to use it while the door is tried. Who got in keeps it,
# and who did not finds nothing
raced() {
	rm -f /run/lost /run/over
	{ until [ -e /run/over ]; do "$1_once"; usleep 3000; done >/dev/null 2>&1; } & _user=$!
	_went=0 _stayed=0
	expect "$row: whoever comes first has it" knocks "$1"
	: >/run/over
	wait $_user
	"$1_leave" 2>/dev/null
	raced_all="$raced_all $row: went $_went, stayed $_stayed;"
}
raced_all=
knocks() {
	while [ $((_went + _stayed)) -lt "$KNOCKS" ]; do
		if knock; then
			_went=$((_went + 1))
			again && wait_for 20 "$1_there" || { echo "it does not come back"; return 1; }
		elif [ -n "$stuck" ]; then
			echo "nothing happens"
			return 1
		else
			_stayed=$((_stayed + 1))
		fi
		usleep $((5000 + _stayed * 7000 % 30000))
	done
	[ ! -e /run/lost ] || { echo "it was taken from who had it: $(sort /run/lost | uniq -c)"; return 1; }
}

# free KIND - a point: nobody uses it
free() {
	expect "$row: when it is free it goes" wait_for 5 knock
	again
	expect "$row: and comes again" wait_for 20 "$1_there"
}

# row - of $kind and $birth: 5 points
row() {
	row="$birth, $kind" stuck=
	busy $kind
	"${kind}_leave"
	raced $kind
	free $kind
}
ROW=5

# --- devices

# begin - everything is loaded, and those that were there at boot have their names
begin() {
	load || return
	# they stay for the next test
	host qmp chardev-add '{"id": "hole", "backend": {"type": "null", "data": {}}}' >/dev/null 2>&1
	host disk hot 16M 2>/dev/null
	wait_for 20 in_state ubd0 Connected && wait_for 20 in_state eth0 Connected && wait_for 20 in_state con0 Connected
}
# plug_KIND - the host plugs it in, and calls it hot
plug_disk() { host plug hot; }
plug_net() { host nic hot user; }
plug_console() {
	host attach hot virtio-serial && host qmp device_add \
		'{"driver": "virtconsole", "bus": "hot.0", "chardev": "hole"}'
}
# plugged_in KIND - it is there: $A is its address, $N its name
plugged_in() {
	"plug_$1" >/dev/null && A=$(address hot) && wait_for 20 named && wait_for 20 "$1_there"
}
named() { N=$(bus_name hot); }
cool() {
	case $kind in
	net)	host unnic hot ;;
	*)	host unplug hot 30 ;;
	esac >/dev/null
}

# table BIRTH.. - of loop, cold, hot: ROW points for each of three kinds of device, and one
table() {
	raced_all=
	for birth; do
		for kind in disk net console; do
			"of_$birth"
		done
	done
	host say "$raced_all"
	[ -z "$DOOR" ] || {
		_median=$(sort -n /run/times | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }')
		host say "by $DOOR: $(wc -l </run/times) refusals, median $_median ms"
	}
	[ "$BED_LANE" = A ] || _median=$((_median / BED_SLOW))
	expect "a refusal takes less than 100 ms" test "$_median" -lt 100
}
_median=0

of_loop() {
	case $kind in
	disk)	SPEC=ubd-l=ram,16M ;;
	net)	SPEC=eth-l=pair,eth-m ;;
	console) SPEC=con7=loop ;;
	esac
	N=${SPEC%%=*}
	config $SPEC && wait_for 20 "${kind}_there" || not_ok "$N can be made"
	row
	echo force >"$BUS/$N/remove"
}
of_hot() {
	plugged_in $kind || not_ok "hot, $kind: it is plugged in"
	SPEC=$(attr "$N" spec)
	row
	cool
}
of_cold() {
	case $kind in
	disk)	N=ubd0 ;;
	net)	N=eth0 ;;
	console) N=con0 ;;
	esac
	# the row before may have had its glue unloaded
	wait_for 20 "${kind}_there" || not_ok "cold, $kind: it is there"
	SPEC=$(attr $N spec) A=${SPEC##*,}
	row
}
