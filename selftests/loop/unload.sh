# SPDX-License-Identifier: GPL-2.0
# The modules unload at any moment: not under somebody who uses a disk, and with
# nothing left otherwise.
# needs: loop
# time: 20
. /bed/ktap.sh
. /bed/loop.sh
plan 8
load virtbus_blk
load virtbus_loop config=ubd1=ram,64M config=ubd2=ram,64M,delay=2000
dd if=/dev/ubd2 of=/dev/null bs=4k iflag=direct >/tmp/dd.out 2>&1 & reader=$!
wait_for 10 has_open $reader /dev/ubd2
refuse "the loop does not unload under an open disk" "in use|unavailable" rmmod virtbus_loop
refuse "nor do the device ends" "in use|unavailable" rmmod virtbus_end
kill $reader; wait $reader
expect "it unloads with disks that nobody uses" rmmod virtbus_loop
expect "nothing is left of them" sh -c "! [ -e $PORTS ] && [ -z \"\$(ls $BUS)\" ]"
expect "the device ends unload" rmmod virtbus_end

# the driver, while its disks are read
load virtbus_loop config=ubd1=ram,64M
expect "everything loads again" one_read ubd1
# several at once: makers, removers, readers, and the modules go
chaos() {
	for r in 1 2 3 4 5; do
		for n in 3 4; do
			{ config ubd$n=ram,8M; one_read ubd$n; remove ubd$n force; } >/dev/null 2>&1 &
		done
		usleep $((r * 30000))
		rmmod virtbus_loop 2>/dev/null
		wait
		load virtbus_loop || return
	done
}
expect "unloading while disks are made and removed" chaos
expect "the loop works" sh -c "echo ubd5=ram,8M >/sys/bus/virtbus/config && dd if=/dev/ubd5 of=/dev/null bs=4k count=1"
