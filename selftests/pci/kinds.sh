# SPDX-License-Identifier: GPL-2.0
# Kinds without a driver of ours are there all the same, idle and without interrupts.
# needs: pci disks=1
# qemu: -device virtio-rng-pci,addr=0x8 -netdev user,id=n0 -device virtio-net-pci,netdev=n0,addr=0x9
. /bed/ktap.sh
. /bed/tests/pci/lib/pci.sh
plan 8
load
is "a random number generator has a name" "$(name_at 0000:00:08.0)" dev0
is "a network card has its kind's name" "$(name_at 0000:00:09.0)" eth0
is "its state is Initialising" "$(attr eth0 state)" Initialising
expect "it has no driver" test ! -e "$BUS/eth0/driver"
is "it has no interrupts" "$(irqs_of eth0)" ""
is "its spec would make it again" "$(attr eth0 spec)" "eth0=pci,0000:00:09.0"
is "its kind is known" "$(attr eth0 type) $(attr eth0 vendor) $(attr eth0 modalias)" \
	"1 0x1af4 virtbus:t1v6900"
expect "the disk beside it works" same_bytes "$(disk_of ubd0)"
