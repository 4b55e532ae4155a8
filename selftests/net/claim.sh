# SPDX-License-Identifier: GPL-2.0
# A network card is taken from the in-tree driver when its interface is down, and given
# back in working order.
# needs: loop net
# modules: virtio_pci virtio_net
# time: 25
. /bed/ktap.sh
. /bed/disk.sh
. /bed/net.sh
plan 11

modprobe virtio_pci; modprobe virtio_net
host nic card user >/dev/null
at_exit "host unnic card >/dev/null 2>&1"
a=$(host address card)
glue=$(machine_glue)
sysfs=/sys/bus/$BED_ROAD/devices/$a
theirs() { ls "$sysfs"/virtio*/net; }
expect "the in-tree driver has it" wait_for 15 theirs
i=$(theirs)
user_up "$i"
expect "and it works" ping -c 1 -w 10 10.0.2.2
load virtbus_net; load "$glue"
claim() { echo "$a" >"/sys/module/$glue/parameters/claim"; }
log_says() { dmesg | tail -n 5 | grep -qE "$1"; }

refuse "an interface that is up is not taken" "busy" claim
expect "the log says which" log_says "not claimed: its interface $i is up"
expect "and it still works" ping -c 1 -w 10 10.0.2.2
ip link set "$i" down
expect "down, it is taken" claim
expect "it is a device of the bus" wait_for 15 nic_is_there card
N=$(bus_name card)
user_up "$N"
set -- $(fetch 300000)
is "it works" "$2" "$1"
ip link set "$N" down
echo "$a" >"/sys/bus/$BED_ROAD/drivers/$glue/unbind"
expect "unbound it goes back" wait_for 20 theirs
is "nothing of ours is left" "$(ls "$BUS" | grep -c "^$N\$")" 0
user_up "$(theirs)"
expect "and works there" ping -c 1 -w 10 10.0.2.2
ip link set "$(theirs)" down
