# SPDX-License-Identifier: GPL-2.0
# lies.sh - what the proofs share in which the loop's device ends lie; after prove.sh,
# loop.sh and lose.sh
#
# Who sources it says what lies:
#
#	DEV, DRIVER	its name, and the name of its driver
#	SPEC		what makes it, as in ram,4G
#	ready		wait until it can be used
#	works		real data go through it and come back as they were
#	poke		use it a bit, well or not: a fault has something to strike
#	let_go		remove it, unused
#	silent, io_error	what must become of these
#	lie FAULT	what must become of any: usual, but for what is other there
#	PLAIN		keys for make, so that a harmless fault has something to strike

# row FAULT STRUCK THEN MS BECAUSE - of the table
row() { tell "$(printf '  %-18s %-8s %-10s %-6s %s' "$@" | cut -c 1-150)"; }
error() { cat $BUS/$DEV/error; }
# why - in the device's own words, or the log's
why() {
	if broken && [ -n "$(error)" ]; then error; return; fi
	since_mark | grep "$DEV: " | grep -vE 'I/O error|link becomes ready' | tail -n 1 | sed "s/.*$DEV: //"
}
# make [KEY=VALUE..] - make it, and wait until it can be used
make() { config "$DEV=$SPEC$(printf ',%s' "$@" | sed 's/^,$//')" && ready; }
broken() { in_state $DEV Broken; }
gone() { in_state $DEV Gone; }
bound() { [ -e $BUS/$DEV/driver ]; }
lost_or_unbound() { broken || ! bound; }
bind() { echo $DEV >/sys/bus/virtbus/drivers/$DRIVER/bind; }
unbind() { echo $DEV force >/sys/bus/virtbus/drivers/$DRIVER/unbind; }

# anew - it goes, whoever uses it, and one that is made anew works
anew() {
	echo "${1:-force}" >$BUS/$DEV/remove && absent $DEV || { echo "it does not go"; return 1; }
	# shellcheck disable=SC2086
	[ -z "$users" ] || wait $users
	users=
	make && works || { echo "it does not work when made anew"; return 1; }
	let_go
}
# soon - the users of the device learnt of it in time
soon() { [ "$took" -le $LIMIT ] || { echo "its users were told after $took ms only"; return 1; }; }
strike() { fault $DEV "$@" && wait_for 30 "$lost"; }

# in_use_loses FAULT [COUNT] - it strikes while the device is used
in_use_loses() {
	make || return
	lose strike "$@" && [ "$(struck $DEV "$1")" -ge 1 ] && soon || return
	# one that is gone needs no reason
	[ -n "$(error)" ] || gone || return
	row "$1" "in use" "$(attr $DEV state)" "$took" "$(error)"
	anew
}

# binding_loses FAULT - it strikes while the driver binds, or at the first use
binding_loses() {
	mark_log
	make "fault=$1" 2>/dev/null
	usleep 300000
	poke
	wait_for 20 lost_or_unbound && [ -n "$(why)" ] || return
	row "$1" binding "$(attr $DEV state)" - "$(why)"
	anew
}

# silent_removed [SAID] - it is silent, and used; a forced removal ends its users
silent_removed() {
	_said=${1:-$(why)}
	_t0=$(now_ms)
	echo force >$BUS/$DEV/remove
	end_use "$_t0"
	row silent "in use" Connected "$took" "$_said"
	soon
}
# silent_binding - and in the middle of a probe
silent_binding() {
	config $DEV=$SPEC,fault=silent 2>/dev/null & maker=$!
	wait_for 20 test -e $BUS/$DEV/remove
	usleep 500000
	_t0=$(now_ms)
	echo force >$BUS/$DEV/remove
	wait $maker
	took=$(($(now_ms) - _t0))
	row silent binding removed "$took" "whoever made it got an answer"
	[ "$took" -le $LIMIT ] && absent $DEV && make && works && let_go
}

# reset_stuck - the driver lets go of it, and the device does not confirm that
reset_stuck() {
	make || return
	fault $DEV reset-stuck
	lose unbind || return
	wait_for 20 broken && soon || return
	row reset-stuck "in use" "$(attr $DEV state)" "$took" "$(error)"
	anew
}

# no_driver FAULT - it does not bind, says why, and does when it is sane; or it works
# with what is left of it, which lives_with tells
no_driver() {
	mark_log
	make "fault=$1" 2>/dev/null
	usleep 300000
	if bound; then
		lives_with "$1" || return
		row "$1" binding "$(attr $DEV state)" - "$_lives"
	else
		[ -n "$(why)" ] || { echo "the log does not say why"; return 1; }
		row "$1" binding "$(attr $DEV state)" - "$(why)"
		fault $DEV none
		bind && ready && works || return
	fi
	anew
}
lives_with() { _lives="brought within bounds; it works"; works; }

# config_random - bound 20 times, to something else each time
config_random() {
	make fault=config-random 2>/dev/null
	_bound=0
	for _i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		usleep 50000
		bound && _bound=$((_bound + 1)) && poke
		bound && unbind
		bind 2>/dev/null
	done
	[ "$(struck $DEV config-random)" -ge 20 ] || return
	row config-random binding "$(attr $DEV state)" - "bound $_bound times of 20, refused the others"
	fault $DEV none
	anew
}

# harmless FAULT [COUNT] - the data are right, and nothing breaks
harmless() {
	make ${PLAIN:+"$PLAIN"} || return
	begin_use && fault $DEV "$@" || return
	works || { echo "wrong data"; return 1; }
	still_right "$1" "the data are right"
}
# still_right FAULT WHAT - it struck, and is no worse for it
still_right() {
	[ "$(struck $DEV "$1")" -ge 1 ] && in_state $DEV Connected || return
	fault $DEV none
	row "$1" "in use" Connected - "$2; it struck $(struck $DEV "$1") times"
	anew
}

# usual FAULT - what must become of it, by its name: a new one is not known
usual() {
	lost=broken
	case $1 in
	id-range|id-wide|id-wrong|id-repeat|len-long|len-short|index-jump|index-back)
		in_use_loses "$1" 1 && binding_loses "$1" ;;
	needs-reset)	in_use_loses "$1" ;;
	gone)		lost=gone; in_use_loses "$1" ;;
	silent)		silent ;;
	event-lost)	harmless "$1" 3 ;;
	reorder|delay)	harmless "$1" 20 ;;
	config-storm|event-storm)	harmless "$1" 20000 ;;
	io-error)	io_error ;;
	reset-stuck)	reset_stuck ;;
	config-random)	config_random ;;
	no-version-1|features-refused|features-all|config-lies|config-zero)
		no_driver "$1" ;;
	*)		echo "this proof does not know the fault $1"; return 1 ;;
	esac
}

# lies FAULT.. - a point for each, and the last: what is left can be unloaded
lies() {
	tell "  fault              struck   then       ms     because"
	for f; do
		expect "$f" lie "$f"
	done
	expect "every module unloads" leave
}
leave() { unload; }
