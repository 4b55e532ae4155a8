# SPDX-License-Identifier: GPL-2.0
# driver_override says which driver may bind, and nothing else changes.
# needs: loop
# time: 4
. /bed/ktap.sh
. /bed/disk.sh
plan 9

override() { echo "$2" >"$BUS/$1/driver_override"; }
load virtbus_blk && load virtbus_loop
ram ubd1 1M
is "there is none at first" "$(attr ubd1 driver_override)" ""
expect "another driver may have it" override ubd1 other
is "it is what was written" "$(attr ubd1 driver_override)" other
expect "who is bound stays" is_disk ubd1
unbind ubd1
refuse "the driver of its kind cannot bind then" "No such device" bind ubd1
is "and the device is as it was" "$(attr ubd1 state)" Closed
override ubd1 virtbus_blk
expect "by its name it can" bind ubd1
unbind ubd1
override ubd1 ""
is "an empty write lifts it" "$(attr ubd1 driver_override)" ""
expect "and anybody who fits binds" bind ubd1
