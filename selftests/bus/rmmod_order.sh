# SPDX-License-Identifier: GPL-2.0
# Modules come and go in any order that their dependencies allow.
# needs: loop disks=1
# time: 10
. /bed/ktap.sh
. /bed/disk.sh
plan 12

G=$(machine_glue)
all_go() { for _m in "$@"; do rmmod $_m || return; done; }
up() { start && ram ubd5 1M && is_disk "$(bus_name disk0)"; }
for order in "virtbus_blk virtbus_loop $G" "virtbus_loop $G virtbus_blk" "$G virtbus_blk virtbus_loop"; do
	expect "everything is up" up
	expect "unloading $order" all_go $order
	expect "then the rest" unload
done
up
rmmod virtbus_blk
is "without its driver a device stays" "$(attr ubd5 state)" Closed
load virtbus_blk
expect "a driver that comes back finds it" is_disk ubd5
expect "and the machine's" is_disk "$(bus_name disk0)"
