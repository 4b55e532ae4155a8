# SPDX-License-Identifier: GPL-2.0
# lib.sh - what every script of the test bed shares; sourced, never run
#
# Who is not in this directory says where it is, in bed_dir.
#
# Words used throughout:  ARCH is the kernel's name of a machine (x86_64,
# s390x); DEBARCH is Debian's; a "kernel directory" in the cache holds one
# kernel to boot and to build against, described by its file `info`.

bed=$(cd "${bed_dir:-$(dirname "$0")}" && pwd)
top=$(cd "$bed/../.." && pwd)
PATH=$PATH:/usr/sbin:/sbin	# mke2fs, depmod: also for who is not root
cache=${XDG_CACHE_HOME:-$HOME/.cache}/virtbus

say() { printf '%s\n' "virtbus: $*" >&2; }
die() { say "$*"; exit 1; }

# recipe FILE.. - a short name for the exact text that makes something
recipe() { cat "$@" | sha256sum | cut -c 1-8; }

# arch_facts ARCH - set debarch, karch and cross, or say which exist
arch_facts() {
	case $1 in
	x86_64)	debarch=amd64 karch=x86_64 cross= ;;
	s390x)	debarch=s390x karch=s390 cross=s390x-linux-gnu- ;;
	*)	die "no architecture '$1': say ARCH=x86_64 or ARCH=s390x" ;;
	esac
}

# make_once PATH COMMAND.. - run COMMAND TMP, which makes the file or directory
# TMP, and rename it to PATH; do nothing where PATH exists.  An interrupted run
# leaves only a TMP, which the next one removes; two runs wait for each other.
make_once() {
	_path=$1; shift
	[ -e "$_path" ] && return 0
	mkdir -p "${_path%/*}"
	(
		flock 9
		[ -e "$_path" ] && exit 0
		rm -rf "$_path".tmp
		"$@" "$_path".tmp || exit 1
		mv -T "$_path".tmp "$_path"
	) 9>"$_path.lock"
}

# quietly LOG COMMAND.. - run with the output in LOG; show its end on failure
quietly() {
	_log=$1; shift
	mkdir -p "${_log%/*}"
	"$@" >"$_log" 2>&1 && return 0
	tail -n 25 "$_log" >&2
	die "failed: $* (all of the output: $_log)"
}

# The release of Debian that the bed runs on, and whose programs the guests have.
stable=bookworm

# Debian's kernels that are "stock"; KERNEL= says which one is booted.
kernels='6.1 6.12 forky'
KERNEL=${KERNEL:-6.1}
# What the debug kernel looks for; CHECKER=kcsan (x86_64 only) boots another one.
CHECKER=${CHECKER:-kasan}
export KERNEL CHECKER

# suite_of KERNEL - the suite of Debian that has it; and what it is compiled with,
# bookworm's own compiler or that of another suite in a folder of its own
suite_of() {
	case $1 in
	6.1)	echo $stable ;;
	6.12)	echo $stable-backports ;;
	forky)	echo forky ;;
	*)	die "no kernel '$1': say KERNEL= and one of $kernels" ;;
	esac
}
gcc_of() { if [ "$1" = forky ]; then echo gcc-16; else echo gcc-12; fi; }

# emulator ARCH - the folder of the QEMU for guests with $KERNEL, nothing for that of this
# machine. Debian 12's, 7.2, gets two things wrong that s390x kernels since 6.12 do: it
# computes the address of LARL with 32 bits, so that per-CPU data of modules are 4 GB away,
# and it adds up what is checksummed with vectors, so that no TCP goes out.
emulator() {
	case $1.$KERNEL in
	x86_64.*|s390x.6.1) ;;
	*)	echo "$cache/emulator/$1.$stable-backports.$(recipe "$bed/fetch-emulator")" ;;
	esac
}

# stock_kernel ARCH [KERNEL], toolchain KERNEL, userland ARCH, debug_kernel ARCH - where
# these are in the cache; the name carries the recipe, so that an edited one never meets
# old results
stock_kernel() { echo "$cache/kernel/$1.$(suite_of "${2:-$KERNEL}").$(recipe "$bed/fetch-kernel")"; }
toolchain() { echo "$cache/toolchain/$(suite_of "$1").$(recipe "$bed/fetch-toolchain")"; }
userland() {
	echo "$cache/userland/$1.$stable.$(recipe "$bed/fetch-userland" "$bed/stub-library" "$bed/userland.list")"
}
debug_kernel() {
	debug_config "$1"
	echo "$cache/kernel/$1-$CHECKER.$(recipe "$bed/debugkernel" $fragments)"
}

