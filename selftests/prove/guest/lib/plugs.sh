# SPDX-License-Identifier: GPL-2.0
# plugs.sh - a disk, a network card or a console of the machine, called `hot`, that is plugged and
# unplugged on the host; after disk.sh and prove.sh. $A is its address, which plug_it sets.

victim=
# plugs_of KIND - what plug_it and unplug_it do from now on; it is plugged
plugs_of() {
	"plugs_of_$1"
	plug_it
}
plugs_of_disk() {
	host disk hot 4G
	plug_it() { A=$(host plug hot); }
	unplug_it() { surprise "$victim"; host unplug hot 30; }
}
plugs_of_net() {
	plug_it() { A=$(host nic hot hubport,hubid=0); }
	unplug_it() { surprise "$victim"; host unnic hot; }
}
# what goes out of its console nobody keeps; the other end of its port does not listen
plugs_of_console() {
	host qmp chardev-add '{"id": "sink", "backend": {"type": "null", "data": {}}}' >/dev/null
	host port still.0
	host listen still.0 no
	plug_it() {
		A=$(host attach hot virtio-serial) &&
			host qmp device_add '{"driver": "virtconsole", "bus": "hot.0", "chardev": "sink"}' >/dev/null &&
			host qmp device_add '{"driver": "virtserialport", "bus": "hot.0", "chardev": "still.0", "name": "still.0"}' >/dev/null
	}
	unplug_it() { surprise "$victim"; host unplug hot 30; }
}

# there KIND - it is there, called $victim, and can be used
there() {
	[ -e "$OURS/$A" ] || return
	for _d in "$BUS"/*; do
		victim=${_d##*/}
		[ -e "$PARENTS/devices/$A/$victim" ] && read -r _s <"$_d/state" && [ "$_s" = Connected ] && "$1_there" && return
	done
	return 1
}
disk_there() { disk=/dev/$victim; [ -b "$disk" ]; }
net_there() { [ -e "/sys/class/net/$victim" ]; }
# its terminal has another name where somebody has the old one open still
console_there() { [ -e "$BUS/$victim/tty" ] && [ -c "$(path still.0)" ]; }
