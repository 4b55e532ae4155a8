# SPDX-License-Identifier: GPL-2.0
# The tour of `make run`: what virtbus does, shown and checked.  disk0 is an ext4
# image with files, disk1 is empty.
# modules: ext4
# time: 30
. /bed/ktap.sh
plan 12
case $BED_ARCH in
s390x)	glue="virtbus_ccw claim=all" ;;	# there the in-tree driver is built in
*)	glue=virtbus_pci ;;
esac

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
tell "Debian's kernel $(uname -r) is up on $(uname -m), in QEMU; its own disk driver is not loaded."
expect "virtio_blk is not loaded" sh -c '! grep -q ^virtio_blk /proc/modules'

step "1. Load the disk driver and the transport. A device has a name."
expect "the modules load" show "modprobe virtbus_blk; modprobe $glue"
wait_for 10 test -b /dev/ubd0 && wait_for 10 test -b /dev/ubd1
for d in "$BUS"/*; do
	tell "  ${d##*/}: $(cat "$d/state"), driver $(driver "$d"), on $(cut -d= -f2- "$d/spec") by $(driver "$d/..")"
done

step "2. Use it. An image on the host holds an ext4 file system."
expect "the disk is mounted" show "mount /dev/ubd0 /mnt"
expect "its files can be read" show "ls /mnt; cat /mnt/README"
expect "a file is written" show "echo 'written in the guest' >/mnt/note; sync"

step "3. A disk that is in use refuses to go, and the log says why."
expect "removal is refused" refused "echo 1 >$BUS/ubd0/remove"
expect "with its reason" show "dmesg | grep 'ubd0.*not removed' | sed 's/.*ubd0: //'"

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

step "5. Everything unloads; the disks are free again."
expect "the modules unload" unload
tell "  done. 'make run' in a terminal gives you this guest with a shell; 'make check' proves it."
tell
