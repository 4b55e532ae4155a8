# SPDX-License-Identifier: GPL-2.0
# Another kernel takes the machine's memory while a disk, a network card and a console are
# in use: their devices are reset before that, and nothing that was written is lost.
# needs: free fio net kexec disks=64M
# append: virtbus.again
# arch: x86_64
# lane: A
# time: 40
. /bed/ktap.sh
. /bed/disk.sh
. /bed/net.sh
. /bed/serial.sh
. /bed/kexec.sh
kexec_plan 8

# silent NAME - the host knows of no driver for it
silent() { ! host agreed "$1" | grep VIRTIO_CONFIG_S; }
[ -n "$BED_AGAIN" ] || { kexec_disk kernel && host attach serial virtio-serial && host nic card user; } >/dev/null
if [ -n "$BED_AGAIN" ]; then
	for d in disk0 kernel card serial; do
		expect "nobody has $d" silent $d
	done
fi
start
load virtbus_net && load virtbus_console
wait_for 15 plugged disk0 && D=$(bus_name disk0)
# each block says where it is
all="--filename=/dev/$D --bs=4k --direct=1 --ioengine=libaio --iodepth=8 --size=16M --verify=pattern --verify_pattern=%o --thread"
if [ -n "$BED_AGAIN" ]; then
	# shellcheck disable=SC2086
	expect "what was written before is there" fio --name=v $all --rw=read
	wait_for 15 nic_is_there card && user_up "$(bus_name card)"
	expect "the card works" ping -c 1 -w 10 10.0.2.2
	exit
fi
# shellcheck disable=SC2086
expect "a disk is written" fio --name=w $all --rw=write --do_verify=0
wait_for 15 nic_is_there card && user_up "$(bus_name card)"
fetch 100000000 &
con tty0
kexec_load kernel
# shellcheck disable=SC2086
for rw in randread randwrite; do
	fio --name=$rw $all --rw=$rw --do_verify=0 --time_based --runtime=60 >/dev/null 2>&1 &
done
[ ! -e /dev/con0 ] || yes "a line of some length" >/dev/con0 &
usleep 700000
kexec_go
sleep 10
