# SPDX-License-Identifier: GPL-2.0
# The machine sleeps and wakes up, and who uses its network cards, terminals and ports
# notices nothing: connections, bytes on their way, what the host was told.
# needs: free pci loop net
# modules: 8021q
# machine: pc
# append: tsc=unstable
# lane: A
# time: 40
. /bed/ktap.sh
. /bed/disk.sh
. /bed/net.sh
. /bed/serial.sh
. /bed/sleep.sh
plan 30

# cards: one of the machine's, and two of the loop with a cable
expect "a cable" cable
expect "a card of the machine" machine_nic card user mac=52:54:00:aa:bb:cc
C=$N
modprobe 8021q
user_up "$C"
ip link set "$C" promisc on
ip maddr add 33:33:12:34:56:78 dev "$C"
ip link add link "$C" name vlan7 type vlan id 7
ip link set vlan7 up
ethtool -K "$C" rx-gro-hw off
filter() { host filter card | sed 's/.*"promiscuous"/"promiscuous"/'; }
told() { host filter card | grep -q "$1"; }
wait_for 5 told '33:33:12:34:56:78'
# consoles and ports
serial
port org.test.0
port org.test.1
port org.test.2
con tty0
p=$(path org.test.0)
expect "a port" wait_for 15 test -c "$p"
for i in 1 2; do
	wait_for 15 test -c "$(path org.test.$i)"
done
terminal() { ls /sys/class/tty | grep '^con[0-9]'; }
expect "a terminal" wait_for 15 terminal
T=/dev/$(terminal)
exec 7<>"$p"
host wait VSERPORT_CHANGE 5 id=org.test.0 open=True >/dev/null
stty -F "$T" raw -echo
exec 8<>"$T"

# a transfer of each sort, with a nap in it
fetch 30000000 >/run/fetch.sum & fetching=$!
# a listener ends when it has nothing more to say
far nc -l -p 5001 <&$SILENCE >/run/far.got & catching=$!
wait_for 5 listens far 5001
dd if=/dev/urandom of=/run/sent bs=64k count=64 2>/dev/null
nc -w 60 10.7.0.2 5001 </run/sent >/dev/null & sending=$!
want=$(host talk org.test.0 1048576)
at_most 60 dd bs=1k count=1024 iflag=fullblock of=/run/port.got <&7 2>/dev/null & reading=$!
dd if=/run/sent bs=1999 count=1000 >&7 2>/dev/null & writing=$!
seq 1 20000 >&8 & typing=$!
for i in 1 2 3; do
	expect "it falls asleep and wakes up, $i" nap
	usleep 300000
done
expect "the transfer from the host has ended" wait $fetching
set -- $(cat /run/fetch.sum)
is "with what was sent" "$2" "$1"
wait $sending
expect "that through the cable has ended" wait $catching
is "with what was sent through it" "$(sum /run/far.got)" "$(sum /run/sent)"
wait $reading
is "a megabyte came from the host through the port" "$(sum /run/port.got)" "$want"
wait $writing
is "and two went there" "$(host heard org.test.0 1999000)" "$(sum /run/sent 1999000)"
wait $typing
is "what was written to the terminal arrived" "$(host heard tty0 108894)" \
	"$(seq 1 20000 | sha256sum | cut -d' ' -f1)"

# what the device forgot
expect "the host knows of the VLAN" wait_for 5 told '"vlan-table": "\(0,7\|0-4095\)"'
expect "and of the multicast group" wait_for 5 told '33:33:12:34:56:78'
expect "and that all is to come" wait_for 5 told '"promiscuous": true'
expect "the card answers" ping -c 1 -w 10 10.0.2.2
expect "so does the cable" ping -c 1 -w 10 -s 4000 10.7.0.2

cat "$(path org.test.2)" >/dev/null & hearing=$!
host wait VSERPORT_CHANGE 5 id=org.test.2 open=True >/dev/null
# input that came before and was not read; output while the host does not listen
host type org.test.0 'before\n'
host listen org.test.0 no
dd if=/run/sent bs=1999 skip=1000 count=500 >&7 2>/dev/null & writing=$!
usleep 500000
# meanwhile a port goes, and somebody hangs up
host asleep qmp device_del '{"id": "org.test.1"}'
host asleep hangup org.test.2
expect "once more" nap
host listen org.test.0 yes
wait $writing
is "what had waited for the host arrives" "$(host heard org.test.0 2998500)" "$(sum /run/sent 2998500)"
read -r line <&7
is "what had come is there" "$line" before
host type tty0 'typed\n'
read -r line <&8
is "the terminal hears" "$line" typed
expect "the port that was taken meanwhile is gone" wait_for 10 test ! -e "$(path org.test.1)"
expect "who was hung up meanwhile knows it" wait_for 10 test ! -d /proc/$hearing
refuse "the port is open still, and for one only" busy sh -c ": <>$p"
is_closed() { ! is_open; }
is_open() { host qmp query-chardev | grep -q '"frontend-open": true, "filename": "[^"]*", "label": "org.test.0"'; }
expect "the host knows that" is_open
exec 7<&- 8<&-
expect "and that it is closed" wait_for 5 is_closed
expect "it goes" drop org.test.0
expect "its file, too" wait_for 5 test ! -e "$p"
