# SPDX-License-Identifier: GPL-2.0
# What the console driver can do, a row each: its test, and what the host saw of it.
# needs: free loop
# time: 60
. /bed/tests/guest/lib/prove.sh
. /bed/disk.sh
. /bed/serial.sh
. /bed/tests/guest/lib/features.sh
plan 16

serial
con screen file
con keys
port org.test.0
port org.test.1
expect "virtio_console is not loaded" sh -c "! grep -q '^virtio_console ' /proc/modules"
there() { [ -c /dev/con0 ] && [ -c /dev/con1 ] && [ -c "$(path org.test.0)" ] && [ -c "$(path org.test.1)" ]; }
expect "the consoles and the ports are there" wait_for 20 there
# the first is of the first that was plugged
for t in /dev/con0 /dev/con1; do stty -F "$t" raw -echo; done
screen=/dev/con0 keys=/dev/con1

shows VIRTIO_CONSOLE_F_MULTIPORT console/many accepted serial VIRTIO_CONSOLE_F_MULTIPORT "four ports have ends on the host"
# channel I/O waits for an interrupt: there a panic has the queue alone
case $(uname -m) in
x86_64)	emergency="console/emergency used" ;;
*)	emergency="console/panic not used" ;;
esac
shows VIRTIO_CONSOLE_F_EMERG_WRITE "${emergency%% *}" accepted serial VIRTIO_CONSOLE_F_EMERG_WRITE "${emergency#* } in a panic"

dd if=/dev/urandom of=/run/sent bs=64k count=4 2>/dev/null
# arrived END FILE SIZE - it is in the host's file
arrived() {
	[ "$(host heard "$1" "$3" 30)" = "$(sum "$2")" ] && echo "the host's end of $1 has $3 bytes, sha256 as written"
}
terminal() { cat /run/sent >$screen; arrived screen /run/sent 262144; }
shows "a terminal: output" console/host terminal
typed() {
	host type keys 'who is there\r' && IFS= read -r -t 10 -d "$(printf '\r')" _line <"$keys" &&
		[ "$_line" = "who is there" ] && echo "the host typed it at a terminal of its own"
}
stty -F "$keys" -icrnl
shows "a terminal: input" console/host typed
out() { cat /run/sent >"$(path org.test.0)"; arrived org.test.0 /run/sent 262144; }
shows "a port with a name: output" console/port out
from_host() {
	_want=$(host talk org.test.0 262144)
	timeout 30 dd if="$(path org.test.0)" of=/run/got bs=1k count=256 iflag=fullblock 2>/dev/null
	[ "$(sum /run/got)" = "$_want" ] && echo "262144 bytes that the host sent, sha256 as sent"
}
shows "a port with a name: input" console/port from_host
while host wait VSERPORT_CHANGE 1 id=org.test.1 >/dev/null 2>&1; do :; done
told() {
	exec 7<>"$(path org.test.1)"
	host wait VSERPORT_CHANGE 5 id=org.test.1 open=True >/dev/null || return
	exec 7<&-
	host wait VSERPORT_CHANGE 5 id=org.test.1 open=False >/dev/null && echo "VSERPORT_CHANGE for its id, open true and false"
}
shows "the host learns who has a port open" console/port told
# a host that does not listen: other ports go on
alone() {
	host listen org.test.0 no >/dev/null
	dd if=/dev/zero bs=64k count=32 2>/dev/null >"$(path org.test.0)" & _stuck=$!
	sleep 2
	_n=$(host bytes org.test.0)
	cat /run/sent >"$(path org.test.1)"
	arrived org.test.1 /run/sent 262144 >/run/alone && [ "$(host bytes org.test.0)" = "$_n" ] && [ -d /proc/$_stuck ] &&
		echo "org.test.0 stands at $_n bytes, org.test.1 had 262144 meanwhile"
	_rc=$?
	host listen org.test.0 yes >/dev/null
	wait $_stuck
	return $_rc
}
shows "a host that does not listen" console/many alone
hung_up() {
	cat "$(path org.test.0)" >/dev/null & _reader=$!
	sleep 1
	host hangup org.test.0
	wait_for 10 test ! -d /proc/$_reader && echo "the host's end of org.test.0 was closed: its reader ended"
}
shows "hangup" prove/features hung_up
gone() {
	host qmp device_del '{"id": "org.test.0"}' && host wait DEVICE_DELETED 5 device=org.test.0 &&
		wait_for 5 test ! -e "$(path org.test.0)" && echo "DEVICE_DELETED, and its file went"
}
shows "a port that is taken by the host" console/port gone

forget_log
echo "<1>said before" >/dev/kmsg
kernel() {
	echo 1 >/sys/class/tty/con0/console || return
	host found screen 10 "said before" && echo "<1>said now" >/dev/kmsg && host found screen 5 "said now" || return
	echo 0 >/sys/class/tty/con0/console && _n=$(host bytes screen) || return
	echo "<1>said afterwards" >/dev/kmsg
	sleep 1
	[ "$(host bytes screen)" = "$_n" ] && echo "the log is in the host's file while console is 1, nothing while it is 0"
}
shows "console of the kernel, attribute console" console/kernel kernel
echo 1 >/proc/sys/kernel/sysrq
sysrq() {
	# sysrq is for a console of the kernel
	echo 1 >"/sys/class/tty/${keys#/dev/}/console" || return
	exec 7<>"$keys"
	mark
	host type keys '\x0fh' && wait_for 5 said "sysrq: HELP" && host found keys 5 "sysrq: HELP" &&
		echo "the host typed Ctrl-O h, and has the answer: sysrq: HELP"
	_rc=$?
	exec 7<&-
	echo 0 >"/sys/class/tty/${keys#/dev/}/console"
	return $_rc
}
shows "SysRq" console/kernel sysrq
# QEMU's device does not offer VIRTIO_CONSOLE_F_SIZE; the loop's does
sized() {
	config con5=loop && [ "$(stty -F /dev/con5 size)" = "25 80" ] && remove con5 &&
		echo "QEMU does not have it; the loop's end says 25 lines of 80, and stty has that"
}
load virtbus_loop
shows VIRTIO_CONSOLE_F_SIZE console/terminal sized
let_go() {
	remove con0 && case " $(host agreed serial) " in
	*" VIRTIO_CONFIG_S_DRIVER_OK "*) return 1 ;;
	*) echo "QEMU: the device is reset, nobody drives it" ;;
	esac
}
shows "removed by name" console/host let_go
