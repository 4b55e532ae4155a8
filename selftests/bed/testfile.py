# SPDX-License-Identifier: GPL-2.0
"""testfile.py - what the head of a test file says that it needs.

The head is comment lines of the form `# key: value`:

	needs:	words: loop, pci or ccw (devices of the machine are that), fio, net, agent, perl, kexec,
		disks=2 or disks=64M,1G (at least these, named disk0, disk1, ..),
		shared: guest memory that a liar can map (hostliar.py), a boot of its own;
		free: the kernel's own driver has no device of the machine; a boot of
		its own where that driver is built in
	modules: the kernel's own modules to have at hand (ext4 null_blk ..)
	arch:	x86_64 or s390x; both when silent
	lane:	A (Debian's kernel) or B (debug kernel); both when silent
	machine: q35 or pc (x86_64), ccw or zpci (s390x: devices are channel I/O or PCI functions);
		q35 and ccw are the defaults; a boot of its own
	time:	seconds it takes on a quiet machine (10); eight times that is
		the time-out, and a time-out is a failure
	append:	words for the kernel's command line, s390x:WORD for one architecture
		only and A:WORD for one lane only; a boot of its own there
	qemu:	arguments for QEMU; a boot of its own
	memory:	MB of guest memory; a boot of its own
"""
import os
import re

from machine import MACHINES, road_of

KEYS = ('needs', 'modules', 'arch', 'lane', 'machine', 'time', 'append', 'qemu', 'memory')
DISK_SIZE = '64M'


class BadTest(Exception):
    """A test file that cannot be understood."""


def disk_sizes(text):
    return [DISK_SIZE] * int(text) if text.isdigit() else text.split(',')


class TestFile:
    def __init__(self, path):
        self.path = path
        self.name = re.sub(r'\.sh$', '', '/'.join(os.path.abspath(path).split('/')[-2:]))
        head = {}
        if not os.path.isfile(path):
            raise BadTest(f'there is no test file {path}')
        with open(path, encoding='utf-8') as f:
            for line in f:
                if not line.startswith('#'):
                    break
                m = re.match(r'#\s*(\w+):\s*(.*?)\s*$', line)
                if m and m.group(1) in KEYS:
                    head[m.group(1)] = m.group(2)
        self.archs = head.get('arch', 'x86_64 s390x').split()
        needs = head.get('needs', '').split()
        self.free = 'free' in needs
        self.shared = 'shared' in needs
        self.lanes = head.get('lane', 'A B').split()
        self.machine = head.get('machine')
        self.modules = head.get('modules', '').split()
        self.seconds = int(head.get('time', 10))
        self.append = head.get('append', '')
        self.qemu = head.get('qemu', '')
        self.memory = int(head.get('memory', 0))
        self.layers = ['base']
        self.disks = []
        self.road = None
        for word in needs:
            self.need(word)
        self.check()

    def need(self, word):
        if word in ('pci', 'ccw'):
            self.road = word
        elif word in ('fio', 'net', 'agent', 'perl', 'kexec'):
            self.layers.append(word)
        elif word.startswith('disks='):
            self.disks = disk_sizes(word[len('disks='):])
        elif word not in ('loop', 'free', 'shared'):
            raise BadTest(f'{self.path}: unknown word in "# needs:": {word}')

    def check(self):
        for a in self.archs:
            if a not in ('x86_64', 's390x'):
                raise BadTest(f'{self.path}: unknown architecture {a}')
        for lane in self.lanes:
            if lane not in ('A', 'B'):
                raise BadTest(f'{self.path}: unknown lane {lane}')
        if self.machine and self.machine not in MACHINES:
            raise BadTest(f'{self.path}: unknown machine {self.machine}')

    def runs_on(self, machine, lane):
        """On this machine, or on another one of its architecture that the head names."""
        own = self.machine or machine
        return (MACHINES[machine] in self.archs and MACHINES[own] == MACHINES[machine] and
                self.road in (None, road_of(own)) and lane in self.lanes)

    def settle(self, arch, lane, machine, in_tree):
        """What the head says for other architectures and lanes does not matter any more, nor
        what it does not say; in_tree(machine): an initcall that takes its devices, or ''.
        """
        self.machine = self.machine or machine
        words = [re.match('(?:(x86_64|s390x|A|B):)?(.*)', w).groups() for w in self.append.split()]
        self.append = ' '.join(w for a, w in words if a in (None, arch, lane))
        if self.machine == 'zpci':
            # QEMU's short names are channel devices on s390x
            self.qemu = re.sub(r'-device (virtio-[a-z0-9]+)(?=[, ]|$)', r'-device \1-pci', self.qemu)
        initcall = self.free and in_tree(self.machine)
        if initcall:
            self.append = f'{self.append} initcall_blacklist={initcall}'.strip()

    def shape(self):
        """Tests of one shape share a boot.

        A machine has at least the disks that a test asks for, but none where
        it asks for none: they would take the names ubd0, ubd1, ..
        """
        return (bool(self.disks), self.machine, self.append, self.qemu, self.memory, self.shared)
