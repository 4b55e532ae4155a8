# SPDX-License-Identifier: GPL-2.0
# power.sh - a machine at work whose users must not notice what becomes of it: fio with verify on a
# disk, and a TCP connection to the other guest that always has data on its way. Tests that
# use it have  needs: free fio net
. /bed/tests/guest/lib/prove.sh
. /bed/disk.sh
. /bed/net.sh
. /bed/tests/guest/lib/hotplug.sh	# which has fio

# work_begin - 2 points; the test's own disk is disk0
work_begin() {
	start
	D=$(bus_name disk0)
	expect "a card that leads to the other guest" to_the_other
	busy_start "/dev/$D" --thinktime=2000 --thinktime_blocks=8
	expect "who is there" wait_for 60 ping -c 1 -w 2 10.9.0.2
	rm -f /run/enough; : >/run/said
	{ numbers | nc 10.9.0.2 7007; echo $? >/run/nc.status; } | sha256sum >/run/echoed & echoing=$!
	at_exit ": >/run/enough"
}
to_the_other() {
	# it may still boot, or have the guest before this one on its wire
	wait_for 180 machine_nic wire "socket,connect=$WIRE" mac=52:54:00:00:09:01 || return
	N=$(bus_name wire)
	ip link set "$N" up && ip addr add 10.9.0.1/24 dev "$N"
}
# numbers - until it is enough, a thousand at a time, with a line in /run/said for each: a number
# there would not be one for whoever reads while it is written
numbers() {
	_n=0
	until [ -e /run/enough ]; do
		seq $((_n * 1000 + 1)) $((_n * 1000 + 1000))
		_n=$((_n + 1))
		echo $_n >>/run/said
		usleep 50000
	done
}

thousands() { wc -l </run/said; }

# at_work - both are: it is said what was under way when the machine stopped
at_work() {
	kill -0 $busy && kill -0 $echoing && _was=$(thousands) &&
		wait_for 20 more_was_said "$_was"
}
more_was_said() { [ "$(thousands)" -gt "$1" ]; }

# work_end - 3 points; fio reads after it has written all of its 16 MB
has_verified() { read -r _reads _ <"/sys/block/$D/stat" && [ "$_reads" -gt 4096 ]; }
work_end() {
	wait_for 120 has_verified
	expect "the disk's data are right" busy_end
	: >/run/enough
	wait $echoing
	is "the connection ends well" "$(cat /run/nc.status)" 0
	_thousands=$(thousands)
	is "all that was said came back: $_thousands thousand numbers" "$(cut -d' ' -f1 /run/echoed)" \
		"$(seq 1 $((_thousands * 1000)) | sha256sum | cut -d' ' -f1)"
	ip link set "$N" down
}

# again COUNT COMMAND.. - so often, the machine at work each time
again() {
	_times=$1 _done=0; shift
	while [ $_done -lt "$_times" ]; do
		"$@" || { echo "failed: $((_done + 1)) of $_times"; return 1; }
		_done=$((_done + 1))
		at_work || { echo "the machine does not work after $_done of $_times"; return 1; }
	done
}
