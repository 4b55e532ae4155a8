# SPDX-License-Identifier: GPL-2.0
# Kinds without a driver of ours are there all the same, idle and without interrupts.
# needs: free pci disks=1
# qemu: -device virtio-rng-pci,addr=0x8 -fsdev synth,id=f0 -device virtio-9p-pci,fsdev=f0,mount_tag=t,addr=0x9
. /bed/ktap.sh
. /bed/tests/pci/lib/pci.sh
plan 8
load
# on s390x each function is a domain of its own, and those of the head come first
case $BED_ARCH in
s390x)	RNG=0001:00:00.0 P9=0002:00:00.0 ;;
*)	RNG=0000:00:08.0 P9=0000:00:09.0 ;;
esac
is "a random number generator has a name" "$(name_at $RNG)" dev0
is "a shared file system has its kind's name" "$(name_at $P9)" 9p0
is "its state is Initialising" "$(attr 9p0 state)" Initialising
expect "it has no driver" test ! -e "$BUS/9p0/driver"
is "it has no interrupts" "$(irqs_of 9p0)" ""
is "its spec would make it again" "$(attr 9p0 spec)" "9p0=pci,$P9"
is "its kind is known" "$(attr 9p0 type) $(attr 9p0 vendor) $(attr 9p0 modalias)" \
	"9 0x1af4 virtbus:t9v6900"
expect "the disk beside it works" same_bytes "$(disk_of ubd0)"
