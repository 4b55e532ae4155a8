# SPDX-License-Identifier: GPL-2.0
# races.awk - the kernel's log without the data races that KCSAN found in the rest of the
# kernel: a report stays when one of the two accesses is in a module of ours
function flush(  i) {
	for (i = 0; i < n; i++)
		if (ours || !race)
			print block[i]
	n = ours = race = access = 0
}
/\] =====*$/ {
	if (!n)
		begun = 1
	block[n++] = $0
	if (!begun || n > 1) {
		flush()
		begun = 0
	}
	next
}
!begun { print; next }
{
	block[n++] = $0
	if (/BUG: KCSAN: /)
		race = 1
	# the line below says where
	if (access && /\[virtbus/)
		ours = 1
	access = / (to|at) 0x[0-9a-f]+ of [0-9]+ bytes by /
	# no report of KCSAN, or one that was cut off
	if ((n == 2 && !race) || n > 200) {
		flush()
		begun = 0
	}
}
END { flush() }
