# SPDX-License-Identifier: GPL-2.0
# Specs and parameters that cannot be: on every machine.
# needs: loop
# time: 60
. /bed/tests/guest/lib/prove.sh
. /bed/tests/guest/lib/bad.sh
plan 21
load
config ubd1=ram,16M

bad "an unknown back end" "no .* knows the back end floppy; load the module" spec ubd9=floppy,1
bad "no spec at all" "a spec is NAME=BACKEND.* such as" spec ubd9
bad "no back end" "is not followed by a back end, such as" spec ubd9=
bad "blanks" "no blanks" spec "ubd9=ram, 64M"
bad "size 0" "a disk of size 0: say how large, as in ram,64M" spec ubd9=ram,0
bad "no size" "no size: say how large, as in ram,64M" spec ubd9=ram
bad "a size that is none" "64X is no size: say how large" spec ubd9=ram,64X
bad "a size of half a sector" "no multiple of 512" spec ubd9=ram,1000
bad "a size larger than a disk" "more than a disk can have|is no size" spec ubd9=ram,9999999T
bad "an unknown key" "ram does not know colour=" spec ubd9=ram,64M,colour=blue
bad "an unknown argument" "knows ro only" spec ubd9=ram,64M,rw
bad "queues that cannot be" "say a number from 1" spec ubd9=ram,64M,queues=0
bad "a name that is taken" "the name ubd1 is taken[:;].*(remove that device|another)" spec ubd1=ram,64M
bad "a name of another kind" "is called ubd0, ubd1" spec eth9=ram,64M
bad "a name that is none" "a name has letters, digits" spec ubd_9=ram,64M
bad "a fault that is none" 'no fault "fire": Documentation/faults.rst' sh -c "echo fire >$PORTS/ubd1/fault"
expect "the disk beside it works" sh -c ". /bed/tests/guest/lib/prove.sh; trap - EXIT; fill /dev/ubd1 && holds /dev/ubd1"

unload
modprobe virtbus_blk
bad "a back end whose module is missing" "no .* knows the back end ram; load the module .*ram: virtbus_loop" spec ubd9=ram,64M
unload
mark_log
refuse "a module of another kernel is refused" "invalid module format" insmod /bed/files/foreign.ko
expect "the log says for which" logged "version magic '.* old .*' should be '$(uname -r) SMP"
tell "  a module of another kernel: $(logged 'version magic' | head -n 1)"
refuse "a bad spec at load does not stop the others" "" sh -c "
	modprobe virtbus_loop config=ubd8=ram,0 config=ubd9=ram,16M
	[ -e $BUS/ubd9 ] && ! [ -e $BUS/ubd8 ] && dmesg | tail -n 5 | grep 'ubd8=ram,0.*size 0' && echo as it has to be >&2 && exit 1"
