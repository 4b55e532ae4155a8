# SPDX-License-Identifier: GPL-2.0
"""vhost.py - the far end of a vhost-user connection: QEMU's requests, the guest's memory.

QEMU's docs/interop/vhost-user.rst has the protocol. The memory of the guest is mapped, so
what is written there the guest reads, with nobody in between who could check it.
"""
import array
import mmap
import os
import socket
import struct

VERSION_1, INDIRECT, EVENT_IDX, PROTOCOL = 1 << 32, 1 << 28, 1 << 29, 1 << 30
P_MQ, P_REPLY_ACK, P_BACKEND_REQ, P_CONFIG = 1 << 0, 1 << 3, 1 << 5, 1 << 9
(GET_FEATURES, SET_FEATURES, _, _, SET_MEM_TABLE) = range(1, 6)
(SET_VRING_NUM, SET_VRING_ADDR, SET_VRING_BASE, GET_VRING_BASE, SET_VRING_KICK, SET_VRING_CALL,
 SET_VRING_ERR, GET_PROTOCOL_FEATURES, _, GET_QUEUE_NUM) = range(8, 18)
SET_BACKEND_REQ_FD, GET_CONFIG = 21, 24
BACKEND_CONFIG_CHANGED = 2

F_NEXT, F_WRITE, F_INDIRECT = 1, 2, 4
DESC = struct.Struct('<QIHH')
USED = struct.Struct('<II')


class Confused(Exception):
    """The driver says what cannot be; perhaps it was told so."""


class Memory:
    def __init__(self):
        self.regions = []

    def set(self, payload, fds):
        self.regions = []
        for i in range(struct.unpack_from('=I', payload)[0]):
            guest, size, user, offset = struct.unpack_from('=QQQQ', payload, 8 + 32 * i)
            view = memoryview(mmap.mmap(fds[i], size + offset))[offset:]
            self.regions.append((guest, user, size, view))

    def at(self, address, size):
        """Guest memory by its physical address."""
        for guest, _, length, view in self.regions:
            if guest <= address and address + size <= guest + length:
                return view[address - guest:address - guest + size]
        raise Confused(f'no memory at {address:#x}+{size}')

    def of_user(self, address, size):
        """By QEMU's own address."""
        for _, user, length, view in self.regions:
            if user <= address and address + size <= user + length:
                return view[address - user:address - user + size]
        raise Confused(f'no memory of QEMU at {address:#x}+{size}')


class Buffer:
    """What the driver gave: parts are (memory, does the device write it)."""
    __slots__ = ('head', 'parts', 'room', 'place', 'table')

    def __init__(self, head, place):
        self.head, self.place = head, place
        self.parts = []
        self.room = 0
        self.table = None       # memory of its descriptors, where they are in a table

    def part(self, view, written):
        self.parts.append((view, written))
        if written:
            self.room += len(view)

    def fill(self, data):
        """Write data from the first writable byte on; how many fitted."""
        done = 0
        for view, written in self.parts:
            if not written or done == len(data):
                continue
            n = min(len(view), len(data) - done)
            view[:n] = data[done:done + n]
            done += n
        return done

    def read(self):
        return b''.join(view for view, written in self.parts if not written)


