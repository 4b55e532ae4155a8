# SPDX-License-Identifier: GPL-2.0
# The host wants a disk back that carries a mounted file system, again and again, and does not get
# it: fio goes on, the journal is whole. Unmounted it goes at once.
# needs: free pci fio disks=128M
# modules: ext4
# arch: x86_64
# lane: A
# time: 300
. /bed/ktap.sh
. /bed/disk.sh
. /bed/tests/guest/lib/prove.sh	# its marks in the log, not those of disk.sh
: "${ROUNDS:=20}"
plan 10

load
N=$(bus_name disk0)
wait_for 20 is_disk "$N"
modprobe ext4
mkfs.ext4 -q "/dev/$N" && mount -t ext4 "/dev/$N" /mnt
mark_log
fio --name=v --directory=/mnt --size=48M --rw=randrw --bs=4k --ioengine=libaio --iodepth=8 --verify=crc32c \
	--verify_fatal=1 --fsync=64 --time_based --runtime=86400 --thread --output=/run/fio >/dev/null 2>&1 & fio=$!
at_exit "kill -KILL $fio 2>/dev/null"
writes() { read -r _ _ _ _ _writes _ <"/sys/block/$N/stat" && echo "$_writes"; }
writing() { [ "$(writes)" -gt $((_then + 20)) ]; }
refused_times() { [ "$(attr "$N" refused)" = "$1" ]; }

# ask - once: refused, counted, the reason is told, the disk answers, the host has no word of it
ask() {
	_n=$((_n + 1))
	host qmp device_del '{"id": "disk0"}' >/dev/null || { echo "QEMU does not ask"; return 1; }
	_t0=$(now_ms)
	wait_for 4 refused_times $_n || { echo "refused $(attr "$N" refused) times, wanted $_n"; return 1; }
	_took=$(($(now_ms) - _t0))
	[ $_took -le $longest ] || longest=$_took
	attr "$N" reason | grep -E "UTC, the host \(device_del\): $N is opened 1 time, mounted \(ext4\)\$" || { attr "$N" reason; return 1; }
	_then=$(writes)
	# now and then fio only reads, what it wrote, for seconds
	wait_for 30 writing || { echo "nothing is written any more"; return 1; }
	dd if="/dev/$N" of=/dev/null bs=4k count=1 iflag=direct || return
	# QEMU asks again after five seconds, not before
	sleep 6
	! host wait DEVICE_DELETED 0.1 device=disk0
}
_n=0 longest=0 _i=0
_then=$(writes)
expect "fio writes" wait_for 20 writing
asks() { while [ $_i -lt "$ROUNDS" ]; do _i=$((_i + 1)); ask || { echo "in round $_i"; return 1; }; done; }
expect "$ROUNDS times the host asks for the disk, and does not get it" asks
tell "$(uname -r): device_del of a mounted disk, $ROUNDS times: refused $(attr "$N" refused) times, within $longest ms"
tell "  reason: $(attr "$N" reason)"
kill -INT $fio
wait $fio
expect "fio saw no error" grep -q 'err= 0' /run/fio
expect "and read what it wrote" sh -c "grep -q '  read: IOPS' /run/fio && ! grep -q 'verify: bad' /run/fio"
tell "  fio: $(sed -n 's/.*err= *\([0-9]*\).*/err=\1/p; s/^ *\(\(read\|write\):[^;]*\).*/\1/p' /run/fio | tr '\n' ' ')"
is "the journal is whole" "$(logged '[Aa]bort|I/O error|EXT4-fs error|read-only')" ""
umount /mnt
expect "unmounted the host gets it" host unplug disk0 10
expect "and here it is gone" wait_for 5 gone "$N"
is "a request that was refused is not remembered" "$(logged 'not removed' | wc -l)" "$ROUNDS"
host plug disk0 >/dev/null
expect "the disk is plugged in again" wait_for 20 plugged disk0
expect "its file system is clean" e2fsck -fn "/dev/$(bus_name disk0)"
