#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""wire.py - watch a wire, and serve files at its far end.

	wire.py tap INTERFACE RESULT			counts what the driver's and the host's
							headers say, each way
	wire.py far INTERFACE RESULT FILE TAKEN		checks every TCP packet that comes, gives
							FILE on port 7002 and keeps what port
							7001 is sent; sums of that in TAKEN

RESULT is written at SIGTERM.
"""
import hashlib
import json
import signal
import socket
import struct
import sys
import threading

SOL_PACKET, PACKET_VNET_HDR, PACKET_OUTGOING, ETH_P_ALL = 263, 15, 4, 3
NEEDS_CSUM = 1
GSO = {1: 'large4', 4: 'large6'}        # struct virtio_net_hdr, gso_type without its ECN bit


def watch(interface, size, see):
    """Call see(packet, outgoing) for all that passes, with its header if size is that."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 26)
    if size:
        sock.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    sock.bind((interface, ETH_P_ALL))
    while True:
        try:
            data, address = sock.recvfrom(1 << 17)
        except OSError:
            continue        # the interface went down: the machine has ended
        see(data, address[2] == PACKET_OUTGOING)


class Tap:
    """What the virtio headers say."""

    def __init__(self):
        self.count = {way + what: 0 for way in ('from_', 'to_')
                      for what in ('frames', 'large4', 'large6', 'partial', 'longest')}
        self.count['from_announcements'] = 0

    def see(self, data, outgoing):
        flags, gso = data[0], data[1]
        way = 'to_' if outgoing else 'from_'
        self.count[way + 'frames'] += 1
        if gso & 0x7f in GSO:
            self.count[way + GSO[gso & 0x7f]] += 1
        self.count[way + 'partial'] += flags & NEEDS_CSUM
        self.count[way + 'longest'] = max(self.count[way + 'longest'], len(data) - 10)
        # ARP of somebody who tells of himself: sender and target are one
        if not outgoing and data[22:24] == b'\x08\x06' and data[38:42] == data[48:52]:
            self.count['from_announcements'] += 1


def ones_sum(data):
    if len(data) % 2:
        data += b'\0'
    total = sum(struct.unpack(f'!{len(data) // 2}H', data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


class Far:
    """Every packet of TCP that comes has to be whole, and its sums right."""

    def __init__(self):
        self.count = {'frames': 0, 'wrong': 0, 'longest': 0}

    def see(self, data, outgoing):
        if outgoing or data[12:14] != b'\x08\x00' or data[23] != socket.IPPROTO_TCP:
            return
        self.count['frames'] += 1
        self.count['longest'] = max(self.count['longest'], len(data))
        header = (data[14] & 15) * 4
        length = struct.unpack('!H', data[16:18])[0]
        segment = data[14 + header:14 + length]
        pseudo = data[26:34] + struct.pack('!HH', socket.IPPROTO_TCP, len(segment))
        if ones_sum(data[14:14 + header]) != 0xffff or ones_sum(pseudo + segment) != 0xffff:
            self.count['wrong'] += 1


def listen(port):
    return socket.create_server(('::', port), family=socket.AF_INET6, backlog=16,
                                dualstack_ipv6=True)


def give(path):
    server = listen(7002)
    while True:
        with server.accept()[0] as conn, open(path, 'rb') as f:
            conn.sendfile(f)


def take(path):
    server = listen(7001)
    while True:
        threading.Thread(target=take_one, args=(server.accept()[0], path), daemon=True).start()


def take_one(conn, path):
    digest = hashlib.sha256()
    with conn:
        while block := conn.recv(1 << 16):
            digest.update(block)
        # who sent it hears what came
        conn.sendall(digest.hexdigest().encode() + b'\n')


def main():
    role, interface, result = sys.argv[1:4]
    watcher = Tap() if role == 'tap' else Far()
    # before there are threads, which would take it else
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    jobs = [(watch, (interface, 10 if role == 'tap' else 0, watcher.see))]
    if role == 'far':
        jobs += [(give, sys.argv[4:5]), (take, sys.argv[5:6])]
    for function, args in jobs:
        threading.Thread(target=function, args=args, daemon=True).start()
    signal.sigwait([signal.SIGTERM])
    with open(result, 'w', encoding='ascii') as f:
        f.write(json.dumps(watcher.count) + '\n')


main()
