# SPDX-License-Identifier: GPL-2.0
# An admin may choose a name that fits the kind; any other is refused with the
# reason, and nothing is left half made.
# needs: loop
# time: 4
. /bed/ktap.sh
. /bed/disk.sh
plan 16

load virtbus_blk && load virtbus_loop
expect "a name with a word" ram ubd-root 1M
expect "is the disk's name" test -b /dev/ubd-root
expect "a name with a number" ram ubd7 1M
expect "the longest name" ram ubd-23456789012 1M
refused "a taken name" "ubd-root is taken" config ubd-root=ram,1M
refused "the name of another kind" "is called ubd0, ubd1, .. or ubd-something, not eth0" config eth0=ram,1M
refused "a kind without a suffix" "ubd" config ubd=ram,1M
refused "a suffix that is neither" "ubdx" config ubdx=ram,1M
refused "an underscore" "ubd_1" config ubd_1=ram,1M
refused "two dashes" "ubd--1" config ubd--1=ram,1M
refused "a dash at the end" "ubd1-" config ubd1-=ram,1M
refused "a slash" "ubd1/2" config ubd1/2=ram,1M
refused "a name that is too long" "ubd-234567890123" config ubd-234567890123=ram,1M
refused "no name" "config =ram" config =ram,1M
is "nothing is left of them" "$(ls $BUS | tr '\n' ' ')" "ubd-23456789012 ubd-root ubd7 "
is "nor a port" "$(ls -d $PORTS/ubd* | wc -l)" 3
