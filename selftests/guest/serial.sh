# SPDX-License-Identifier: GPL-2.0
# serial.sh - consoles and ports of the machine:  . /bed/serial.sh
# Tests that use it have  needs: free  so that the in-tree driver does not have them.

# serial [KEY=VALUE..] - have our drivers and the console device `serial`; it stays for the next test
serial() {
	load virtbus_console && load "$(machine_glue)" || return
	host attach serial virtio-serial "$@" >/dev/null 2>&1
	: >/run/ports
	at_exit drop_ports
}

# drop_ports - what port and con made, on the host
drop_ports() { while read -r _p; do drop "$_p"; done </run/ports >/dev/null 2>&1; }

# drop ID - take a port or console, and its other end
drop() {
	host qmp device_del "{\"id\": \"$1\"}" && host wait DEVICE_DELETED 5 "device=$1"
	host unport "$1"
}

# end_of DRIVER ID [KEY=VALUE..] - plug the port that leads to the host's end ID
end_of() {
	_driver=$1 _id=$2; shift 2
	_more=$(for _o; do printf ', "%s": "%s"' "${_o%%=*}" "${_o#*=}"; done)
	host qmp device_add "{\"driver\": \"$_driver\", \"id\": \"$_id\", \"bus\": \"serial.0\", \
\"chardev\": \"$_id\"$_more}" >/dev/null && echo "$_id" >>/run/ports
}

# port ID [KIND] - a port of this name; con ID [KIND] - a console; with their other ends
port() { host port "$@" && end_of virtserialport "$1" "name=$1"; }
con() { host port "$@" && end_of virtconsole "$1"; }

# path ID - the file of a port
path() { echo "/dev/virtio-ports/$1"; }

# sum FILE [BYTES]
sum() { head -c "${2:-99999999}" "$1" | sha256sum | cut -d' ' -f1; }

# kernel_console NAME - a loop console, and the kernel prints on it
kernel_console() {
	load virtbus_console && load virtbus_loop && config "$1=loop" || return
	stty -F "/dev/$1" raw -echo
	forget_log
	at_exit "echo 0 2>/dev/null >/sys/class/tty/$1/console"
	echo 1 >"/sys/class/tty/$1/console"
}

# long_lines N - the kernel says N lines of some 900 bytes
long_lines() {
	_more=$(head -c 800 /dev/zero | tr '\0' x) _i=0
	while [ $_i -lt "$1" ]; do
		_i=$((_i + 1))
		echo "<1>line $_i of $1: it takes more room than there is for all of them $_more" >/dev/kmsg
	done
}

# forget_log - a new console of the kernel prints from here on, not all from the start
forget_log() { timeout 1 cat /proc/kmsg >/dev/null 2>&1; }
