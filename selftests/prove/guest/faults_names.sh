# SPDX-License-Identifier: GPL-2.0
# What a module or a device wants to register has a name that is taken: it is refused with a
# reason, leaves nothing, and works when the name is free.
# needs: loop net free
# lane: B
# time: 60
. /bed/net.sh
. /bed/tests/guest/lib/prove.sh
plan 46

# seen - all that could be left
seen() {
	ls /sys/bus "$PARENTS/drivers" /sys/class /sys/devices /sys/block /sys/class/net /sys/class/tty \
		/sys/class/virtbus-port "$BUS" "$BUS/../drivers" $PORTS 2>/dev/null
	cat /proc/tty/drivers /proc/devices
	# a line without a name is a count (s390x)
	awk '$NF !~ /^[0-9]+$/ { print $1, $NF }' /proc/interrupts
	cut -d' ' -f1 /proc/modules
}

# taken WHAT ERROR MODULE [PATH] - 4 points: while the name is taken the module does not load, says
# ERROR, and leaves nothing; then it does. PATH is where sysfs finds two of it, and dumps a stack.
taken() {
	_wants=$3
	expect "$1 is taken" load $TAKER
	seen >/run/seen
	# busybox tries twice
	[ -z "${4:-}" ] || printf 'virtbus proof: taken %s\n' "$4" "$4" | while read -r l; do echo "$l" >/dev/kmsg; done
	refuse "$1: modprobe $_wants says why" "$2" load "$_wants"
	tell "$1 is taken: $(tail -n 1 /run/ktap.out)"
	expect "$1: nothing is left" same
	expect "$1: it loads when the name is free" sh -c "rmmod ${TAKER%% *} && modprobe $_wants"
	rmmod "$_wants"
}
same() { seen | diff /run/seen -; }

TAKER="virtbus_taken what=bus"
taken "the bus" "busy" virtbus /bus/virtbus
load virtbus
for d in blk net console; do
	TAKER="virtbus_taken_bus driver=virtbus_$d"
	taken "the driver virtbus_$d" "busy" virtbus_$d
done
TAKER="virtbus_taken what=class"
taken "the class of ports" "busy" virtbus_console /class/virtbus-port
TAKER="virtbus_taken what=majors"
taken "every major number" "busy" virtbus_console
load virtbus_end
TAKER="virtbus_taken what=root"
taken "virtbus_loop" "busy" virtbus_loop /devices/virtbus_loop
TAKER="virtbus_taken_bus transport=loop"
taken "the transport loop" "busy" virtbus_loop
TAKER="virtbus_taken what=glue"
taken "the driver $GLUE" "busy" $GLUE
TAKER="virtbus_taken_bus transport=$BED_ROAD"
taken "the transport $BED_ROAD" "busy" $GLUE

# no_room WHAT SPEC [PATH] - 3 points: a device whose disk or terminal has no name says so,
# and has no driver; it is removed, and made when the name is free
no_room() {
	_name=${2%%=*} _spec=$2
	load virtbus_taken "what=$1"
	seen >/run/seen
	mark_log
	[ -z "${3:-}" ] || echo "virtbus proof: taken $3" >/dev/kmsg
	config "$_spec" 2>/dev/null
	expect "a $1 called $_name is there: the log says why" logged "probe of $_name failed with error -17"
	tell "a $1 called $_name is there: $(logged "virtbus.*$_name" | tail -n 1)"
	echo 1 >"$BUS/$_name/remove"
	expect "a $1 called $_name is there: nothing is left" same
	rmmod virtbus_taken
	expect "a $1 called $_name: it works when the name is free" sh -c "echo $_spec >$CONFIG && [ -e $BUS/$_name/driver ]"
	echo 1 >"$BUS/$_name/remove"
}
for m in blk net console loop; do load virtbus_$m; done
no_room disk ubd1=ram,1M /class/block/ubd1
no_room tty con1=loop /class/tty/con1
