# SPDX-License-Identifier: GPL-2.0
# An interface asks for its device's name, takes the next free one when another driver
# has it, and may be renamed: the device keeps its name.
# needs: loop net
# modules: dummy
# time: 8
. /bed/ktap.sh
. /bed/disk.sh
. /bed/net.sh
plan 9

load virtbus_net; load virtbus_loop
modprobe dummy numdummies=0
ip link add eth1 type dummy
mark
config eth1=pair,eth2
is "the name is taken: it has the next free one" "$(ls "$BUS/eth1/net")" eth0
expect "the log says both" said "eth1: another interface is called eth1: this one is eth0"
is "the other interface is what it was" "$(ls /sys/class/net/eth1/device 2>/dev/null)" ""
config eth2=pair,eth1
is "a free name is asked for and given" "$(ls "$BUS/eth2/net")" eth2
ip link set eth2 name lan
is "an interface can be renamed" "$(ls "$BUS/eth2/net")" lan
ip link set lan up
refused "the device keeps its name, and says both" "eth2: not removed: interface lan is up" remove eth2
ip link set lan down
expect "it is removed by that" remove eth2
expect "an admin's name" config eth-lan=pair,eth-x
is "is the interface's too" "$(ls "$BUS/eth-lan/net")" eth-lan
ip link delete eth1
