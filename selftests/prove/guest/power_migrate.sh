# SPDX-License-Identifier: GPL-2.0
# The machine goes on in another QEMU, ROUNDS times, at work: straight, then by way of a
# file, and so on.
# needs: free fio net disks=64M
# lane: A
# time: 300
. /bed/tests/guest/lib/power.sh
plan 6

work_begin
way=file
move() {
	if [ $way = file ]; then way=there; else way=file; fi
	_took=$(host migrate $way) || return
	echo "$way: ${_took% *} ms, ${_took#* } of them it stood still" >>/run/moves
}
expect "it moves $ROUNDS times" again "$ROUNDS" move
tell_all </run/moves
work_end
