# SPDX-License-Identifier: GPL-2.0
"""hostports.py - the host's ends of consoles and ports.

Each is a chardev of QEMU and, on our side, a socket with a thread that reads it
(unless it is told not to listen) and one that talks.
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
        address = os.path.join(vm.machine.workdir, name + '.port')
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(address)
            server.listen(1)
            server.settimeout(10)
            vm.qmp('chardev-add', {'id': name, 'backend': {'type': 'socket', 'data': {
                'addr': {'type': 'unix', 'data': {'path': address}}, 'server': False}}})
            self.sock = server.accept()[0]
        os.unlink(address)
        self.sock.settimeout(None)
        threading.Thread(target=self.hear, daemon=True).start()

    def hear(self):
        with open(self.path, 'wb', buffering=0) as f:
            while self.listening.wait():
                try:
                    data = self.sock.recv(PIECE)
                except OSError:
                    data = b''      # we have hung up
                if not data:
                    return
                f.write(data)

    def hang_up(self):
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
    """An end that only writes down what comes."""

    def __init__(self, vm, name):
        self.path = os.path.join(vm.machine.workdir, name + '.heard')
        vm.qmp('chardev-add', {'id': name, 'backend': {'type': 'file',
                                                       'data': {'out': self.path}}})


class Ports:
    def __init__(self, vm):
        self.vm = vm
        self.ports = {}

    def add(self, name, kind='socket'):
        self.ports[name] = {'socket': HostPort, 'file': HostFile}[kind](self.vm, name)

    def delete(self, name):
        self.vm.qmp('chardev-remove', {'id': name})
        del self.ports[name]

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