class Queue:
    """A split ring. `tables`: heads whose descriptors were once scribbled on."""

    def __init__(self, index, memory):
        self.index, self.memory = index, memory
        self.kick = self.call = None
        self.size = self.last = self.used_idx = 0
        self.event_idx = False
        self.stop()

    def stop(self):
        self.desc = self.avail = self.used = None
        self.held = {}
        self.tables = {}

    def close_fd(self, which):
        if getattr(self, which) is not None:
            os.close(getattr(self, which))
        setattr(self, which, None)

    def start(self, desc, used, avail):
        self.desc = self.memory.of_user(desc, 16 * self.size)
        self.avail = self.memory.of_user(avail, 6 + 2 * self.size).cast('H')
        raw = self.memory.of_user(used, 6 + 8 * self.size)
        self.used = raw[4:4 + 8 * self.size]
        self.used_16 = raw.cast('H')
        self.held = {}
        self.tables = {}

    def ready(self):
        return self.used is not None and self.kick is not None

    def waiting(self):
        return (self.avail[1] - self.last) & 0xffff

    def want_kicks(self):
        """The driver kicks from here on; it may have added one meanwhile: look again."""
        if self.event_idx:
            self.used_16[2 + 4 * self.size] = self.last
        else:
            self.used_16[0] = 0

    def pop(self):
        if self.waiting() > self.size:
            raise Confused(f'queue {self.index}: its index is {self.avail[1]}, ours {self.last}')
        place = self.last % self.size
        head = self.avail[2 + place]
        if head >= self.size or head in self.held:
            raise Confused(f'queue {self.index}: buffer {head} at {self.last}')
        buffer = Buffer(head, self.last)
        self.last = (self.last + 1) & 0xffff
        self.held[head] = buffer
        address, length, flags, _ = DESC.unpack_from(self.desc, 16 * head)
        if head in self.tables or flags & F_INDIRECT:
            # what the driver writes once only is remembered: it may have been scribbled on
            address = self.tables.get(head, address)
            buffer.table = self.memory.at(address, length)
            self.walk_table(buffer, length // 16)
        else:
            self.walk(buffer, head)
        return buffer

    def walk_table(self, buffer, count):
        for i in range(count):
            address, length, flags, _ = DESC.unpack_from(buffer.table, 16 * i)
            buffer.part(self.memory.at(address, length), bool(flags & F_WRITE))

    def walk(self, buffer, at):
        for _ in range(self.size):
            address, length, flags, following = DESC.unpack_from(self.desc, 16 * at)
            buffer.part(self.memory.at(address, length), bool(flags & F_WRITE))
            if not flags & F_NEXT:
                return
            at = following
            if at >= self.size:
                break
        raise Confused(f'queue {self.index}: a chain without an end')

    def put(self, head, length):
        """A used entry, not yet shown."""
        USED.pack_into(self.used, 8 * (self.used_idx % self.size), head, length)
        self.used_idx = (self.used_idx + 1) & 0xffff

    def publish(self):
        self.used_16[1] = self.used_idx

    def signal(self):
        if self.call is not None:
            os.write(self.call, struct.pack('=Q', 1))


class Connection:
    """Answers QEMU; `device` has features, protocol, queues and config(offset, size)."""

    def __init__(self, sock, device):
        self.sock, self.device = sock, device
        self.memory = Memory()
        self.queues = [Queue(i, self.memory) for i in range(device.queues)]
        self.backend = None     # our own requests to QEMU
        self.waiting_config = False

    def receive(self):
        """One request; False when QEMU has hung up."""
        try:
            head, ancillary, _, _ = self.sock.recvmsg(12, socket.CMSG_SPACE(4 * 16))
        except ConnectionError:
            return False
        if len(head) < 12:
            return False
        fds = array.array('i')
        for _, _, data in ancillary:
            fds.frombytes(data[:len(data) - len(data) % 4])
        request, flags, size = struct.unpack('=III', head)
        payload = b''
        while len(payload) < size:
            payload += self.sock.recv(size - len(payload))
        reply = self.handle(request, payload, list(fds))
        if reply is None and flags & 8:
            reply = struct.pack('=Q', 0)
        if reply is not None:
            self.sock.sendall(struct.pack('=III', request, 5, len(reply)) + reply)
        return True

    def handle(self, request, payload, fds):
        number = struct.unpack_from('=Q', payload)[0] if len(payload) >= 8 else 0
        if request == GET_FEATURES:
            return struct.pack('=Q', self.device.features())
        if request == GET_PROTOCOL_FEATURES:
            return struct.pack('=Q', self.device.protocol)
        if request == GET_QUEUE_NUM:
            return struct.pack('=Q', len(self.queues))
        if request == GET_CONFIG:
            offset, size, flags = struct.unpack_from('=III', payload)
            self.waiting_config = False
            return struct.pack('=III', offset, size, flags) + self.device.config(offset, size)
        if request == SET_MEM_TABLE:
            self.memory.set(payload, fds)
        elif request == SET_FEATURES:
            for q in self.queues:
                q.event_idx = bool(number & EVENT_IDX)
            self.device.agreed = number
        elif request == SET_BACKEND_REQ_FD:
            self.backend = socket.socket(fileno=fds.pop())
        else:
            return self.of_queue(request, payload, number, fds)
        for fd in fds:
            os.close(fd)
        return None

    def of_queue(self, request, payload, number, fds):
        if not SET_VRING_NUM <= request <= SET_VRING_ERR:
            return None
        q = self.queues[number & 0xff]
        if request == SET_VRING_NUM:
            q.size = number >> 32
        elif request == SET_VRING_BASE:
            q.last = q.used_idx = number >> 32 & 0xffff
        elif request == SET_VRING_ADDR:
            _, _, desc, used, avail, _ = struct.unpack_from('=IIQQQQ', payload)
            q.start(desc, used, avail)
            self.device.begins(q)
        elif request == GET_VRING_BASE:
            q.stop()
            q.close_fd('kick')
            self.device.ends(q)
            return struct.pack('=II', q.index, q.last)
        elif request in (SET_VRING_KICK, SET_VRING_CALL):
            which = 'kick' if request == SET_VRING_KICK else 'call'
            q.close_fd(which)
            if fds:
                setattr(q, which, fds[0])
        else:
            for fd in fds:
                os.close(fd)
        return None

    def config_changed(self):
        """Tell QEMU, which reads it anew and tells the guest."""
        if self.backend is not None:
            self.waiting_config = True
            self.backend.sendall(struct.pack('=III', BACKEND_CONFIG_CHANGED, 1, 0))
