# SPDX-License-Identifier: GPL-2.0
# 4K reads of one disk: through the in-tree driver, through virtbus, and beside
# them null_blk, which is what the block layer and fio cost alone.
# needs: fio
# modules: virtio_pci virtio_blk null_blk
# lane: A
# memory: 1024
# time: 600
. /bed/ktap.sh
. /bed/tests/bench/lib/bench.sh

slow=2

# sized GIB DISK.. - the disk of this size
sized() {
	_sectors=$(($1 << 21)); shift
	for _d; do
		[ "$(cat "/sys/block/$_d/size")" = $_sectors ] && echo "/dev/$_d" && return
	done
	return 1
}

# jobs FAST SLOW - the jobs of one visit
jobs() {
	cat <<-END
	[global]
	direct=1
	ioengine=libaio
	bs=4k
	thread=1
	norandommap=1
	gtod_reduce=1
	cpus_allowed=$(($(nproc) - 1))
	END
	for _phase in $(phases); do
		_ops=${_phase##*-} _row=${_phase%-*}
		_rw=${_row%-*} _depth=${_row#*-} _disk=$1
		[ "$_depth" != 1 ] || _disk=$2
		cat <<-END
		[$_phase]
		stonewall
		filename=$_disk
		rw=$_rw
		iodepth=$_depth
		iodepth_batch_submit=$_depth
		iodepth_batch_complete_min=$_depth
		number_ios=$_ops
		exec_prerun=/bed/bench/begin $_phase
		exec_postrun=/bed/bench/end $_phase
		END
	done
}

# visit WHO DISK.. - measure; the other driver must not be there
visit() {
	_who=$1; shift
	alone "$_who" virtio_blk || return
	[ ! -e "/sys/block/$1/device/driver" ] ||
		figure driver:"$_who" "$(basename "$(readlink -f "/sys/block/$1/device/driver")")"
	jobs "$(sized 1 "$@")" "$(sized "$slow" "$@")" >$OUT/jobs
	(cd /run && fio --output=$OUT/fio.log $OUT/jobs) || { cat $OUT/fio.log; return 1; }
	for _phase in $(phases); do
		# null_blk has none
		figure "$_who" "$_phase" "$(irqs_of "$_phase" 'virtio[0-9]+-req|ubd[0-9]+-queue')"
	done
	rm $OUT/irq.*
}

# symbols DISK OFFSET - for a profile: what lies where, into the second disk
symbols() {
	[ "$PROFILE" = 0 ] || gzip </proc/kallsyms | dd of="$1" bs=1M seek="$2" 2>/dev/null
}

elevator() {
	for _d in vda vdb; do echo "$1" >/sys/block/$_d/queue/scheduler; done
}

in_tree() {
	in_tree_glue load
	modprobe virtio_blk
	wait_for 5 test -b /dev/vdb || return
	default=$(sed 's/.*\[\(.*\)\].*/\1/' /sys/block/vda/queue/scheduler)
	figure elevator "$default"
	symbols /dev/vdc 0
	elevator none
	visit in-tree vda vdb || return
	if [ "$default" != none ]; then
		elevator "$default"
		visit in-tree-default vda vdb || return
	fi
	rmmod virtio_blk
	in_tree_glue unload
}

virtbus() {
	modprobe virtbus_blk
	virtbus_glue
	wait_for 5 test -b /dev/ubd1 || return
	symbols /dev/ubd2 32
	visit virtbus ubd0 ubd1 || return
	unload
}

floor() {
	modprobe null_blk queue_mode=2 irqmode=0 gb=1
	wait_for 5 test -b /dev/nullb0 || return
	slow=1
	visit floor nullb0 || return
	slow=2
	rmmod null_blk
}

visits
