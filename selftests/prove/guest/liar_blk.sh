# SPDX-License-Identifier: GPL-2.0
# A disk behind vhost-user that lies: each lie that it knows by name, then LIES at random.
# needs: pci free shared fio
# lane: A B
# memory: 1024
# time: 900
KIND=blk
. /bed/tests/guest/lib/prove.sh
. /bed/tests/guest/lib/liar.sh
: "${LIES:=2000}" "${EVERY:=300}"
: "${BREAK=id-range id-wide id-wrong id-repeat id-random len-long len-huge len-short index-jump index-back index-ahead}"
: "${HARMLESS=reorder delay scribble capacity-16E capacity-over}"
: "${ODD=serial config-lies config-zero config-random features-all features-few capacity-zero capacity-less capacity-16E
	capacity-over blk-size-zero blk-size-odd blk-size-huge seg-max-zero seg-max-huge size-max-zero topology-huge discard-huge}"
# shellcheck disable=SC2086
set -- $BREAK $HARMLESS $ODD
plan $(($# + 13))

ready() { wait_for 20 test -b "/dev/$N"; }
works() { fill "/dev/$N" && holds "/dev/$N"; }
poke() { dd if="/dev/$N" of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null; }
many() {
	_many=
	for _i in 1 2 3 4 5 6; do
		dd if="/dev/$N" of=/dev/null bs=4k count=50 iflag=direct 2>/dev/null & _many="$_many $!"
	done
	# shellcheck disable=SC2086
	for _i in $_many; do wait $_i || return; done
}
let_go() { :; }
lives_with() { echo "$(($(blockdev --getsize64 "/dev/$N") >> 10)) KB, blocks of $(blockdev --getss "/dev/$N")"; }

# What was written before it began to lie is read and verified; beside it something is
# written. A request that fails is none of our business here.
prepare() {
	fio --name=lay --filename="/dev/$N" --offset=1M --size=4M --rw=write --bs=4k --iodepth=16 --thread \
		--direct=1 --ioengine=libaio --verify=crc32c --do_verify=0 --output=/run/lay
}
use() {
	fio --filename="/dev/$N" --bs=4k --direct=1 --thread --ioengine=libaio --iodepth=16 \
		--continue_on_error=io --ignore_error=EIO,EIO --time_based --runtime=600 --size=4M --output=/run/fio \
		--name=read --offset=1M --rw=randread --verify=crc32c --name=write --offset=8M --rw=randwrite \
		>/run/fio.said 2>&1 &
	user=$!
}
end_use() {
	kill -INT $user 2>/dev/null
	wait $user
	! grep -hE 'verify: bad|verify failed|type=6' /run/fio /run/fio.said || { echo "wrong data"; return 1; }
}

# one_fails LIE - this request, and nothing else
one_fails() {
	host lie l "$1" 1 || return
	! poke || { echo "the request did not fail"; return 1; }
	connected && holds "/dev/$N" || return
	row "$1" Connected "one request failed, the next one is right"
}
# storm LIE - nothing, and the processor is not lost to it
storm() { harmless "$1" 20000; }
# shrinks - the smaller disk is believed, and when it grows again the data are there
shrinks() {
	host lie l capacity-less 1 || return
	wait_for 10 size_is 4096 || return
	host lie l none
	wait_for 10 size_is $((1 << 24)) && holds "/dev/$N" || return
	row capacity-less Connected "4096 bytes, and all of them when that was taken back"
	anew
}
size_is() { [ "$(blockdev --getsize64 "/dev/$N")" = "$1" ]; }

load virtbus_blk stall_report=5
load
expect "virtio_blk is not loaded" no_virtio_blk
expect "it works" plug
expect "its data are right" works
links
tell "  lie                then       because"
for l in $BREAK; do expect "$l" must_break "$l"; done
expect "changes" may_break changes
for l in io-error status-garbage status-missing; do expect "$l" one_fails "$l"; done
for l in $HARMLESS; do expect "$l" harmless "$l" 20; done
expect "event-lost" harmless event-lost 2
expect "event-storm" storm event-storm
expect "capacity-less, and taken back" shrinks
expect "silent" silent silent
for l in $ODD; do expect "$l, from the start" odd "$l"; done
at_random
