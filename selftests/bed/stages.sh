# SPDX-License-Identifier: GPL-2.0
# stages.sh - stages side by side, and what they count together: for check and
# check-debug; sourced after lib.sh
#
# First what all stages need, one after the other; then the stages themselves,
# side by side in columns, from lists such as $work/todo.  A stage that fails stops
# no other.  What a stage prints is shown when it has ended.

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
begin=$(date +%s)
minutes() { _s=$(($(date +%s) - begin)); printf '%d:%02d' $((_s / 60)) $((_s % 60)); }

# first TEXT COMMAND.. - a step without which nothing can be tested
first() {
	_text=$1; shift
	echo "== $(minutes) $_text"
	"$@" && return
	echo "== $_text: FAILED"
	echo "0 passed, 1 failed"
	exit 1
}

# stage NAME TEXT COMMAND.. - one stage; its counts go to $work/NAME.results.
# One that fails without a count is counted here.
stage() {
	_name=$1 _text=$2 _start=$(date +%s); shift 2
	echo "== $(minutes) $_text: begins"
	: >"$work/$_name.results"
	"$@" >"$work/$_name.out" 2>&1
	_rc=$?
	if [ $_rc != 0 ] && ! grep -q '^count' "$work/$_name.results"; then
		printf 'count 0 1\nfailed %s\n' "$_text" >>"$work/$_name.results"
	fi
	{
		cat "$work/$_name.out"
		echo "== $(minutes) $_text: $([ $_rc = 0 ] && echo done || echo FAILED), $(($(date +%s) - _start)) s"
	} >"$work/$_name.show"
	# one stage at a time prints
	flock "$work/.print" cat "$work/$_name.show"
}

# lane NAME ARCH LANE TEXT [TEST..] - boot guests and run test files in them
lane() {
	_name=$1 _arch=$2 _lane=$3 _text=$4; shift 4
	stage "$_name" "$_text" \
		"$bed/run" --results "$work/$_name.results" --arch "$_arch" --lane "$_lane" "$@"
}

# what stages are made of: build ARCH; files DIRECTORY..: the tests of these
build() { "$bed/build" "$@" >/dev/null; }
files() { for _d; do ls "$top/selftests/$_d"/*.sh; done; }

# column [LIST] - run the next stage until none is left
column() {
	_list=$work/${1:-todo}
	while _next=$(flock "$work/.todo" sh -c 'head -n 1 "$0"; sed -i 1d "$0"' "$_list") &&
		[ -n "$_next" ]; do
		$_next
	done
}

# all_of_it - the end: what was skipped, what failed, once more, for who sees the last
# lines only, and "N passed, N failed"
all_of_it() {
	wait
	echo "== $(minutes) all of it"
	sed -n 's/^skipped /skipped: /p' "$work"/*.results
	sed -n 's/^failed /failed: /p' "$work"/*.results | cut -c -200 | head -n 20
	awk '$1 == "count" { p += $2; f += $3 }
		END { if (!p && !f) f = 1; print p " passed, " f " failed"; exit f != 0 }' "$work"/*.results
}
