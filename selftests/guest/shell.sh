#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shell.sh - the guest that `make run` gives to a person: its shell is on con0

. /bed/disk.sh
modprobe ext4
modprobe -a virtbus_blk virtbus_net virtbus_console virtbus_loop
# shellcheck disable=SC2046
modprobe "$(machine_glue)" $(machine_claim)

all_there() { [ -b /dev/ubd0 ] && [ -b /dev/ubd1 ] && [ -c /dev/con0 ] && [ -e /sys/class/net/eth0 ]; }
_tries=0
until all_there || [ $_tries = 100 ]; do
	usleep 100000
	_tries=$((_tries + 1))
done
mount /dev/ubd0 /mnt
ip link set eth0 up && ip addr add 10.0.2.15/24 dev eth0 && ip route add default via 10.0.2.2
BUS=/sys/bus/virtbus/devices
backend=$(cut -d= -f2- $BUS/ubd0/spec)

# use_of NAME - what the guest does with the device
use_of() {
	awk -v d="/dev/$1" '$1 == d { print "mounted on " $2 }' /proc/mounts
	case $1 in
	eth*)	ip -o addr show dev "$1" | awk '$3 == "inet" { print $4 }' ;;
	con*)	echo "this shell" ;;
	esac
}

welcome() {
	cat <<-END

	Debian's kernel $(uname -r) on $(uname -m). virtbus drives its disks, its network card and
	the console that you type at:

	$(for d in $BUS/*; do
		[ -e "$d" ] || { echo "  (none: see dmesg)"; break; }
		echo "  ${d##*/}  $(cat "$d/state")  $(cat "$d/spec")  $(use_of "${d##*/}")"
	done)

	Try:
	  cat README                             an ext4 file system, in an image on the host
	  ping -c 1 10.0.2.2                     the host, over the network card
	  cd $BUS; grep . ubd0/* 2>/dev/null
	  echo 1 >ubd0/remove; dmesg | tail -n 1             in use, so it refuses
	  echo 1 >con0/remove; dmesg | tail -n 1             this shell is on it
	  umount /mnt; echo 1 >ubd0/remove; ls               now it goes
	  echo ubd9=$backend >../config; ls      and comes back under any name
	  echo ubd5=ram,64M >../config; lsblk                a disk made of memory

	A busybox shell. Leave it with 'poweroff -f', or press Ctrl-A X.

	END
}

terminal=/dev/con0
if [ ! -c $terminal ]; then
	terminal=/dev/console
	echo "There is no con0, so this shell is on the machine's own console: press Ctrl-A C to type at it; dmesg says why."
fi
# its own directory must not keep the disk mounted
welcome >$terminal
setsid -c sh -c 'cd /mnt; exec sh' <>$terminal >&0 2>&1
umount /mnt 2>/dev/null
poweroff -f
