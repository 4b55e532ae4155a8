# SPDX-License-Identifier: GPL-2.0
# A device in use is not removed: the log says who holds it, and it works on.
# needs: loop
# modules: ext4
# time: 15
. /bed/ktap.sh
. /bed/disk.sh
plan 15

load virtbus_blk && load virtbus_loop
modprobe ext4
ram ubd1 16M
dd if=/dev/zero of=/dev/ubd1 bs=1M count=16 2>/dev/null

exec 7</dev/ubd1
refused "opened once" "not removed: ubd1 is opened 1 time;" remove ubd1
exec 8</dev/ubd1
refused "opened twice" "not removed: ubd1 is opened 2 times;" remove ubd1
refuse "it is a busy device" "busy" remove ubd1
expect "reading goes on" dd if=/dev/ubd1 of=/dev/null bs=64k count=4 iflag=direct
exec 7<&- 8<&-

mkfs.ext4 -q /dev/ubd1
mount -t ext4 /dev/ubd1 /mnt
refused "mounted" "not removed: ubd1 is opened 1 time, mounted .ext4.;" remove ubd1
expect "writing goes on" sh -c "echo hello >/mnt/f && sync && grep hello /mnt/f"
umount /mnt

if [ -e /proc/swaps ]; then
	mkswap /dev/ubd1 >/dev/null
	at_exit "swapoff /dev/ubd1 2>/dev/null"
	swapon /dev/ubd1
	refused "swap" "not removed: ubd1 is opened [12] times?, exclusively .swap" remove ubd1
	swapoff /dev/ubd1
else
	skip "swap" "this kernel has none"
fi

# one partition from sector 2048 to the end
printf '\0\0\0\0\203\0\0\0\0\010\0\0\0\170\0\0' | dd of=/dev/ubd1 bs=1 seek=446 conv=notrunc 2>/dev/null
printf '\125\252' | dd of=/dev/ubd1 bs=1 seek=510 conv=notrunc 2>/dev/null
blockdev --rereadpt /dev/ubd1
expect "a partition comes" wait_for 5 test -b /dev/ubd1p1
mkfs.ext4 -q /dev/ubd1p1
mount -t ext4 /dev/ubd1p1 /mnt
refused "a mounted partition" "not removed: ubd1 is opened 1 time, mounted .ext4." remove ubd1
expect "a refused device is opened as before" dd if=/dev/ubd1 of=/dev/null bs=64k count=4
is "it is connected" "$(attr ubd1 state)" Connected
umount /mnt

refuse "only 1 and force are words for it" "Invalid argument" remove ubd1 yes
expect "when it is free it is removed" remove ubd1
expect "and gone" gone ubd1
expect "with its partition" test ! -e /dev/ubd1p1
