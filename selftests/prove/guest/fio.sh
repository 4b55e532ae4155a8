# SPDX-License-Identifier: GPL-2.0
# What fio writes at random places with 32 requests in flight is there after the
# function was unbound and bound.
# needs: fio disks=1G
# time: 600
. /bed/tests/guest/lib/prove.sh
plan 8
A=$(address disk0)
free_functions "$A" && load
wait_for 20 ours "$A"
expect "virtio_blk is not loaded" no_virtio_blk
expect "virtbus drives the disk" ours "$A"
links

# job ARGUMENT.. - 4 jobs, each on 256 MB of its own
job() {
	fio --name=job --filename="$(disk_at "$A")" --rw=randwrite --bs=4k --direct=1 \
		--ioengine=libaio --iodepth=32 --numjobs=4 --thread --group_reporting \
		--size=256M --offset_increment=256M --verify=crc32c --verify_fatal=1 \
		--output=/run/fio "$@"
}
# figures WHAT - of the last job
figures() { tell "$1: $(sed -n 's/.*err= *\([0-9]*\).*/err=\1/p; s/^ *\(\(read\|write\):.*\)/\1/p' /run/fio | tr '\n' ' ')"; }
clean() { "$@" && grep -q 'err= 0' /run/fio && ! grep -q 'verify: bad' /run/fio; }

expect "4 jobs write 1 GB and verify it" clean job
figures "write, then verify"
expect "all of it arrived in QEMU" test "$(host stats disk0 wr_bytes)" -ge $((1 << 30))
expect "it is unbound" sh -c "echo $A >$OURS/unbind"
lacks_disk() { ! has_disk "$1"; }
expect "without its driver there is no disk" lacks_disk "$A"
echo "$A" >$OURS/bind
wait_for 20 ours "$A"
links
expect "it is bound again" ours "$A"
expect "everything is still there" clean job --verify_only=1
figures "after unbind and bind, verify only"
