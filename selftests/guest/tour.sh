# SPDX-License-Identifier: GPL-2.0
# The tour of `make run`: what virtbus does, shown and checked.  disk0 is an ext4
# image with files, disk1 is empty; a network card and a console are plugged here.
# modules: ext4
# time: 30
. /bed/ktap.sh
. /bed/disk.sh
. /bed/serial.sh
plan 17
glue="$(machine_glue) $(machine_claim)"

# tell TEXT - to the person who typed `make run`
tell() { host say "$*"; }
step() { tell; tell "$*"; }
# show COMMAND - as in a terminal: the command, then what it prints
show() {
	tell "  # $1"
	eval "$1" >/run/shown 2>&1
	_rc=$?
	cut -c 1-110 /run/shown | while IFS= read -r _l; do tell "  $_l"; done
	return $_rc
}
refused() { ! show "$1"; }
driver() { basename "$(readlink "$1/driver")"; }

modprobe ext4
tell
tell "Debian's kernel $(uname -r) is up on $(uname -m), in QEMU; its own drivers for virtio are not loaded."
expect "no virtio driver is loaded" sh -c '! grep -qE "^virtio_(blk|net|console)" /proc/modules'
host nic card user >/dev/null
host attach serial virtio-serial >/dev/null
: >/run/ports
host port shown file && end_of virtconsole shown

step "1. Load the drivers and the transport. A device has a name."
expect "the modules load" show "modprobe -a virtbus_blk virtbus_net virtbus_console; modprobe $glue"
all_there() { [ -b /dev/ubd0 ] && [ -b /dev/ubd1 ] && [ -c /dev/con0 ] && [ -e /sys/class/net/eth0 ]; }
expect "all devices have drivers" wait_for 15 all_there
for d in "$BUS"/*; do
	tell "  ${d##*/}: $(cat "$d/state"), driver $(driver "$d"), on $(cut -d= -f2- "$d/spec") by $(driver "$d/..")"
done

step "2. Use it. An image on the host holds an ext4 file system."
expect "the disk is mounted" show "mount /dev/ubd0 /mnt"
expect "its files can be read" show "ls /mnt; cat /mnt/README"
expect "a file is written" show "echo 'written in the guest' >/mnt/note; sync"

expect "the network card answers" show "ip link set eth0 up; ip addr add 10.0.2.15/24 dev eth0; ping -c 1 10.0.2.2 | grep from"
expect "the console takes a line" show "echo 'said in the guest' >/dev/con0"
expect "the host has it" host found shown 5 "said in the guest"
tell "  the host's end of con0 has: said in the guest"

step "3. A disk that is in use refuses to go, and the log says why."
expect "removal is refused" refused "echo 1 >$BUS/ubd0/remove"
expect "so does a network card" refused "echo 1 >$BUS/eth0/remove"
expect "with its reason" show "dmesg | grep 'not removed' | sed 's/^[^a-z]*//'"

step "4. Unmounted, it goes and comes back by name, while ubd1 works on."
(until [ -e /run/enough ]; do dd if=/dev/urandom of=/dev/ubd1 bs=64k count=16 oflag=direct 2>/dev/null; done) &
busy=$!
at_exit ": >/run/enough"
before=$(attr ubd1 queue0/used)
spec=$(attr ubd0 spec)
expect "it is unplugged" show "umount /mnt; echo 1 >$BUS/ubd0/remove; ls $BUS"
expect "it is plugged" show "echo $spec >/sys/bus/virtbus/config; ls $BUS"
wait_for 10 test -b /dev/ubd0
expect "the file is there" show "mount /dev/ubd0 /mnt; cat /mnt/note"
tell "  ubd1 finished $(($(attr ubd1 queue0/used) - before)) requests meanwhile."
expect "the other disk worked" test "$(attr ubd1 queue0/used)" -gt "$before"
: >/run/enough
wait $busy
umount /mnt

ip link set eth0 down

step "5. Everything unloads; the devices are free again."
expect "the modules unload" unload
tell "  done. 'make run' in a terminal gives you this guest with a shell; 'make check' proves it."
tell
