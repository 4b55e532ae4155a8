# SPDX-License-Identifier: GPL-2.0
# leak.sh - what the modules hold of the kernel's memory, on a stock kernel
#
# Debian's kernel has neither kmemleak nor page_owner. It has what is used here,
# and each of them shows one object or page per round:
#
#   traces	with slub_debug=U,kmalloc-* the kernel knows who allocated every
#		kmalloc object; counted are those with one of our modules in the
#		stack. Exact.
#   slabs	objects of every cache in /proc/slabinfo, after all caches were
#		shrunk: then no object is counted that only waits for reuse.
#   pages	memory that is not free and that no line of /proc/meminfo knows:
#		pages that a driver allocated itself, as for its queues. Pages on
#		the processors' free lists are free.
#
# Nothing may grow by one for every second round, so a leak of one object or page
# a round is seen twice over; less is noise of the kernel's own.

DEBUG_SLAB=/sys/kernel/debug/slab

quiet_memory() {
	sync
	for _i in 1 2 3; do
		echo 3 >/proc/sys/vm/drop_caches
		usleep 300000	# RCU, deferred work
	done
	for _s in /sys/kernel/slab/*/shrink; do
		echo 1 >"$_s" 2>/dev/null
	done
}

traces() {
	cat $DEBUG_SLAB/kmalloc-*/alloc_traces 2>/dev/null | awk '
		/^ *[0-9]+ / { n = $1; mine = 0 }
		/\[virtbus/ && !mine { mine = 1; sum += n }
		END { print sum + 0 }'
}

# who holds what, for a human who looks for a leak
traces_by_caller() {
	cat $DEBUG_SLAB/kmalloc-*/alloc_traces 2>/dev/null | awk '
		/^ *[0-9]+ / { n = $1; who = $2; mine = 0 }
		/\[virtbus/ && !mine { mine = 1; sub(/.*virt/, "virt"); sum[who " " $0] += n }
		END { for (w in sum) print sum[w], w }' | sort
}

slabs() { awk 'NR > 2 { print $1, $2 }' /proc/slabinfo | sort; }

pages() {
	{ cat /proc/meminfo; awk '$1 == "count:" { n += $2 } END { print "Pcp:", 4 * n, "kB" }' /proc/zoneinfo; } | awk '
		{ v[$1] = $2 / 4 }
		END { print v["MemTotal:"] - v["MemFree:"] - v["Pcp:"] - v["Buffers:"] - v["Cached:"] \
			- v["AnonPages:"] - v["Slab:"] - v["KernelStack:"] - v["PageTables:"] \
			- v["SecPageTables:"] - v["Percpu:"] - v["VmallocUsed:"] }'
}

# memory_mark - remember what is held now
memory_mark() {
	quiet_memory
	traces >/run/traces
	traces_by_caller >/run/callers
	slabs >/run/slabs
	pages >/run/pages
}

# memory_grown ROUNDS - what has grown since; false when that is a leak
memory_grown() {
	quiet_memory
	_limit=$(($1 / 2)) _leak=0
	_t=$(traces) _p=$(pages)
	slabs | awk -v limit="$_limit" 'NR == FNR { was[$1] = $2; next }
		$2 - was[$1] >= limit { print $1, "+" $2 - was[$1] }
		{ if ($2 - was[$1] > most) { most = $2 - was[$1]; name = $1 } }
		END { print "most", name + 0 ? "" : name, most + 0 }' /run/slabs - >/run/grown
	tell "memory after $1 rounds: kmalloc objects of the modules $(cat /run/traces) -> $_t," \
		"pages $(cat /run/pages) -> $_p, largest growth of a slab cache: $(sed -n 's/^most *//p' /run/grown)"
	[ $((_t - $(cat /run/traces))) -lt $_limit ] || {
		_leak=1
		traces_by_caller | diff /run/callers - | tell_all
	}
	[ $((_p - $(cat /run/pages))) -lt $_limit ] || _leak=1
	if grep -v '^most' /run/grown >/run/leaks; then
		_leak=1
		tell_all </run/leaks
	fi
	return $_leak
}
