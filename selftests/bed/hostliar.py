# SPDX-License-Identifier: GPL-2.0
"""hostliar.py - devices that lie: each is a process (../liar/liar) behind vhost-user.

The machine needs memory that it can map: `# needs: shared`.
"""
import collections
import os
import random
import subprocess
import threading
import time

from vm import VMError

LIAR = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'liar', 'liar')
PATIENCE = 30


class Liar:
    """One process, from before its device is plugged until that is gone."""

    def __init__(self, path, log, kind, seed):
        self.log = log
        with open(log, 'ab') as f:
            # whoever kills us leaves no liar behind
            self.process = subprocess.Popen(['setpriv', '--pdeathsig', 'KILL', LIAR, path, kind],
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=f,
                                            text=True, bufsize=1)
        deadline = time.monotonic() + PATIENCE
        while not os.path.exists(path):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise VMError(f'the liar does not start: {self.last_words()}')
            time.sleep(0.02)
        self.ask(f'seed {seed}')

    def last_words(self):
        with open(self.log, encoding='utf-8', errors='replace') as f:
            return ' | '.join(f.read().splitlines()[-3:])

    def ask(self, order):
        # one that does not answer is killed, and then readline() ends
        dog = threading.Timer(PATIENCE, self.process.kill)
        dog.start()
        try:
            self.process.stdin.write(order + '\n')
            answer = self.process.stdout.readline().strip()
        except OSError:
            answer = ''
        finally:
            dog.cancel()
        if not answer:
            raise VMError(f'the liar has died: {self.last_words()}')
        if answer.startswith('ERR '):
            raise VMError(answer[4:])
        return answer

    def stop(self):
        """Its process, by its number."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Liars:
    def __init__(self, host):
        self.host, self.vm, self.machine = host, host.vm, host.machine
        self.liars = {}
        self.before = collections.defaultdict(collections.Counter)    # of those that are gone
        self.number = 0
        self.seed = int(os.environ.get('LIAR_SEED') or random.randrange(1 << 32))

    def plug(self, name, kind, options):
        if name in self.liars:
            raise LookupError(f'{name} is plugged already')
        self.number += 1
        if self.number == 1:
            print(f'  what liars do at random: LIAR_SEED={self.seed}', flush=True)
        path = os.path.join(self.machine.workdir, f'liar{self.number}')
        liar = Liar(path, os.path.join(self.machine.workdir, 'liars.log'), kind,
                    self.seed + self.number)
        try:
            if 'lie' in options:
                liar.ask('lie ' + ' '.join(options.pop('lie').split(',')))
            self.vm.qmp('chardev-add', {'id': 'liar-' + name, 'backend': {'type': 'socket', 'data': {
                'addr': {'type': 'unix', 'data': {'path': path}}, 'server': False}}})
            try:
                return self.add_device(name, kind, options, liar)
            except VMError:
                self.forget(name)
                raise
        except VMError as e:
            liar.stop()
            raise VMError(f'{e}; the liar: {liar.last_words()}') from None

    def forget(self, name):
        """What QEMU has beside the device; a netdev lives until its device is gone."""
        for command, kind in (('netdev_del', 'net-'), ('chardev-remove', 'liar-')):
            deadline = time.monotonic() + 5
            while True:
                try:
                    self.vm.qmp(command, {'id': kind + name})
                    break
                except VMError as e:
                    if 'busy' not in str(e) or time.monotonic() > deadline:
                        break
                    time.sleep(0.05)

    def add_device(self, name, kind, options, liar):
        if kind == 'net':
            self.vm.qmp('netdev_add', {'type': 'vhost-user', 'id': 'net-' + name,
                                       'chardev': 'liar-' + name})
            device = {**self.machine.slot(name, 'virtio-net'), 'netdev': 'net-' + name}
            if self.machine.road == 'pci':
                # QEMU 7.2 crashes when it unmasks a vector of such a card without KVM
                device['vectors'] = 0
        else:
            # a PCI function: there is none for channel I/O
            device = {**self.machine.slot(name, 'vhost-user-blk'), 'chardev': 'liar-' + name,
                      'num-queues': 1}
        device['id'] = name
        address = self.host.device_add(name, device, [f'{k}={v}' for k, v in options.items()])
        self.liars[name] = liar
        return address

    def lie(self, name, what, *count):
        if what == 'none':
            self.liars[name].ask('honest')
        else:
            self.liars[name].ask(' '.join(['lie', what, *count]))

    def told(self, name):
        state, counts = 'gone', collections.Counter(self.before[name])
        if name in self.liars:
            words = self.liars[name].ask('count').split()
            state = words[1]
            counts.update(self.counts(words))
        total = sum(n for what, n in counts.items() if what != 'confused')
        return f'{total} {state} ' + ' '.join(f'{k}={v}' for k, v in sorted(counts.items()))

    @staticmethod
    def counts(words):
        return {k: int(v) for k, v in (w.split('=') for w in words[2:])}

    def unplug(self, name, seconds):
        liar = self.liars[name]
        self.host.do_unplug(f'{name} {seconds}')
        self.before[name].update(self.counts(liar.ask('count').split()))
        self.forget(name)
        del self.liars[name]
        liar.stop()

    def close(self):
        for liar in self.liars.values():
            liar.stop()
        self.liars = {}
