# SPDX-License-Identifier: GPL-2.0
# For people. `make` builds the modules for the running kernel; see `make help`.
# kbuild itself reads Kbuild.

KDIR ?= /lib/modules/$(shell uname -r)/build
ARCH ?= x86_64
bed := selftests/bed
proofs = $(filter-out guest lib.sh,$(notdir $(wildcard selftests/prove/*)))

# `make ARCH=..` chooses a guest for run and prove; a build for the running
# kernel (or KDIR=) takes no architecture from here.
export ARCH

.PHONY: modules run check check-debug bench clean help
modules:
	@test -e $(KDIR)/Makefile || { \
		echo "virtbus: no kernel headers in $(KDIR): install linux-headers-$$(uname -r), or say KDIR=" >&2; \
		exit 1; }
	@why=$$($(CC) -E -DVIRTBUS_RANGE $(if $(ANY_KERNEL),-DVIRTBUS_ANY_KERNEL) \
		-I$(KDIR)/include/generated/uapi include/virtbus/compat.h 2>&1 >/dev/null | \
		sed -n 's/.*error: #error //p'); \
	test -z "$$why" || { echo "virtbus: $(KDIR): $$why" >&2; exit 1; }
	env -u ARCH $(MAKE) -C $(KDIR) M=$(CURDIR) modules

run:
	@$(bed)/play $(ARCH)

check:
	@$(bed)/check

check-debug:
	@$(bed)/check-debug $(CHECKERS)

bench:
	@selftests/bench/run --arch $(ARCH)

prove-%:
	@test -f selftests/prove/$* -a -x selftests/prove/$* || { \
		echo "virtbus: nothing proves '$*'; there is: $(proofs)" >&2; \
		exit 1; }
	@selftests/prove/$*

clean:
	@find . -path ./.git -prune -o \( -name '*.o' -o -name '*.ko' -o -name '*.mod' \
		-o -name '*.mod.c' -o -name '.*.cmd' -o -name '.*.o.d' -o -name modules.order \
		-o -name Module.symvers -o -name __pycache__ \) -exec rm -rf {} +

help:
	@echo 'make [modules]       build the modules for the running kernel (KDIR= for another)'
	@echo 'make run             boot a stock Debian guest with disk, network and console on virtbus;'
	@echo '                     a shell with a terminal, a tour without (ARCH=s390x)'
	@echo 'make check           all tests, on x86_64 and s390x (KERNEL=6.12 or forky: with that kernel of Debian)'
	@echo 'make check-debug     all tests in the debug kernels: KASAN on both, KCSAN (CHECKERS=s390x.kasan for one)'
	@echo 'make bench           cost per operation of disks, network cards and consoles, beside the in-tree drivers'
	@echo 'make prove-NAME      one proof: $(proofs)'
	@echo 'make clean           remove what `make modules` built'
	@echo
	@echo 'One test:            $(bed)/run --arch s390x selftests/block/NAME.sh'
	@echo 'What is fetched or built for guests lives in $${XDG_CACHE_HOME:-~/.cache}/virtbus.'
