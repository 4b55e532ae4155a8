# SPDX-License-Identifier: GPL-2.0
# liar.sh - devices of QEMU that lie (bed/hostliar.py), and what must become of them;
# after prove.sh
#
# Who sources it says what lies:
#
#	KIND		blk or net
#	ready		wait until N can be used
#	works		real data go through it and come back as they were
#	poke		use it a bit, well or not
#	many		use it a bit, by several at once
#	prepare		a new one, for that
#	let_go		nobody uses it any more
#	use, end_use	use it as hard as can be; stop that, and were the data right?

DRIVER=/sys/bus/virtbus/drivers/virtbus_$KIND

# appear [OPTION..] - a device that lies; A: its address, N: its name. It need not bind.
appear() {
	ls $PARENTS/devices >/run/before
	A=$(host liar l $KIND "$@") || return
	wait_for 40 is_ours
}
is_ours() {
	[ "$A" != - ] || A=$(ls $PARENTS/devices | grep -vxF -f /run/before)
	N=$(name_at "${A:-none}")
}
plug() { appear "$@" && wait_for 20 bound && ready; }
unplug() {
	let_go
	surprise "$N"
	host unliar l 60 && wait_for 20 test ! -e "$PARENTS/devices/$A"
}
bound() { [ -e "$BUS/$N/driver" ]; }
unbind() { echo "$N force" >"$DRIVER/unbind"; }
bind() { echo "$N" >"$DRIVER/bind"; }
broken() { in_state "$N" Broken; }
connected() { in_state "$N" Connected; }
error() { cat "$BUS/$N/error"; }
# why - in the device's own words, or the log's
why() {
	if broken && [ -n "$(error)" ]; then error; return; fi
	since_mark | grep "$N: " | grep -vE 'I/O error|link becomes ready' | tail -n 1 | sed "s/.*$N: //"
}

# state - what the liar is at; told - how many lies in all, since the boot; told_of LIE
state() { host lies l | cut -d' ' -f2; }
told() { host lies l | cut -d' ' -f1; }
told_of() { host lies l | tr ' ' '\n' | sed -n "s/^$1=//p"; }

# row LIE THEN BECAUSE - of the table
row() { tell "$(printf '  %-18s %-10s %s' "$@" | cut -c 1-150)"; }

# anew - it goes, and one that is plugged in its place works
anew() {
	unplug || { echo "it does not go"; return 1; }
	plug && works || { echo "another one does not work"; return 1; }
}

# must_break LIE - it is Broken for a reason, and its users had an error
must_break() {
	host lie l "$1" 1 || return
	wait_for 20 pokes_it_broken && [ -n "$(error)" ] || return
	! poke || { echo "a device that is Broken works"; return 1; }
	row "$1" Broken "$(error)"
	anew
}
pokes_it_broken() { poke; broken; }

# may_break LIE - Broken, or right
may_break() {
	host lie l "$1" 1 || return
	poke; poke; usleep 300000
	if broken; then
		[ -n "$(error)" ] || return
		row "$1" Broken "$(error)"
	else
		works || return
		row "$1" Connected "the data are right"
	fi
	anew
}

# harmless LIE [COUNT] - everything is right all the same
harmless() {
	_before=$(told)
	host lie l "$@" && works && many || return
	usleep 300000
	_n=$(($(told) - _before))
	[ $_n -gt 0 ] || { echo "it did not lie"; return 1; }
	host lie l none && works && connected || return
	row "$1" Connected "the data are right; it was told $_n times"
}

# silent LIE - who uses it waits, until it is removed by force
silent() {
	mark_log
	host lie l "$1" 0 || return
	poke & _poker=$!
	wait_for 60 is_stalled && connected || return
	_said=$(why)
	let_go & _letting=$!
	_t0=$(now_ms)
	echo force >"$BUS/$N/remove"
	wait $_poker $_letting
	_took=$(($(now_ms) - _t0))
	row "$1" "removed" "$_took ms; $_said"
	[ $_took -le 8000 ] || return
	anew
}
is_stalled() { logged "$N: .*stalled"; }

# odd LIE - there from the start: it is refused with one line that says why, or lived with
odd() {
	unplug || return
	mark_log
	appear "lie=$1,0" || return
	usleep 500000
	wait_for 5 bound
	if bound; then
		ready && poke
		usleep 300000
		connected || { broken && [ -n "$(error)" ]; } || return
		row "$1" "$(attr "$N" state)" "$(lives_with)"
	else
		[ -n "$(why)" ] || { echo "the log does not say why"; return 1; }
		row "$1" "no driver" "$(why)"
	fi
	anew
}

# --- at random

# one_life - it lies until it is Broken, or has come to an end with lying
one_life() {
	host lie l random $((LIES - $(told) + begun)) "$EVERY" && use || return
	_until=$(($(now_ms) + 180000))
	while :; do
		usleep 200000
		! broken || break
		case $(state) in
		lying)	;;
		told)	break ;;
		# the entry that changed may have been read before
		over:changes)	usleep 500000; break ;;
		*)	wait_for 20 broken; break ;;
		esac
		[ "$(now_ms)" -le $_until ] || { echo "3 minutes without an end"; return 1; }
	done
	_state=$(state)
	end_use || return
	lives=$((lives + 1))
	if broken; then
		[ -n "$(error)" ] || { echo "Broken without a reason"; return 1; }
		error | sed 's/[0-9][0-9]*/N/g; s/^queue [a-zN]*: //' >>/run/reasons
	else
		case $_state in
		told|over:changes) ;;
		*) echo "it told $_state, and is $(attr "$N" state)"; return 1 ;;
		esac
	fi
}
next_life() {
	host lie l none || return
	if [ $((lives % 10)) = 0 ]; then
		unplug && plug && works && prepare
	else
		let_go
		unbind && bind && ready && pokes_well
	fi
}
pokes_well() { wait_for 20 poke; }
# lives - until all lies are told
lives() {
	prepare || return
	lives=0 begun=$(told)
	: >/run/reasons
	while [ $(($(told) - begun)) -lt "$LIES" ]; do
		one_life && next_life || { echo "in life $lives, after $(($(told) - begun)) lies: $(host lies l)"; error; return 1; }
		[ $((lives % 20)) != 0 ] || tell "  $lives lives, $(($(told) - begun)) lies"
	done
}
at_random() {
	_t=$(now_ms)
	expect "$LIES lies at random" lives
	tell "$KIND: $(($(told) - begun)) lies at random in $lives lives, $((($(now_ms) - _t) / 1000)) s; Broken $(wc -l </run/reasons) times:"
	sort /run/reasons | uniq -c | sort -rn | tell_all
	tell "  of each, the named ones included: $(host lies l | cut -d' ' -f3-)"
	is "what the driver said was never nonsense" "$(told_of confused)" 0
}
