# SPDX-License-Identifier: GPL-2.0
# A port is what the host says it is, also when the driver has no time to listen, for others have
# the processors.
# needs: free
# lane: A
# time: 30
. /bed/ktap.sh
. /bed/disk.sh
. /bed/serial.sh
plan 3

ports="p1 p2 p3 p4 p5 p6"
serial
con human
for p in $ports; do port "$p"; done
expect "the console and its ports are there" wait_for 15 test -c /dev/con0 -a -c "$(path p6)"

# starve - others have a hundredth of each processor from now on; we have more
starve() {
	renice -n -20 -p $$ || return
	_greedy=
	for _cpu in $(seq 0 $(($(nproc) - 1))); do
		taskset $((1 << _cpu)) sh -c 'while :; do :; done' & _greedy="$_greedy $!"
	done
}
at_exit 'kill $_greedy; renice -n 0 -p $$'

told() {
	[ -c /dev/con0 ] || return
	for _p in $ports; do [ -c "$(path "$_p")" ] || return; done
}
rebind() {
	for _i in $(seq 1 6); do
		unbind con0 && bind con0 || return
		wait_for 20 told || { echo "in round $_i"; ls -d "$BUS"/con0/tty/* "$BUS"/con0/virtbus-port/*; return 1; }
	done
}
unbind() { echo "$1" >/sys/bus/virtbus/drivers/virtbus_console/unbind; }
bind() { echo "$1" >/sys/bus/virtbus/drivers/virtbus_console/bind; }
expect "others have the processors" starve
expect "6 times bound anew, each port is what the host says" rebind
