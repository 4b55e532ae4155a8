# SPDX-License-Identifier: GPL-2.0
# A panic on a console whose queue nobody looks at any more: what is said goes past it, by the
# device's emergency register. The machine dies of it.
# needs: pci free
# append: virtbus.dies panic=0
# time: 15
. /bed/ktap.sh
. /bed/disk.sh
. /bed/serial.sh
plan 2

serial
con last file	# QEMU drops what a socket does not take at once
wait_for 15 test -e /sys/class/tty/con0/console || exit
echo 1 >/sys/class/tty/con0/console
host found last 10 "virtbus bed: begin" || exit
# a function that may not read memory: QEMU's device is disabled, its registers are not
printf '\002' | dd of="$(readlink -f "$BUS/con0")/../config" bs=1 seek=4 conv=notrunc 2>/dev/null
before=$(host bytes last)
echo "<1>said to nobody" >/dev/kmsg
sleep 1
is "the device is deaf" "$(host bytes last)" "$before"
# an s390x machine stops before it says that this was the end
end="end "
[ "$BED_ARCH" = x86_64 ] || end=
host die last "${end}Kernel panic - not syncing: sysrq triggered crash"
echo c >/proc/sysrq-trigger
sleep 60
