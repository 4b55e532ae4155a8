# SPDX-License-Identifier: GPL-2.0
# dumps.awk - the kernel's log without the stacks that its own functions dump when they
# fail because a test made them. Only in tests named guest/faults*, and only these:
#
# - vmalloc(), and those who make /proc/sys/net, for a process called failnth;
# - sysfs, about a name that is taken, once for each line "virtbus proof: taken NAME";
# - sysfs again, for failnth, about a module's link to its driver: one that was made where
#   module_add_driver() had no memory for its folder is in sysfs' root, and stays (6.1)
/virtbus bed: / { ours = /: begin guest\/faults/; split("", taken) }
!ours { print; next }
{ was = line; line = $0; sub(/^\[[^]]*\] /, "", line) }
line ~ /^virtbus proof: taken / { taken[$NF]++ }
line ~ /^sysfs: cannot create duplicate filename / {
	name = $NF
	gsub(/'/, "", name)
	link = name ~ /^\/\/(virtbus|pci|ccw):virtbus_[a-z]+$/
	if (taken[name] > 0 || link) {
		if (!link)
			taken[name]--
		known = 4
		next
	}
}
line ~ /^CPU: .* Comm: failnth / && was ~ /^(failnth: vmalloc error: size|sysctl could not get directory: \/net\/)/ { known = 3 }
# one line, a few below the one that says what it is
known && line == "Call Trace:" { known = 0; next }
known { known-- }
{ print }
