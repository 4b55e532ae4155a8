# SPDX-License-Identifier: GPL-2.0
"""hostports.py - the host's ends of consoles and ports.

Each is a chardev of QEMU and, on our side, a socket with a thread that reads it
(unless it is told not to listen) and one that talks. A machine that goes on in another
QEMU connects from there before it leaves here.
"""
import hashlib
import os
import socket
import threading
import time

from vm import VMError

PIECE = 4096


class HostPort:
    """One end: keeps what it hears in a file."""

    def __init__(self, vm, name):
        self.path = os.path.join(vm.machine.workdir, name + '.heard')
        self.listening = threading.Event()
        self.listening.set()
        self.address = address = os.path.join(vm.machine.workdir, name + '.port')
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(address)
        self.server.listen(1)
        self.server.settimeout(10)
        try:
            vm.qmp('chardev-add', {'id': name, 'backend': {'type': 'socket', 'data': {
                'addr': {'type': 'unix', 'data': {'path': address}}, 'server': False}}})
            self.sock = self.server.accept()[0]
        except BaseException:
            self.close()
            raise
        self.server.settimeout(0)
        self.sock.settimeout(None)
        threading.Thread(target=self.hear, daemon=True).start()

    def close(self):
        """Nobody connects any more."""
        self.server.close()
        if os.path.exists(self.address):
            os.unlink(self.address)

    def hear(self):
        with open(self.path, 'wb', buffering=0) as f:
            while self.listening.wait():
                try:
                    data = self.sock.recv(PIECE)
                except OSError:
                    data = b''      # we have hung up
                if data:
                    f.write(data)
                elif not self.moved():
                    return

    def moved(self):
        """The other end is gone; has it connected from another QEMU?"""
        try:
            sock = self.server.accept()[0]
        except OSError:
            return False
        sock.settimeout(None)
        self.sock = sock
        return True

    def hang_up(self):
        self.close()
        self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()

    def talk(self, data):
        threading.Thread(target=self.send, args=(data,), daemon=True).start()

    def send(self, data):
        try:
            self.sock.sendall(data)
        except OSError:
            pass        # the machine has ended: the test says so


class HostFile:
    """An end that only writes down what comes; it does not go to another QEMU."""

    def __init__(self, vm, name):
        self.path = os.path.join(vm.machine.workdir, name + '.heard')
        vm.qmp('chardev-add', {'id': name, 'backend': {'type': 'file',
                                                       'data': {'out': self.path}}})

    def close(self):
        pass


class Ports:
    def __init__(self, vm):
        self.vm = vm
        self.ports = {}

    def add(self, name, kind='socket'):
        self.ports[name] = {'socket': HostPort, 'file': HostFile}[kind](self.vm, name)

    def delete(self, name):
        self.vm.qmp('chardev-remove', {'id': name})
        self.ports.pop(name).close()

    def hang_up(self, name):
        self.ports[name].hang_up()

    def heard(self, name, size, seconds):
        """The digest of the first `size` bytes, which come within `seconds`."""
        path = self.ports[name].path
        deadline = time.monotonic() + seconds
        while (there := os.path.getsize(path)) < size:
            if time.monotonic() > deadline:
                raise VMError(f'{there} bytes came, not {size}')
            time.sleep(0.02)
        with open(path, 'rb') as f:
            return hashlib.sha256(f.read(size)).hexdigest()

    def found(self, name, seconds, text):
        deadline = time.monotonic() + seconds
        while True:
            with open(self.ports[name].path, 'rb') as f:
                came = f.read()
            if text.encode() in came:
                return
            if time.monotonic() > deadline:
                raise VMError(f'"{text}" did not come within {seconds} s; last came {came[-200:]}')
            time.sleep(0.02)

    def bytes(self, name):
        return os.path.getsize(self.ports[name].path)

    def talk(self, name, size):
        """Begin to send random bytes; their digest."""
        data = os.urandom(size)
        self.ports[name].talk(data)
        return hashlib.sha256(data).hexdigest()

    def say(self, name, text):
        self.ports[name].talk(text.encode().decode('unicode_escape').encode('latin-1'))

    def listen(self, name, yes):
        port = self.ports[name]
        if yes:
            port.listening.set()
        else:
            port.listening.clear()
