# SPDX-License-Identifier: GPL-2.0
# shell.sh - the guest that `make run` gives to a person

while read -r m; do modprobe "$m"; done </bed/modules
modprobe ext4 2>/dev/null
sleep 1
if [ -b /dev/ubd0 ]; then
	mount /dev/ubd0 /mnt && cat /mnt/README
fi
echo
echo "Devices of virtbus:"
for d in /sys/bus/virtbus/devices/*; do
	[ -e "$d" ] || { echo "	none"; break; }
	echo "	${d##*/}: $(cat "$d/state"), $(readlink -f "$d" | sed 's#/sys/devices/##')"
done
echo
echo "A busybox shell. Leave it with 'poweroff -f', or press Ctrl-A X."
cd /mnt || cd /
setsid cttyhack sh
umount /mnt 2>/dev/null
poweroff -f
