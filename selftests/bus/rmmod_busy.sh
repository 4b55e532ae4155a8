# SPDX-License-Identifier: GPL-2.0
# No module can be unloaded below an open disk.
# needs: loop disks=1
# time: 5
. /bed/ktap.sh
. /bed/disk.sh
plan 10

start
ram ubd5 1M
for d in ubd5:virtbus_loop "$(bus_name disk0):$(machine_glue)"; do
	glue=${d#*:} d=${d%%:*}
	exec 7</dev/$d
	refuse "$d open: the driver stays" "temporarily unavailable|in use|busy" rmmod virtbus_blk
	refuse "$d open: its glue stays" "temporarily unavailable|in use|busy" rmmod $glue
	expect "$d open: it can be read" dd if=/dev/$d of=/dev/null bs=64k count=2 iflag=direct
	exec 7<&-
	expect "$d closed: its glue goes" rmmod $glue
	expect "$d closed: and took its device along" gone $d
done
