# SPDX-License-Identifier: GPL-2.0
# apt.sh - download Debian packages without touching the machine's apt; sourced
#
# Every Debian architecture has a state of its own in the cache: lists, and an
# empty dpkg status, so that nothing installed here plays a part.  The machine's
# mirror and proxy are used; its sources, architectures and lists never change.

# mirror - the Debian archive that this machine's apt uses, in either format
mirror() {
	{
		[ -z "${MIRROR:-}" ] || echo "$MIRROR"
		cat /etc/apt/sources.list.d/*.sources 2>/dev/null |
			sed -n 's/^URIs: *\([^ ]*\).*/\1/p'
		cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
			sed -n 's/^deb *\(\[[^]]*\] *\)\{0,1\}\([^ ]*\) .*/\2/p'
	} | sed 's#/$##' | grep -m 1 -E '/debian$' ||
		die "no Debian archive in apt's sources: give one with MIRROR="
}

# apt_state DEBARCH [SUITE] - refresh (or make) the private state, of $stable when no suite is
# named; sets apt_conf, apt_arch, apt_suite
apt_state() {
	apt_arch=$1 apt_suite=${2:-$stable}
	_state=$cache/apt/$apt_suite-$1 apt_conf=$cache/apt/$apt_suite-$1/apt.conf
	mkdir -p "$_state/lists/partial" "$_state/archives/partial"
	: >"$_state/status"
	_mirror=$(mirror) || exit 1
	echo "deb [check-valid-until=no arch=$1 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $_mirror $apt_suite main" >"$_state/sources.list"
	cat >"$apt_conf" <<-END
	APT::Architecture "$1";
	APT::Architectures { "$1"; };
	Dir::State "$_state";
	Dir::State::lists "$_state/lists";
	Dir::State::status "$_state/status";
	Dir::Cache "$_state";
	Dir::Cache::pkgcache "pkgcache.bin";
	Dir::Etc::sourcelist "$_state/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	Dir::Etc::preferences "/dev/null";
	Dir::Etc::preferencesparts "/dev/null";
	APT::Sandbox::User "";
	Acquire::Languages "none";
	Acquire::Retries "3";
	APT::Update::Error-Mode "any";
	#clear APT::Update::Post-Invoke;
	#clear APT::Update::Post-Invoke-Success;
	END
	(
		flock 9
		# one look at the archive serves the several stages of one run
		[ -z "$(find "$_state/fresh" -mmin -30 2>/dev/null)" ] || exit 0
		if apt-get -qq -c "$apt_conf" update >"$_state/log" 2>&1; then
			touch "$_state/fresh"
			exit 0
		fi
		say "cannot read Debian's package lists for $1: $(grep -m 1 -E '^[EW]:' "$_state/log")"
		# those of the last time do, for what was downloaded already
		ls "$_state/lists" | grep -q _Packages
	) 9>"$_state/lock" ||
		die "the cache lacks packages for $1 and there is no network: connect once and repeat (cache: $cache)"
}

# apt_version PACKAGE - the version that the suite has
apt_version() {
	apt-cache -c "$apt_conf" show --no-all-versions "$1" 2>/dev/null |
		sed -n 's/^Version: //p' | grep . || die "Debian $apt_suite has no package $1"
}

# apt_depends PACKAGE PREFIX - all dependencies whose names start with PREFIX
apt_depends() { apt-cache -c "$apt_conf" depends "$1" | sed -n "s/^ *Depends: *\($2[^ ]*\).*/\1/p"; }

# apt_depend PACKAGE PREFIX - first dependency whose name starts with PREFIX
apt_depend() {
	apt_depends "$1" "$2" | grep -m 1 . ||
		die "package $1 does not depend on any $2*: has Debian renamed it?"
}

# apt_unpack DIR PACKAGE.. - unpack packages into DIR; what was downloaded stays
# in the cache, for the day when the recipe changes and there is no network
apt_unpack() {
	_dir=$1; shift
	_debs=$cache/debs
	mkdir -p "$_debs" "$_dir"
	for _p; do
		_v=$(apt_version "$_p") || exit 1
		_deb=$(cached_deb "$_p" "$_v")
		if [ -z "$_deb" ]; then
			(
				flock 9
				cd "$_debs" && apt-get -qq -c "$apt_conf" download "$_p=$_v" 2>&1
			) 9>"$_debs/.lock" || die "cannot download $_p $_v"
			_deb=$(cached_deb "$_p" "$_v")
		fi
		dpkg -x "$_deb" "$_dir" || die "cannot unpack $_deb: remove it and repeat"
	done
}

# cached_deb PACKAGE VERSION - a package that was downloaded before, or nothing
cached_deb() {
	_stem=$cache/debs/$1_$(echo "$2" | sed 's/:/%3a/')
	ls "${_stem}_$apt_arch.deb" "${_stem}_all.deb" 2>/dev/null || :
}
