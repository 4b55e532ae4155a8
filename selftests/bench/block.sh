# SPDX-License-Identifier: GPL-2.0
# 4K reads of one disk: through the in-tree driver, through virtbus, and beside
# them null_blk, which is what the block layer and fio cost alone.
# needs: fio
# modules: virtio_pci virtio_blk null_blk
# lane: A
# memory: 1024
# time: 600
. /bed/ktap.sh
. /bed/bench.conf	# SHORT LONG ORDER PROFILE

out=/run/bench slow=2
mkdir -p $out

# figures on the way to the host: selftests/bench/figures.py reads them
figure() { ktap "# BENCH $*"; }

# sized GIB DISK.. - the disk of this size
sized() {
	_sectors=$(($1 << 21)); shift
	for _d; do
		[ "$(cat "/sys/block/$_d/size")" = $_sectors ] && echo "/dev/$_d" && return
	done
	return 1
}

# jobs FAST SLOW - the jobs of one visit: each row with few and with many
# operations, so that what a job costs to begin and end can be taken off
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
	for _row in randread:1 read:1 randread:32 read:32; do
		for _ops in $SHORT $LONG; do
			_rw=${_row%:*} _depth=${_row#*:} _disk=$1
			[ "$_depth" != 1 ] || _disk=$2
			cat <<-END
			[$_rw-$_depth-$_ops]
			stonewall
			filename=$_disk
			rw=$_rw
			iodepth=$_depth
			iodepth_batch_submit=$_depth
			iodepth_batch_complete_min=$_depth
			number_ios=$_ops
			exec_prerun=/bed/bench/begin $_rw-$_depth-$_ops
			exec_postrun=/bed/bench/end $_rw-$_depth-$_ops
			END
		done
	done
}

# irqs FILE - interrupts of disks; null_blk has none
irqs() {
	awk '/virtio[0-9]+-req|ubd[0-9]+-queue|^VAI:/ {
		for (i = 2; i <= NF && $i ~ /^[0-9]+$/; i++) n += $i } END { print n + 0 }' "$1"
}

# visit WHO DISK.. - measure; the other driver must not be there
visit() {
	_who=$1; shift
	case $_who in
	in-tree*) ! lsmod | grep ^virtbus || return ;;
	virtbus) ! lsmod | grep ^virtio_blk || return ;;
	esac
	[ ! -e "/sys/block/$1/device/driver" ] ||
		figure driver:"$_who" "$(basename "$(readlink -f "/sys/block/$1/device/driver")")"
	jobs "$(sized 1 "$@")" "$(sized "$slow" "$@")" >$out/jobs
	(cd /run && fio --output=$out/fio.log $out/jobs) || { cat $out/fio.log; return 1; }
	sed -n 's/^exec_postrun=.* //p' $out/jobs | while read -r _name; do
		figure "$_who" "$_name" \
			$(($(irqs "$out/irq.$_name.end") - $(irqs "$out/irq.$_name.begin")))
	done
	rm $out/irq.*
}

# symbols DISK OFFSET - for a profile: what lies where, into the second disk
symbols() {
	[ "$PROFILE" = 0 ] || gzip </proc/kallsyms | dd of="$1" bs=1M seek="$2" 2>/dev/null
}

elevator() {
	for _d in vda vdb; do echo "$1" >/sys/block/$_d/queue/scheduler; done
}

in_tree() {
	[ "$BED_ARCH" = s390x ] || modprobe virtio_pci
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
	[ "$BED_ARCH" = s390x ] || rmmod virtio_pci
}

virtbus() {
	modprobe virtbus_blk
	if [ "$BED_ARCH" = s390x ]; then
		modprobe virtbus_ccw claim=all
	else
		modprobe virtbus_pci
	fi
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

set -- $ORDER
plan $#
for who; do
	expect "$who" "$who"
done