# debug_config ARCH - set fragments: the files whose lines make its configuration
debug_config() {
	case $1.$CHECKER in
	x86_64.kasan|s390x.kasan|x86_64.kcsan) ;;
	*)	die "no debug kernel for $1 with CHECKER=$CHECKER: there is kasan, and kcsan for x86_64" ;;
	esac
	fragments=
	for _f in base "$1" debug "$CHECKER"; do fragments="$fragments $bed/config/$_f.config"; done
}

# kernel_info DIR - set release, kdir, image, modules (absolute) and built_for, a
# KERNEL, from DIR/info
kernel_info() {
	[ -f "$1/info" ] || die "no kernel in $1: run selftests/bed/fetch"
	built_for=$(sed -n 's/^kernel=//p' "$1/info")
	built_for=${built_for:-6.1}
	release=$(sed -n 's/^release=//p' "$1/info")
	kdir=$1/$(sed -n 's/^kdir=//p' "$1/info")
	image=$1/$(sed -n 's/^image=//p' "$1/info")
	modules=$1/$(sed -n 's/^modules=//p' "$1/info")
}

# in_tree_glue MACHINE - the initcall by which the kernel's own driver takes virtio devices at
# boot, where it is built in; after kernel_info
in_tree_glue() {
	case $1 in
	ccw)	echo virtio_ccw_init ;;
	*)	! grep -q '/virtio_pci.ko$' "$modules/modules.builtin" || echo virtio_pci_driver_init ;;
	esac
}

# lane_kernel LANE ARCH - the kernel directory that a lane boots
lane_kernel() {
	case $1 in
	A)	stock_kernel "$2" ;;
	B)	debug_kernel "$2" ;;
	*)	die "no lane '$1': A is Debian's kernel, B our debug kernel" ;;
	esac
}

# kbuild DIR [ARGUMENT..] - make in DIR against the kernel; after kernel_info and
# arch_facts.  BTF is of no use here and would ask for pahole, of the version that
# the kernel was built with.
kbuild() {
	_m=$1; shift
	with_tools make -s -C "$kdir" M="$_m" ARCH="$karch" CROSS_COMPILE="$cross" \
		CC="$cross$(gcc_of "$built_for")" CONFIG_DEBUG_INFO_BTF_MODULES= \
		PAHOLE_VERSION="$(sed -n 's/^CONFIG_PAHOLE_VERSION=//p' "$kdir/.config")" "$@" modules
}

# with_tools COMMAND.. - run it with the compiler of the kernel of kernel_info: as it is, or
# in the folder of another suite, which sees the cache and this tree in their places. The
# mounts end with the command.
with_tools() {
	[ "$(gcc_of "$built_for")" != gcc-12 ] || { "$@"; return; }
	# shellcheck disable=SC2016
	unshare -m sh -euc '
		root=$1; shift
		for d in "$1" "$2"; do mkdir -p "$root$d"; mount --rbind "$d" "$root$d"; done
		shift 2
		mount --bind /dev "$root/dev"
		mount -t proc proc "$root/proc"
		exec chroot "$root" env PATH=/usr/sbin:/usr/bin "$@"
	' sh "$(toolchain "$built_for")" "$cache" "$top" "$@"
}

# fresh_text ARCH - a module for guests that run stale code without it, as all of an older
# QEMU do; made once.
# Prints its path, nothing where none is needed.  After kernel_info.
fresh_text() {
	[ "$1" = s390x ] && [ -z "$(emulator "$1")" ] || return 0
	_ko=$cache/obj/fresh_text-$release.$(recipe "$bed"/fresh-text/*).ko
	make_once "$_ko" build_fresh_text "$bed/fresh-text"
	echo "$_ko"
}
build_fresh_text() {
	_dir=$(mktemp -d)
	cp "$1"/* "$_dir"
	quietly "$cache/log/fresh-text.log" kbuild "$_dir"
	mv "$_dir/fresh_text.ko" "$2"
	rm -rf "$_dir"
}
