# SPDX-License-Identifier: GPL-2.0
# A disk on the other side of vhost-user that lies is Broken with a reason, or its lie
# changes nothing; another one in its place works.
# needs: free pci shared
# lane: A B
# time: 60
. /bed/ktap.sh
. /bed/tests/pci/lib/pci.sh
. /bed/tests/pci/lib/liar.sh
plan 17
load
plug
expect "it works" works
breaks id-range "used buffer [0-9]+ does not exist"
breaks id-wrong "used buffer [0-9]+ is not with the device"
breaks len-long "wrote 4098 bytes into buffer [0-9]+, which has room for 4097"
breaks index-jump "used index moved by 40001"
plug
host lie l scribble 0
expect "its driver does not read again what it wrote" works
host lie l none
host lie l status-garbage 1
refuse "a status that there is not is an error" "Input/output error|I/O error" one_read
is "and nothing else" "$(attr "$N" state)" Connected
expect "the next one is right" holds
