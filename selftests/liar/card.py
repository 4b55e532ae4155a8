# SPDX-License-Identifier: GPL-2.0
"""card.py - a network card behind vhost-user (virtio 1.2, 5.1) with one host on its wire.

That host is 10.9.0.2, answers to ARP and to pings, and looks at nothing else. Its
configuration and its control queue are QEMU's: neither can be made to lie from here.
"""
import struct

import vhost

CSUM, GUEST_CSUM, GUEST_TSO4, GUEST_TSO6, GUEST_ECN, MRG_RXBUF = (
    1 << n for n in (0, 1, 7, 8, 9, 15))
RX, TX = 0, 1
HDR = 12
MAC = bytes.fromhex('020000000902')
ADDRESS = bytes((10, 9, 0, 2))
# flags, gso_type, hdr_len, gso_size, csum_start, csum_offset, num_buffers
HEADER = struct.Struct('<BBHHHHH')
SANE = (0, 0, 0, 0, 0, 0, 1)
LIES = {
    'hdr-flags': (0xff, 0, 0, 0, 0, 0, 1),
    'hdr-csum': (1, 0, 0, 0, 0xffff, 0xffff, 1),
    'hdr-gso': (0, 0xff, 0xffff, 0xffff, 0, 0, 1),
    'hdr-gso-size': (1, 1, 54, 0, 34, 16, 1),
    'hdr-buffers-none': (0, 0, 0, 0, 0, 0, 0),
    'hdr-buffers-more': (0, 0, 0, 0, 0, 0, 0xffff),
}
LARGE = 20      # buffers: no packet has as many


def answer(frame):
    """What the host on the wire says to a frame, or None."""
    if frame[12:14] == b'\x08\x06' and frame[20:22] == b'\0\1' and frame[38:42] == ADDRESS:
        return (frame[6:12] + MAC + frame[12:20] + b'\0\2' + MAC + ADDRESS + frame[22:32])
    if frame[12:14] == b'\x08\0' and frame[23] == 1 and frame[30:34] == ADDRESS and frame[34] == 8:
        # the other type of message: its checksum grows by what the type shrinks
        checksum = struct.unpack_from('>H', frame, 36)[0] + 0x800
        checksum = (checksum & 0xffff) + (checksum >> 16)
        return (frame[6:12] + MAC + frame[12:26] + frame[30:34] + frame[26:30] + b'\0\0' +
                struct.pack('>H', checksum) + frame[38:])
    return None


class Card:
    queues = 2
    protocol = 0
    all_features = (vhost.VERSION_1 | vhost.INDIRECT | vhost.EVENT_IDX | vhost.PROTOCOL | CSUM |
                    GUEST_CSUM | GUEST_TSO4 | GUEST_TSO6 | GUEST_ECN | MRG_RXBUF)

    def __init__(self, liar):
        self.liar = liar
        self.spare = []         # receive buffers that hold nothing yet
        self.rx = None

    def config(self, offset, size):
        return bytes(size)

    def serve(self, queue, buffer):
        if queue.index == RX:
            self.rx = queue
            self.spare.append(buffer)
            return
        frame = buffer.read()[HDR:]
        self.liar.tell(queue, buffer, 0, None)
        reply = answer(frame)
        if reply:
            self.send(reply)
        if self.liar.at_random():
            self.lie_about_packets(frame)

    def flush(self):
        """Receive buffers are gone with their queue."""
        self.spare = []

    def send(self, frame, header=None):
        """A packet to the guest, in one buffer; dropped when it has given none."""
        if not self.spare:
            return
        if header is None:
            header = SANE
            for name, wrong in LIES.items():
                if self.liar.strikes(name):
                    header = wrong
        buffer = self.spare.pop(0)
        length = buffer.fill(HEADER.pack(*header) + frame)
        self.liar.tell(self.rx, buffer, length, None)

    def lie_about_packets(self, frame):
        """A few that nobody sent, each with something wrong about it."""
        rng = self.liar.rng
        for _ in range(rng.randrange(8)):
            if len(self.spare) < 2 * LARGE or not self.liar.at_random():
                return
            what = rng.randrange(8)
            if what == 0:
                self.large(rng)
                continue
            # to the guest's own address, so that it looks at more than that
            kind = rng.choice((b'\x08\0', b'\x08\x06', b'\x86\xdd', b'\x81\0', rng.randbytes(2)))
            junk = frame[6:12] + MAC + kind + rng.randbytes(rng.randrange(200))
            if rng.randrange(2):
                junk = frame[6:12] + MAC + frame[12:34] + rng.randbytes(rng.randrange(1500))
            if what == 1:
                junk = junk[:rng.randrange(14)]
            header = [rng.randrange(4), rng.choice((0, 1, 3, 4, 5, 0x81, rng.randrange(256)))]
            header += [rng.choice((0, 20, 54, rng.randrange(1 << 16))) for _ in range(4)] + [1]
            self.liar.count('header' if what != 1 else 'runt')
            self.send(junk, header)

    def large(self, rng):
        """More buffers than a packet can have, and more bytes."""
        batch, self.spare = self.spare[:LARGE], self.spare[LARGE:]
        for i, buffer in enumerate(batch):
            data = HEADER.pack(*SANE[:6], LARGE) if i == 0 else b''
            length = buffer.fill(data + rng.randbytes(64).ljust(4096, b'\0'))
            self.rx.held.pop(buffer.head)
            self.rx.put(buffer.head, length)
        self.liar.count('too-large')
        self.rx.publish()
        self.rx.signal()
