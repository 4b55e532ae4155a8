# SPDX-License-Identifier: GPL-2.0
# shell.sh - the guest that `make run` gives to a person

case $BED_ARCH in
s390x)	glue=virtbus_ccw claim=all ;;	# there the in-tree driver is built in
*)	glue=virtbus_pci claim= ;;
esac
modprobe ext4
modprobe virtbus_blk && modprobe virtbus_loop && modprobe $glue ${claim:+claim=$claim}

_tries=0
until [ -b /dev/ubd0 ] && [ -b /dev/ubd1 ] || [ $_tries = 50 ]; do
	usleep 100000
	_tries=$((_tries + 1))
done
mount /dev/ubd0 /mnt
BUS=/sys/bus/virtbus/devices
backend=$(cut -d= -f2- $BUS/ubd0/spec)

cat <<END

Debian's kernel $(uname -r) on $(uname -m). Two disks are driven by virtbus:

$(for d in $BUS/*; do
	[ -e "$d" ] || { echo "  (none: see dmesg)"; break; }
	echo "  ${d##*/}  $(cat "$d/state")  $(cat "$d/spec")  $(awk "\$1 == \"/dev/${d##*/}\" { print \"mounted on \" \$2 }" /proc/mounts)"
done)

Try:
  cat README                             an ext4 file system, in an image on the host
  cd $BUS; grep . ubd0/* 2>/dev/null
  echo 1 >ubd0/remove; dmesg | tail -n 1             in use, so it refuses
  umount /mnt; echo 1 >ubd0/remove; ls               now it goes
  echo ubd9=$backend >../config; ls      and comes back under any name
  echo ubd5=ram,64M >../config; lsblk                a disk made of memory

A busybox shell. Leave it with 'poweroff -f', or press Ctrl-A X.

END
# its own directory must not keep the disk mounted
setsid cttyhack sh -c 'cd /mnt; exec sh'
umount /mnt 2>/dev/null
poweroff -f
