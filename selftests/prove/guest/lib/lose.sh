# SPDX-License-Identifier: GPL-2.0
# lose.sh - a device disappears under its users, and how long they wait for an error;
# after prove.sh
#
# Who sources it says how its device is used:
#
#	use		start users of it, each with  user COMMAND..
#	in_use		is it in use now?
#	not_in_use	what the users have to say for themselves

: "${LIMIT:=5000}"	# ms in which the users of a device that disappeared must have ended
most=0 users=

# user COMMAND.. - start it; it ends when the device fails it, and that moment is noted
user() {
	_n=$((_n + 1))
	(
		"$@" >"/run/user.$_n" 2>&1
		read -r _up _ </proc/uptime
		echo "$_up" >"/run/ended.$_n"
	) &
	users="$users $!"
}

# lose COMMAND.. - the device in use disappears by COMMAND; how long until its last
# user is told goes to $took (ms), the longest of all to $most
lose() {
	begin_use || return
	_t0=$(now_ms)
	"$@" || return
	end_use "$_t0"
}
begin_use() {
	rm -f /run/ended.*
	_n=0 users=
	use
	wait_for 60 in_use || { not_in_use; return 1; }
}
# end_use MS - all users have ended; how long that was after the time MS
end_use() {
	# shellcheck disable=SC2086
	wait $users
	users=
	took=$(ended_after "$1" /run/ended.*)
	[ "$took" -le $most ] || most=$took
}
# ended_after MS FILE.. - how long after the time MS the last of these users ended
ended_after() {
	_since=$1 _longest=0; shift
	for _f; do
		read -r _end <"$_f"
		_end=$(($(ms "$_end") - _since))
		[ "$_end" -le $_longest ] || _longest=$_end
	done
	echo $_longest
}
