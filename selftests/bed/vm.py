# SPDX-License-Identifier: GPL-2.0
"""vm.py - a running QEMU: its console, its control port, its QMP.

QEMU connects to three sockets that exist before it starts, so nothing has to be
waited for.  Whatever ends badly (time-out, early death) is a VMError.
"""
import json
import os
import select
import socket
import subprocess
import tempfile
import threading
import time


class VMError(Exception):
    """The machine died, hangs, or refused a command."""


class Lines:
    """A socket read line by line."""

    def __init__(self, sock):
        self.sock = sock
        self.buffer = b''
        self.closed = False

    def get(self, deadline):
        """The next line, or None when the other end is gone."""
        while b'\n' not in self.buffer:
            if self.closed:
                return None
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.sock], [], [], left)[0]:
                raise VMError('time-out')
            try:
                data = self.sock.recv(65536)
            except ConnectionError:
                data = b''
            self.closed = not data
            self.buffer += data
        line, self.buffer = self.buffer.split(b'\n', 1)
        return line.decode('utf-8', 'replace').rstrip('\r')

    def follow(self, other):
        """What came there, and was not read, comes first; its other end is gone."""
        try:
            while data := other.sock.recv(65536):
                other.buffer += data
        except ConnectionError:
            pass
        self.buffer = other.buffer + self.buffer

    def put(self, text):
        try:
            self.sock.sendall(text.encode() + b'\n')
        except OSError:
            pass        # the machine died: the next get() says so


class Plugged:
    """What a machine has got since it was started, in order, as QMP commands."""
    ADD = {'blockdev-add': 'node-name', 'chardev-add': 'id', 'netdev_add': 'id', 'device_add': 'id'}
    DELETE = {'blockdev-del': 'blockdev-add', 'chardev-remove': 'chardev-add',
              'netdev_del': 'netdev_add'}

    def __init__(self):
        self.all = []

    def note(self, command, arguments):
        if command in self.ADD:
            self.all.append((command, arguments))
        elif command in self.DELETE:
            key = self.ADD[self.DELETE[command]]
            self.forget(self.DELETE[command], arguments[key])

    def note_event(self, event):
        if event['event'] == 'DEVICE_DELETED':
            self.forget('device_add', event['data'].get('device'))

    def forget(self, add, name):
        self.all = [(c, a) for c, a in self.all if c != add or a.get(self.ADD[add]) != name]


class VM:
    def __init__(self, machine, kernel, initrd, log, echo=None, more=()):
        self.machine = machine
        self.image = (kernel, initrd)
        self.events = []
        self.plugged = Plugged()
        self.log = open(log, 'ab')
        self.echo = echo
        place = tempfile.mkdtemp(dir=machine.workdir)
        names = ('con', 'ctl', 'qmp')
        servers = {n: self.listen(os.path.join(place, n)) for n in names}
        chardevs = [f'socket,id={n},path={place}/{n}' for n in names]
        command = machine.command_line(kernel, initrd, chardevs)
        command += ['-mon', 'chardev=qmp,mode=control', *more]
        self.log.write((' '.join(command) + '\n').encode())
        self.log.flush()
        # whoever kills us, with whatever signal, leaves no machine behind
        command = ['setpriv', '--pdeathsig', 'KILL'] + command
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                            stdout=self.log, stderr=subprocess.STDOUT)
        except FileNotFoundError:
            raise VMError(f'{command[0]} is not installed: run selftests/bed/setup') from None
        try:
            conns = {n: self.accept(servers[n]) for n in names}
            self.control = Lines(conns['ctl'])
            self.monitor = Lines(conns['qmp'])
            self.drain = threading.Thread(target=self.copy_console, args=(conns['con'],))
            self.drain.start()
            self.monitor.get(time.monotonic() + 30)     # the greeting
            self.qmp('qmp_capabilities')
        except BaseException:
            self.process.kill()
            raise

    @staticmethod
    def listen(path):
        s = socket.socket(socket.AF_UNIX)
        s.bind(path)
        s.listen(1)
        s.settimeout(1)
        return s

    def accept(self, server):
        for _ in range(60):
            try:
                return server.accept()[0]
            except socket.timeout:
                if self.process.poll() is not None:
                    raise VMError('QEMU did not start: see the log') from None
        raise VMError('QEMU does not open its sockets')

    def copy_console(self, sock):
        """The console is only kept (and shown): a guest never waits for it."""
        sock.settimeout(None)
        while True:
            try:
                data = sock.recv(65536)
            except OSError:
                data = b''
            if not data:
                return
            self.log.write(data)
            self.log.flush()
            if self.echo:
                self.echo.write(data.replace(b'\r', b''))
                self.echo.flush()

    def qmp(self, command, arguments=None, timeout=60):
        """Run a QMP command; its result, or VMError with QEMU's words."""
        request = {'execute': command}
        if arguments:
            request['arguments'] = arguments
        self.monitor.put(json.dumps(request))
        while True:
            reply = self.next_reply(time.monotonic() + timeout)
            if 'return' in reply:
                self.plugged.note(command, arguments)
                return reply['return']
            if 'error' in reply:
                raise VMError(reply['error']['desc'])

    def next_reply(self, deadline):
        line = self.monitor.get(deadline)
        if line is None:
            raise VMError('QEMU is gone')
        reply = json.loads(line)
        if 'event' in reply:
            self.events.append(reply)
            self.plugged.note_event(reply)
        return reply

    def wait_event(self, name, match, timeout):
        """Wait for an event, or take one that came already; its data."""
        deadline = time.monotonic() + timeout
        while True:
            for e in self.events:
                data = e.get('data', {})
                if e['event'] == name and all(str(data.get(k)) == v for k, v in match.items()):
                    self.events.remove(e)
                    return data
            try:
                self.next_reply(deadline)
            except VMError as e:
                raise VMError(f'no {name} within {timeout} s ({e})') from None

    def successor(self):
        """Another QEMU for the same machine, which waits to be told how it goes on (hostmove.py)."""
        other = VM(self.machine, *self.image, self.log.name, self.echo,
                   ('-incoming', 'defer'))
        try:
            for command, arguments in self.plugged.all:
                other.qmp(command, arguments)
        except BaseException:
            other.close()
            raise
        return other

    def become(self, other):
        """The machine is in there now. What it said last, here, comes before what it says there."""
        self.process.kill()
        self.process.wait()
        self.drain.join(10)
        other.control.follow(self.control)
        self.process, self.drain = other.process, other.drain
        self.control, self.monitor = other.control, other.monitor
        self.events, self.plugged = other.events, other.plugged

    def cpu_seconds(self):
        """Seconds of a processor that QEMU has taken, its translations included."""
        try:
            with open(f'/proc/{self.process.pid}/stat', encoding='ascii') as f:
                fields = f.read().rpartition(')')[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def wait_exit(self, seconds):
        """Exit status of QEMU once the guest has powered off; None when it does not."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.drain.join(10)
        self.log.close()
