# SPDX-License-Identifier: GPL-2.0
"""hostnet.py - the host's ends of network cards: files over TCP on the loopback.

A guest behind `-netdev user` reaches them as 10.0.2.2.
"""
import hashlib
import os
import socket
import threading

from vm import VMError


class Server:
    """One connection: sends random bytes, or keeps what comes."""

    def __init__(self, size=None):
        self.data = os.urandom(size) if size is not None else None
        self.digest = hashlib.sha256(self.data or b'')
        self.size = size or 0
        self.ended = threading.Event()
        self.sock = socket.create_server(('127.0.0.1', 0))
        self.port = self.sock.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with self.sock, self.sock.accept()[0] as conn:
            try:
                if self.data is not None:
                    conn.sendall(self.data)
                else:
                    self.keep(conn)
            except OSError:
                pass        # the guest has ended: the test says so
        self.ended.set()

    def keep(self, conn):
        while block := conn.recv(1 << 16):
            self.digest.update(block)
            self.size += len(block)


class Servers:
    def __init__(self):
        self.servers = {}

    def serve(self, size):
        """PORT and sha256 of what whoever connects there gets."""
        server = Server(size)
        return f'{server.port} {server.digest.hexdigest()}'

    def catch(self):
        """PORT that takes all that is sent to it."""
        server = Server()
        self.servers[server.port] = server
        return server.port

    def caught(self, port, seconds):
        """sha256 of what came, once the sender has closed."""
        server = self.servers.pop(port)
        if not server.ended.wait(seconds):
            raise VMError(f'{server.size} bytes came, and the connection is still open')
        return server.digest.hexdigest()
