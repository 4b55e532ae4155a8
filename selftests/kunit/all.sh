# SPDX-License-Identifier: GPL-2.0
# The rules of states, names, specs and queues hold: KUnit tests in the kernel.
# lane: B
# modules: kunit
# time: 30
. /bed/ktap.sh
suites='states lost names spec queue_open queue violation'
set -- $suites
plan $(($# + 2))

# the tests run while the module is loaded; KUnit is off unless it is asked for
run() { load kunit enable=1 && load virtbus_kunit; }

# What debugfs keeps of a suite is cut off after 512 bytes (6.1): the log has all.
results() { dmesg | sed 's/^\[[^]]*\] //' | awk '/^virtbus bed: / { n = 0 } { l[n++] = $0 }
	END { for (i = 0; i < n; i++) print l[i] }' >/run/kunit; }

# passed SUITE - its line says ok and so does each of its cases, of which there are
# some; prints what does not
passed() {
	awk -v suite="$1" '
		$0 == "    # Subtest: " suite { inside = 1; next }
		!inside { next }
		/^(not )?ok / && $NF == suite { ended = 1; good = $1 == "ok"; exit }
		/^ +ok / { cases++; next }
		/^ *not ok / { bad++ }
		/^ / && !/KTAP version|# Subtest|pass:[0-9]+ fail:0/ { print }
		END {
			if (!ended) print "no result of " suite
			if (!cases) print "no test of " suite " has passed"
			exit !(ended && good && cases && !bad)
		}' /run/kunit
}

expect "the tests run" run
results
grep -E 'not ok|FAILED|pass:' /run/kunit		# for the console
for s; do
	expect "$s" passed "virtbus_$s"
done
expect "they can be unloaded" rmmod virtbus_kunit
