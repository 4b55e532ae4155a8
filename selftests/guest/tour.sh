# SPDX-License-Identifier: GPL-2.0
# The tour of `make run`: what virtbus does, shown and checked.  disk0 is an ext4
# image with files, disk1 is empty.
# modules: ext4
# time: 30
. /bed/ktap.sh
plan 2

# tell TEXT - to the person who typed `make run`
tell() { host say "$*"; }

tell "Debian's kernel $(uname -r) on $(uname -m) is up."
expect "the modules load" load
tell "Modules loaded: $(tr '\n' ' ' </bed/modules)"
expect "the disk is there" wait_for 10 test -b /dev/ubd0
tell "That is all for now."
