# SPDX-License-Identifier: GPL-2.0
# Requests that are submitted together cost one kick, and each still has its own fate.
# needs: loop fio disks=1
# time: 10
. /bed/ktap.sh
. /bed/disk.sh
plan 8

# batches NAME RW ARGS.. - 32 requests at a time, by one processor: another one has another queue,
# which wants a kick of its own for what is left of a batch
batches() {
	_name=$1 _rw=$2; shift 2
	fio --name=x --filename="/dev/$_name" --rw="$_rw" --bs=4k --size=4M --direct=1 --ioengine=libaio \
		--iodepth=32 --iodepth_batch_submit=32 --iodepth_batch_complete_min=32 --thread --cpus_allowed=0 "$@"
}

start
ram ubd5 16M
for d in ubd5 "$(bus_name disk0)"; do
	before=$(count $d kicks)
	expect "$d: 1024 reads in batches" batches $d randread
	kicks=$(($(count $d kicks) - before))
	expect "$d: no more than a kick for each batch ($kicks)" test $kicks -le 40
	expect "$d: data are right" batches $d randwrite --verify=crc32c --verify_fatal=1
done

fault ubd5 id-range
within 50 "batches end when the device is broken" batches ubd5 randread
is "it is broken" "$(attr ubd5 state)" Broken
