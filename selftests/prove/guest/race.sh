# SPDX-License-Identifier: GPL-2.0
# Eight open devices while eight take them away, each by another door: a device that somebody has
# opened stays, and what has been taken away cannot be opened.
# needs: free loop net perl disks=1
# memory: 1024
# time: 200
. /bed/ktap.sh
. /bed/disk.sh
. /bed/net.sh
. /bed/tests/guest/lib/prove.sh	# its marks in the log, not those of disk.sh
: "${SECONDS_MAX:=60}"
plan 5

load
rm -f /run/over /run/in.* /run/out.*
config ubd-l=ram,16M && config eth-l=pair,eth-m && config con7=loop
M=$(bus_name disk0) A=$(address disk0)
wait_for 20 is_disk "$M" && wait_for 20 is_disk ubd-l
SPEC=$(attr "$M" spec)

# openers: two for each of the four
i=0
for what in "disk $M" "disk ubd-l" "net eth-l" "console con7"; do
	for _two in 1 2; do
		i=$((i + 1))
		# shellcheck disable=SC2086
		/bed/tests/guest/lib/opener $what >/run/in.$i 2>/run/err.$i &
	done
done
openers=$i

# taker DOOR NAME FILE - how often it was given, refused, not there to be asked for, and given while
# the device was still there: FILE is one of the device that the door takes away, and is open while it
# is tried
# Between two tries it rests so long that an opener may come first, more often than not; what takes
# an interface waits for one, for some seconds: that takes long to come, and to be brought up.
taker() {
	i=$((i + 1)) rest=$BED_SLOW
	[ "$2" != eth-l ] || rest=$((rest * 3))
	{
		_gave=0 _no=0 _none=0 _bad=0 _n=0
		until [ -e /run/over ]; do
			_n=$((_n + 1))
			[ "$2" != eth-l ] || wait_for 2 test ! -e "/run/fresh.$2" >/dev/null
			: >/run/said.$i
			if try "$1" "$2" 5<"$3"; then
				_gave=$((_gave + 1))
				: >"/run/fresh.$2"
				"$1_back" "$2"
			elif read -r _words </run/said.$i && [ "${_words%usy}" != "$_words" ]; then
				_no=$((_no + 1))
			else
				_none=$((_none + 1))
			fi
			usleep $(((3000 + _n * 7919 % 20000) * rest))
		done 2>/dev/null
		echo "$1 $2 $_gave $_no $_none $_bad" >"/run/out.$i"
	} &
}
try() {
	"$1" "$2" 2>/run/said.$i || return
	! read -r _there <&5 || _bad=$((_bad + 1))
}
by_name() { echo 1 >"$BUS/$1/remove"; }
by_name_back() {
	case $1 in
	ubd-l)	config ubd-l=ram,16M ;;
	eth-l)	config eth-l=pair,eth-m ;;
	con7)	config con7=loop ;;
	*)	config "$SPEC" ;;
	esac
}
drivers=/sys/bus/virtbus/drivers
driver() {
	case $1 in
	eth-l)	at=$drivers/virtbus_net ;;
	con7)	at=$drivers/virtbus_console ;;
	*)	at=$drivers/virtbus_blk ;;
	esac
}
by_driver() { driver "$1"; echo "$1" >"$at/unbind"; }
by_driver_back() { driver "$1"; echo "$1" >"$at/bind"; }
by_function() { echo "$A" >$OURS/unbind; }
by_function_back() { echo "$A" >$OURS/bind; }

for n in "$M" ubd-l eth-l con7; do
	taker by_name $n $BUS/$n/state
	[ $n = con7 ] || taker by_driver $n $BUS/$n/queue0/name
done
taker by_function "$M" "$BUS/$M/state"
sleep $((SECONDS_MAX * 6 / 10))
# in between the drivers are unloaded, if nobody holds them, and come again
for m in virtbus_blk virtbus_net virtbus_console; do
	rmmod $m 2>/dev/null && modprobe $m
done
sleep $((SECONDS_MAX * 4 / 10))
: >/run/over
wait

tell "$(uname -r), $SECONDS_MAX s:"
cat /run/in.* | awk '{ n[$3] += $1; l[$3] += $2 }
	END { for (d in n) print "  openers of " d ": " n[d] " times in, " l[d] " times it was gone while in" }' | tell_all
while read -r door n gave no none bad; do
	echo "$door $n: gone $gave times, refused $no times, not there $none times, gone but there $bad times"
done <<END | tell_all
$(cat /run/out.*)
END
is "all came to an end" "$(cat /run/in.* | wc -l) $(cat /run/out.* | wc -l)" "$openers $((i - openers))"
is "no device was taken from who had it" "$(awk '{ l += $2 } END { print l }' /run/in.*)" 0
is "none that went was still there" "$(awk '{ b += $NF } END { print b }' /run/out.*)" 0
expect "each opener got in" sh -c "! grep -q '^0 ' /run/in.*"
expect "each door gave, and refused" sh -c "! awk '\$3 == 0 || \$4 == 0' /run/out.* | grep ."
