# SPDX-License-Identifier: GPL-2.0
# The serial is the host's, of any length it may have.
# needs: loop disks=1
# time: 5
. /bed/ktap.sh
. /bed/disk.sh
plan 5

start
serial() { cat /sys/block/$1/serial; }
is "a disk has its serial" "$(serial "$(bus_name disk0)")" disk0
ram ubd5 1M
is "a RAM disk without one has its name" "$(serial ubd5)" ubd5
ram ubd6 1M,serial=12345678901234567890
is "the longest serial" "$(serial ubd6)" 12345678901234567890
plug long 16M serial=abcdefghijklmnopqrst
is "the host's longest serial" "$(serial $N)" abcdefghijklmnopqrst
plug none 16M serial=
is "no serial" "$(serial $N)" ""
