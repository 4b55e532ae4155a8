# SPDX-License-Identifier: GPL-2.0
# leak.sh - what the modules hold of the kernel's memory, on a stock kernel
#
# Debian's kernel has neither kmemleak nor page_owner. What it has:
#
#   objects	with slub_debug=U it knows who allocated every object of every
#		cache; counted are those with one of our modules in the stack.
#   slabs	objects of every cache in /proc/slabinfo. With slub_debug there
#		are no lists per processor, so that free ones are not counted.
#   pages	memory that is not free and that no line of /proc/meminfo knows,
#		such as a driver's queues; with it vmalloc, percpu. Pages on the
#		processors' free lists are free, those of stacks are the
#		kernel's own threads, which come and go with the load.
#
# None may grow by one for every second round: a leak of one object or page a
# round is seen twice over, and what is less is the noise of the kernel and of
# the shell that looks. Where other devices carry traffic that is noise, too, and
# traffic.sh says how much of it is no leak. kmemleak sees the rest, in lane B.

NOISE=0		# objects that come and go by themselves
NOISE_PAGES=0
TRACES=/sys/kernel/debug/slab

# until nothing is freed any more: RCU, deferred work
quiet_memory() {
	sync
	_now=$(in_slabs)
	for _i in 1 2 3 4 5 6 7 8 9 10; do
		_was=$_now
		echo 3 >/proc/sys/vm/drop_caches
		sleep 1
		_now=$(in_slabs)
		[ "$_now" -lt $((_was - 5)) ] || [ $_i -lt 4 ] || break
	done
}
in_slabs() { awk 'NR > 2 { n += $2 } END { print n }' /proc/slabinfo; }

# callers - cache, function, objects; "ours" when a module of ours is in the stack
callers() {
	for _c in $TRACES/*/alloc_traces; do
		_name=${_c%/*}
		sed "s/^/${_name##*/} /" "$_c"
	done | awk '
		function done() { if (n) print cache, who, own ? "ours" : "other", n; n = 0 }
		$2 ~ /^[0-9]+$/ { done(); cache = $1; n = $2; who = $3; own = 0 }
		/\[virtbus/ { own = 1 }
		END { done() }' |
		awk '{ sum[$1 " " $2 " " $3] += $4 } END { for (w in sum) print w, sum[w] }' | sort
}
# an unmapped area of vmalloc is freed later, when there are many
objects() { awk '$3 == "ours" && $1 != "vmap_area" { n += $4 } END { print n + 0 }' "$1"; }

slabs() { awk 'NR > 2 { print $1, $2 }' /proc/slabinfo; }

pages() {
	{
		cat /proc/meminfo
		awk '$1 == "count:" { n += $2 } END { print "Pcp:", 4 * n, "kB" }' /proc/zoneinfo
	} | awk '{ v[$1] = $2 / 4 }
		END { print v["MemTotal:"] - v["MemFree:"] - v["Pcp:"] - v["Buffers:"] - v["Cached:"] \
			- v["AnonPages:"] - v["Slab:"] - v["PageTables:"] - v["KernelStack:"] }'
}

# memory_look WHEN - remember what is held now
memory_look() {
	quiet_memory
	callers >"/run/callers.$1"
	slabs >"/run/slabs.$1"
	pages >"/run/pages.$1"
}

# grown FILE FILE LIMIT - what grew by LIMIT or more: name and how much
grown() {
	awk -v limit="$3" '{ key = $1; for (i = 2; i < NF; i++) key = key " " $i }
		NR == FNR { was[key] = $NF; next }
		$NF - was[key] >= limit { print key, "+" $NF - was[key] }' "$1" "$2"
}

# memory_grown ROUNDS - what has grown since "before"; false when that is a leak
memory_grown() {
	memory_look after
	_limit=$(($1 / 2)) _pages=$(($1 / 2))
	[ $_limit -ge $NOISE ] || _limit=$NOISE
	[ $_pages -ge $NOISE_PAGES ] || _pages=$NOISE_PAGES
	_o=$(objects /run/callers.before) _p=$(objects /run/callers.after)
	_q=$(cat /run/pages.before) _s=$(cat /run/pages.after)
	grown /run/slabs.before /run/slabs.after $_limit | grep -v '^vmap_area ' >/run/leaks
	tell "memory before and after $1 rounds: $_o and $_p objects of the modules, $_q and $_s pages;" \
		"slab caches that grew by $_limit objects: $(wc -l </run/leaks)"
	[ $((_p - _o)) -lt $_limit ] && [ $((_s - _q)) -lt $_pages ] && [ ! -s /run/leaks ] && return
	tell_all </run/leaks
	grown /run/callers.before /run/callers.after $((_limit / 4 + 1)) | tell_all
	return 1
}
