# SPDX-License-Identifier: GPL-2.0
# A console of the machine: what is written arrives on the host as it was written,
# and what the host types is read.
# needs: free loop
# lane: A B
# time: 10
. /bed/ktap.sh
. /bed/disk.sh
. /bed/serial.sh
plan 7

serial
con human
expect "the console is there" wait_for 15 test -c /dev/con0
is "what carries it" "$(attr con0 transport)" "$(machine_glue | cut -d_ -f2)"
exec 7<>/dev/con0
stty -F /dev/con0 raw -echo
seq 1 3000 >/run/sent
cat /run/sent >&7
is "13893 bytes, as they were written" "$(host heard human 13893)" "$(sum /run/sent)"
stty -F /dev/con0 sane -echo
host type human 'who is there\r'
read -r line <&7
is "what the host types is read" "$line" "who is there"
refused "open, it stays" "not removed: /dev/con0 is open;" remove con0
exec 7<&-
expect "it can be removed by name" remove con0
is "and has no terminal then" "$(ls /dev/con0 2>/dev/null)" ""
