# SPDX-License-Identifier: GPL-2.0
# Two functions of one slot go together: while one of them is in use both stay, and the other one
# works on as if nobody had asked.
# needs: free pci
# arch: x86_64
# time: 60
. /bed/ktap.sh
. /bed/disk.sh
plan 16

load
case $(host qmp qom-get '{"path": "/machine", "property": "type"}') in
*q35*)	at='"bus": "rp7", "addr": "0x0' ;;
*)	at='"bus": "pci.0", "addr": "0x1c' ;;
esac
host disk f0 16M; host disk f1 16M
# the slot is looked at when its function 0 comes
plug_both() {
	host qmp device_add "{\"driver\": \"virtio-blk-pci\", \"id\": \"f1\", \"drive\": \"f1\", $at.1\"}" >/dev/null &&
		host qmp device_add "{\"driver\": \"virtio-blk-pci\", \"id\": \"f0\", \"drive\": \"f0\", $at.0\", \"multifunction\": true}" >/dev/null &&
		wait_for 20 plugged f0 && wait_for 20 plugged f1 || return
	N0=$(bus_name f0) N1=$(bus_name f1)
}
refused_times() { [ "$(attr "$1" refused)" = "$2" ]; }
opens() { dd if="/dev/$1" of=/dev/null bs=4k count=1 iflag=direct; }
# QEMU asks once in five seconds
ask() { wait_for 8 host qmp device_del "{\"id\": \"$1\"}"; }

expect "two disks are plugged in, functions of one slot" plug_both
exec 7<"/dev/$N1"
ask f0
expect "asked for one, the other one, which is in use, says no" wait_for 5 refused_times "$N1" 1
expect "and who asked" sh -c "grep 'the host (device_del): $N1 is opened 1 time' $BUS/$N1/reason"
is "it is not the fault of the first one" "$(attr "$N0" refused)" 0
expect "which can be opened" wait_for 5 opens "$N0"
expect "the one in use works" opens "$N1"
exec 7<&-

exec 7<"/dev/$N0"
ask f1
expect "the same the other way round" wait_for 5 refused_times "$N0" 1
expect "which can be opened" wait_for 5 opens "$N1"
exec 7<&-
# The second one takes a while to answer: its partitions are being read, from a slow disk.
# A driver that comes for the first one meanwhile has to wait for what is decided
throttle() {
	host qmp block_set_io_throttle "{\"id\": \"/machine/peripheral/f1/virtio-backend\", \"bps\": $1, \"bps_rd\": 0, \"bps_wr\": 0, \"iops\": 0, \"iops_rd\": 0, \"iops_wr\": 0}" >/dev/null
}
turned_away() {
	if bind "$N0"; then
		unbind "$N0"	# that was before the host has asked
		return 1
	fi
	[ -e "$BUS/$N0" ] && ! bound "$N0"
}
unbind "$N0"
throttle 1024
# QEMU lets the first one pass, and the next one wait for as long as that should have taken
dd if="/dev/$N1" of=/dev/null bs=16k count=1 iflag=direct
/sbin/blockdev --rereadpt "/dev/$N1" & reading=$!
wait_for 10 has_open $reading "/dev/$N1"
usleep 200000
ask f0
usleep 200000
expect "a driver is turned away while the others are asked" wait_for 3 turned_away
expect "the other one was just being opened" wait_for 5 grep -q "(device_del): $N1 is just being opened or closed" "$BUS/$N1/reason"
expect "and as it does not go the driver gets it after all" wait_for 5 bound "$N0"
throttle 0
wait $reading
expect "it works" wait_for 5 opens "$N0"
refuse "QEMU has let none of them go" "no DEVICE_DELETED" host wait DEVICE_DELETED 0.1
ask f0
expect "when nobody uses them they go" wait_for 10 gone "$N0"
expect "both" wait_for 5 gone "$N1"
host wait DEVICE_DELETED $((10 * BED_SLOW)) device=f0 >/dev/null && host wait DEVICE_DELETED $((10 * BED_SLOW)) device=f1 >/dev/null
expect "and come again" plug_both
host qmp device_del '{"id": "f0"}' >/dev/null
wait_for 10 gone "$N0"
