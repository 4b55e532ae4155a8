# SPDX-License-Identifier: GPL-2.0
# NAME=ccw,ADDRESS: given a name, removed by name, made again; refusals say why.
# needs: ccw disks=2
# modules: virtio_blk
# time: 15
. /bed/ktap.sh
. /bed/disk.sh
. /bed/tests/ccw/lib/ccw.sh
plan 16

a=$(address disk0) b=$(address disk1)
modprobe virtio_blk
modprobe virtbus_blk
wait_for 10 in_tree_disk "$a" && wait_for 10 in_tree_disk "$b" || exit
expect "a spec at load" modprobe virtbus_ccw config=ubd-root=ccw,"$a" config=ubd7=ccw,0.0.beef
is "takes the device from the in-tree driver under its name" "$(name_of "$a")" ubd-root
expect "it is connected" connected "$a"
expect "what is not there gets a line in the log" \
	sh -c 'dmesg | grep -q "config=ubd7=ccw,0.0.beef: there is no channel device"'
is "its spec is what made it" "$(attr ubd-root spec)" "ubd-root=ccw,$a"

spec() { echo "$1" >/sys/bus/virtbus/config; }
refused "the same device again is refused with a reason" \
	"virtbus: config ubd3=ccw,$a: $a is ubd-root already" spec "ubd3=ccw,$a"
refuse "a name that is taken" "" spec "ubd-root=ccw,$b"
expect "costs the device nothing" wait_for 20 in_tree_disk "$b"
refuse "what is no address" "" spec "ubd3=ccw,1000"
refuse "what is no virtio device's key" "" spec "ubd3=ccw,$b,colour=blue"

expect "removed by name" sh -c "echo 1 >$BUS/ubd-root/remove"
is "it stays with the glue, idle" "$(driver_of "$a") $(online "$a") $(name_of "$a")" "virtbus_ccw 0 "
expect "a spec makes it again, under another name" spec "ubd3=ccw,$a"
expect "connected" in_state ubd3 Connected
echo "$a" >$OURS/unbind
expect "unbound it goes back" wait_for 20 in_tree_disk "$a"
expect "a spec takes it once more" spec "ubd3=ccw,$a"
