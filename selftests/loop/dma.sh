# SPDX-License-Identifier: GPL-2.0
# With platform=1 the driver uses the DMA API, and data are right.
# needs: loop fio
# time: 10
. /bed/ktap.sh
. /bed/loop.sh
plan 4
load
expect "a device that wants the DMA API can be made" config ubd1=ram,64M,platform=1
expect "ACCESS_PLATFORM was agreed on" test $(($(attr ubd1 features) >> 33 & 1)) = 1
expect "data are right" fio --name=v --filename=/dev/ubd1 --rw=randwrite --bsrange=4k-256k \
	--size=4M --direct=1 --ioengine=libaio --iodepth=16 --verify=crc32c --thread
expect "it can be removed" remove ubd1
