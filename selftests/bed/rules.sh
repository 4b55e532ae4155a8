# SPDX-License-Identifier: GPL-2.0
# rules.sh - the rules of the tree, each a function that prints what breaks it;
# sourced by static, with the top of the tree as working directory

# files [FIND-TEST..] - all files of the tree that are not made by a build
files() {
	find . \( -name .git -o -name __pycache__ -o -name '*.mod.c' -o -name '*.o' -o -name '*.ko' \
		-o -name '.*.cmd' -o -name '*.mod' -o -name Module.symvers -o -name modules.order \) \
		-prune -o -type f "$@" -print | sed 's#^\./##' | LC_ALL=C sort
}

# sources PATTERN - by name
sources() { files -name "$1"; }

# scripts_of INTERPRETER - by name or first line
scripts_of() {
	case $1 in
	sh)	sources '*.sh' ;;
	python3) sources '*.py' ;;
	esac
	files -perm -100 ! -name '*.sh' ! -name '*.py' | while read -r f; do
		head -n 1 "$f" | grep -q "^#!.*[/ ]$1\$" && echo "$f" || :
	done
}

# not_in DIRECTORIES PATTERN WHY - no source there includes what matches PATTERN
not_in() {
	for d in $1; do
		[ -d "$d" ] || continue
		grep -rnE --include='*.[ch]' "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($2)" "$d" |
			sed "s#\$#   ($3)#"
	done
}

includes() {
	_roads='linux/pci|linux/interrupt|linux/irq|linux/msi|asm/ccw|asm/airq|asm/cio|asm/isc'
	_kinds='linux/netdevice|linux/etherdevice|linux/if_|linux/blk|linux/bio|linux/tty|linux/console'
	_kinds="$_kinds|linux/hvc|net/|linux/virtio_(net|blk|console|9p)"
	_glues="pci-glue s390-ccw loop-glue shm-glue"

	not_in drivers "$_roads" "a driver knows no transport and no interrupt"
	not_in drivers 'virtbus/virt_(glue|end)' "drivers include virt_dev.h and virt_queue.h only"
	not_in "$_glues" "$_kinds" "a glue knows no kind of device"
	not_in virtbus "$_roads|$_kinds" "the core knows no transport and no kind of device"
	not_in ends "$_roads|virtbus/virt_glue" "a device end knows no transport"
	not_in "drivers virtbus ends $_glues" '\.\./' "no way around the include directory"
}

# every exported symbol is documented where it is defined
exports_documented() {
	sources '*.c' | grep -v '^selftests/' | while read -r f; do
		sed -n 's/^EXPORT_SYMBOL[A-Z_]*(\([a-z0-9_]*\).*/\1/p' "$f" | while read -r name; do
			grep -qE "^ \* $name(\(\))? - " "$f" include/virtbus/*.h ||
				echo "$f: exported $name() has no kernel-doc"
		done
	done
}

versions() {
	files -name '*.[ch]' ! -path './include/virtbus/compat.h' |
		xargs -r grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION\(' || :
}

# nothing that a device end does, and no mistake of ours, may stop the kernel
bug() { sources '*.[ch]' | xargs -r grep -nE '\bBUG(_ON)?\(' || :; }

spdx() {
	files ! -name COPYING ! -name .gitignore ! -name README ! -name '*.patch' ! -path './Documentation/sysfs*' |
	while read -r f; do
		head -n 2 "$f" | grep -q 'SPDX-License-Identifier: GPL-2.0' ||
			echo "$f: no SPDX-License-Identifier in the first line (second after #!)"
	done
}

lengths() {
	files ! -name COPYING ! -name '*.patch' | xargs -r wc -l |
		awk '$2 != "total" && $1 > 800 { print $2 ": " $1 " lines: split it by concept" }'
}

functions() {
	sources '*.c' | xargs -r awk '
		FNR == 1 { start = 0 }
		/^[a-zA-Z_].*[),(]$/ { head = $0 }
		/^\{/ { start = FNR }
		/^\}/ { if (start && FNR - start > 100)
				print FILENAME ":" start ": " FNR - start " lines: " head
			start = 0 }'
}
