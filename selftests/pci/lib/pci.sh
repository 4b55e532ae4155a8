# SPDX-License-Identifier: GPL-2.0
# pci.sh - what the tests of this directory share

PCI=/sys/bus/pci
OURS=$PCI/drivers/virtbus_pci
THEIRS=$PCI/drivers/virtio-pci
CLAIM=/sys/module/virtbus_pci/parameters/claim

# driver_of ADDRESS - the driver of a PCI function, "none" without one
driver_of() {
	[ -e "$PCI/devices/$1/driver" ] || { echo none; return; }
	basename "$(readlink "$PCI/devices/$1/driver")"
}

# driven_by DRIVER ADDRESS
driven_by() { [ "$(driver_of "$2")" = "$1" ]; }

# name_at ADDRESS - the name of the device that a PCI function is
name_at() {
	for _d in "$BUS"/*; do
		case $(readlink -f "$_d") in
		*/"$1"/*) echo "${_d##*/}"; return ;;
		esac
	done
	return 1
}

# disk_at ADDRESS - the disk of a PCI function, whoever drives it
disk_at() {
	_f=$(find "$PCI/devices/$1/" -path '*/block/*' -name dev 2>/dev/null | grep -v '/block/.*/.*/dev' | head -n 1)
	[ -n "$_f" ] || return 1
	_f=${_f%/dev}
	echo "/dev/${_f##*/}"
}

has_disk() { disk_at "$1" >/dev/null; }

# irqs_of NAME - names of a device's interrupts, without the device's own
irqs_of() { sed -n "s/.* $1-\{0,1\}\(.*\)$/\1/p" /proc/interrupts | tr '\n' ' '; }

# same_bytes DISK - what is written is read again, past the cache
same_bytes() {
	dd if=/dev/urandom of=/tmp/written bs=64k count=16 2>/dev/null &&
		dd if=/tmp/written of="$1" bs=64k oflag=direct 2>/dev/null &&
		dd if="$1" of=/tmp/read bs=64k count=16 iflag=direct 2>/dev/null &&
		cmp /tmp/written /tmp/read
}

# keeps_bytes DISK - what same_bytes() wrote last is still there
keeps_bytes() {
	dd if="$1" of=/tmp/read bs=64k count=16 iflag=direct 2>/dev/null &&
		cmp /tmp/written /tmp/read
}

# says PATTERN - it is in what the kernel logged since the last mark_log
mark_log() { echo "virtbus pci: mark" >/dev/kmsg; }
says() {
	dmesg | awk '/virtbus pci: mark/ { n = 0 } { l[n++] = $0 }
		END { for (i = 0; i < n; i++) print l[i] }' >/run/said
	grep -qE -e "$1" /run/said || { cat /run/said; return 1; }
}
