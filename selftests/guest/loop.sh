# SPDX-License-Identifier: GPL-2.0
# loop.sh - words for tests of the loop and of devices that misbehave; after ktap.sh

PORTS=/sys/devices/virtbus_loop

# fault NAME FAULT [COUNT] - make a device's end misbehave
fault() { _name=$1; shift; echo "$*" >"$PORTS/$_name/fault"; }

# struck NAME FAULT - how often it did
struck() { awk -v f="$2" '$1 == f { print $NF }' "$PORTS/$1/fault"; }

# remove NAME [force]
remove() { echo "${2:-1}" >"$BUS/$1/remove"; }

# absent NAME - neither a device nor a port of that name
absent() { ! [ -e "$BUS/$1" ] && ! [ -e "$PORTS/$1" ]; }

# one_read NAME, one_write NAME - a block, past the page cache
one_read() { dd if="/dev/$1" of=/dev/null bs=4k count=1 iflag=direct 2>&1; }
one_write() { dd if=/dev/zero of="/dev/$1" bs=4k count=1 oflag=direct 2>&1; }

# rebind NAME - unbind and bind the driver
rebind() {
	echo "$1" >/sys/bus/virtbus/drivers/virtbus_blk/unbind &&
		echo "$1" >/sys/bus/virtbus/drivers/virtbus_blk/bind
}

# logged PATTERN - since this file began
logged() {
	dmesg | awk '/virtbus bed: begin/ { n = 0 } { l[n++] = $0 }
		END { for (i = 0; i < n; i++) print l[i] }' | grep -E -e "$1"
}

# breaks FAULT REASON - 6 points: with this fault, one request makes the device
# Broken for REASON, and it works again when bound anew and when made anew
breaks() {
	config ubd1=ram,16M
	fault ubd1 "$1" 1
	refuse "$1: the request fails" "" one_read ubd1
	becomes "$1: the device is Broken" 5 Broken attr ubd1 state
	expect "$1: the reason is known" sh -c "grep -E '$2' $BUS/ubd1/error"
	is "$1: it was the fault" "$(struck ubd1 "$1")" 1
	rebind ubd1
	expect "$1: the device works when bound anew" one_read ubd1
	remove ubd1
	config ubd1=ram,16M
	expect "$1: the device works when made anew" one_read ubd1
	remove ubd1
}
