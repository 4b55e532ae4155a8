# SPDX-License-Identifier: GPL-2.0
# Disks that are found get the free numbers, in order; a name that is free again
# is given again.
# needs: loop disks=2
# time: 6
. /bed/ktap.sh
. /bed/disk.sh
plan 5

# in which order they are found is the glue's business
numbers() { { bus_name disk0; bus_name disk1; } | sort | xargs; }
load virtbus_blk && load virtbus_loop
expect "a RAM disk takes a number" ram ubd1 1M
machine_start
is "found disks get the other numbers" "$(numbers)" "ubd0 ubd2"
remove ubd0
expect "a removed device's name is free" ram ubd0 1M
remove ubd0
remove ubd1
rmmod "$(machine_glue)"
machine_start
is "the first free numbers are given again" "$(numbers)" "ubd0 ubd1"
refused "and are taken then" "the name ubd1 is taken|ubd1.* exists" config ubd1=ram,1M
