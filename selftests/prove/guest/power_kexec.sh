# SPDX-License-Identifier: GPL-2.0
# The machine starts its kernel anew by itself, ROUNDS times, with requests and packets on
# their way: the next one finds the devices reset, and what was written. A TSC that is found
# unstable later makes the kernel write to its code, which QEMU 7.2 with two processors may
# not notice: a processor runs into an int3 that is not there any more.
# needs: free fio net kexec disks=64M
# append: virtbus.again tsc=unstable
# lane: A
# time: 900
. /bed/tests/guest/lib/power.sh
. /bed/kexec.sh
# all but the first boot begin with 4 points; all but the last end with 2
kexec_plan $((1 + ROUNDS * 6))

silent() { ! host agreed "$1" | grep VIRTIO_CONFIG_S; }
all_silent() { silent disk0 && silent kernel && silent wire; }
# the last point of the first boot is 3, of the next one 9, ..
round=$(((${BED_AGAIN:-0} + 3) / 6))
if [ $round -gt 0 ]; then
	expect "kernel $round: the devices are reset" all_silent
	start && load virtbus_net
	wait_for 20 nic_is_there wire && N=$(bus_name wire)
	ip link set "$N" up && ip addr add 10.9.0.1/24 dev "$N"
else
	kexec_disk kernel
	start
	to_the_other && wait_for 60 ping -c 1 -w 2 10.9.0.2
fi
wait_for 15 plugged disk0 && D=$(bus_name disk0)
# each block says where it is
all="--filename=/dev/$D --bs=4k --direct=1 --ioengine=libaio --iodepth=8 --size=16M --verify=pattern --verify_pattern=%o --thread"
if [ $round -gt 0 ]; then
	# shellcheck disable=SC2086
	expect "kernel $round: what was written is there" fio --name=v $all --rw=read
	expect "kernel $round: the other guest answers" wait_for 20 ping -c 1 -w 2 10.9.0.2
	tell "kernel $round runs"
else
	# shellcheck disable=SC2086
	expect "a disk is written" fio --name=w $all --rw=write --do_verify=0
fi
expect_nothing_bad() { ! dmesg | grep -E 'WARNING: |BUG[: ]|Call Trace|blocked for more'; }
[ $round = 0 ] || expect "kernel $round: it has not complained" expect_nothing_bad
[ $round -lt "$ROUNDS" ] || exit 0
# shellcheck disable=SC2086
for rw in randread randwrite; do
	fio --name=$rw $all --rw=$rw --do_verify=0 --time_based --runtime=600 >/dev/null 2>&1 &
done
numbers | nc 10.9.0.2 7007 >/run/echoed &
expect "kernel $round: requests and packets are on their way" wait_for 20 test -s /run/echoed
kexec_load kernel
kexec_go
sleep 60
