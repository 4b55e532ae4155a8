# SPDX-License-Identifier: GPL-2.0
"""machine.py - the virtual machine of a boot, as arguments for QEMU.

Always TCG: a host's /dev/kvm may exist and still not run stock guests.
"""
import json
import os
import shlex

# TCG keeps what it has translated by address, virtual and physical. With random
# addresses each program is translated anew whenever it starts, and a page that
# held a program of a thousand starts takes seconds to be cleared.
FRUGAL = 'norandmaps'

# Places where devices can be plugged, cold and hot.
SLOTS = 8

# machine -> architecture; the first of each is its default
MACHINES = {'q35': 'x86_64', 'pc': 'x86_64', 'ccw': 's390x', 'zpci': 's390x'}


def default_machine(arch):
    return next(m for m, a in MACHINES.items() if a == arch)


def road_of(machine):
    """How a guest comes to the devices of a machine."""
    return 'ccw' if machine == 'ccw' else 'pci'


class Machine:
    def __init__(self, arch, workdir, machine, memory=512, disks=(), append='', qemu='',
                 shared=False):
        self.arch = arch
        self.workdir = workdir
        self.machine = machine
        self.road = road_of(machine)
        self.memory = memory
        self.append = append
        self.shared = shared    # its memory can be mapped by vhost-user's other end
        self.extra = shlex.split(qemu)
        self.used = {}          # slot -> device id
        self.disks = {}         # name -> path of its image
        self.cold = {}          # disks that are there from the start -> their properties
        self.launcher = []      # a command that runs QEMU, if it is not run directly
        for n, disk in enumerate(disks):
            self.image(f'disk{n}', disk)
            self.cold[f'disk{n}'] = None

    def image(self, name, disk):
        """The image of a disk: made with a size, or a file that exists."""
        if '/' in disk:
            self.disks[name] = disk
        else:
            path = os.path.join(self.workdir, name + '.img')
            unit = {'k': 1 << 10, 'M': 1 << 20, 'G': 1 << 30}.get(disk[-1], 1)
            size = int(disk[:-1] if unit > 1 else disk) * unit
            with open(path, 'wb') as f:
                f.truncate(size)
            self.disks[name] = path
        return self.disks[name]

    def blockdev(self, name):
        # on both: what is ignored by the upper node never comes to the lower one
        return {'driver': 'raw', 'node-name': name, 'discard': 'unmap',
                'file': {'driver': 'file', 'filename': self.disks[name], 'discard': 'unmap'}}

    def slot(self, device, kind='virtio-blk'):
        """Take a free slot for a device of a kind; its properties for device_add."""
        if device in self.used.values():
            raise LookupError(f'{device} is plugged already')
        n = next((i for i in range(SLOTS) if i not in self.used), None)
        if n is None:
            raise LookupError(f'all {SLOTS} slots of the machine are taken')
        self.used[n] = device
        if self.road == 'ccw':
            return {'driver': kind + '-ccw', 'devno': f'fe.0.{0x1000 + n:04x}'}
        if self.machine == 'zpci':
            # QEMU finds it a place: the first free one, as we do
            return {'driver': kind + '-pci'}
        if self.machine == 'pc':
            return {'driver': kind + '-pci', 'bus': 'pci.0', 'addr': hex(0x10 + n)}
        return {'driver': kind + '-pci', 'bus': f'rp{n}'}

    def free(self, device):
        self.used = {n: d for n, d in self.used.items() if d != device}

    def disk_device(self, name):
        return {**self.slot(name), 'id': name, 'drive': name, 'serial': name}

    def ccw_address(self, device):
        """Of a channel device: 0.0.DEVNO."""
        return next((f'0.0.{0x1000 + n:04x}' for n, d in self.used.items() if d == device), None)

    def control(self):
        """The guest's name of the control port."""
        return 'ttysclp0' if self.arch == 's390x' else 'ttyS1'

    def consoles(self, person):
        """Two serial lines: `con` is for people, `ctl` for the machine."""
        if person:
            return self.for_person()
        if self.arch == 's390x':
            return ['-device', 'sclplmconsole,chardev=con', '-device', 'sclpconsole,chardev=ctl']
        return ['-device', 'isa-serial,index=0,chardev=con',
                '-device', 'isa-serial,index=1,chardev=ctl']

    def for_person(self):
        """A serial line on their terminal for the kernel's messages, and on the same terminal a
        virtconsole for the shell, which gets what they type: QEMU gives that to whoever came last.
        And a network card.
        """
        devices = [{**self.slot('serial', 'virtio-serial'), 'id': 'serial'},
                   {'driver': 'virtconsole', 'bus': 'serial.0', 'chardev': 'con'},
                   {**self.slot('card', 'virtio-net'), 'netdev': 'card'}]
        a = ['-device', 'sclpconsole,chardev=con' if self.arch == 's390x'
             else 'isa-serial,chardev=con', '-netdev', 'user,id=card']
        for d in devices:
            a += ['-device', json.dumps(d)]
        return a

    def command_line(self, kernel, initrd, chardevs, person=False):
        console = 'ttysclp0' if person and self.arch == 's390x' else 'ttyS0'
        # TCG runs the string instructions that ERMS and FSRM recommend byte by
        # byte; a kernel that clears pages with them can stand still for a minute
        cpu = 'max,erms=off,fsrm=off' if self.arch == 'x86_64' else 'max'
        a = self.launcher + ['qemu-system-' + self.arch, '-accel', 'tcg', '-cpu', cpu, '-smp', '2',
             '-m', str(self.memory), '-nodefaults', '-no-user-config', '-no-reboot',
             '-display', 'none', '-kernel', kernel, '-initrd', initrd,
             '-append', f'console={console} panic=-1 oops=panic log_buf_len=4M '
             f'loglevel={4 if person else 5} {FRUGAL} ' + self.append]
        machine = 's390-ccw-virtio' if self.arch == 's390x' else self.machine
        if self.shared:
            a += ['-object', f'memory-backend-memfd,id=ram,size={self.memory}M,share=on']
            machine += ',memory-backend=ram'
        a += ['-M', machine]
        for c in chardevs:
            a += ['-chardev', c]
        if self.arch == 'x86_64' and self.machine == 'q35':
            for n in range(SLOTS):
                a += ['-device', f'pcie-root-port,id=rp{n},bus=pcie.0,addr={0x10 + n:#x},'
                      f'chassis={n + 1},slot={n + 1}']
        a += self.consoles(person)
        for name in self.cold:
            # another QEMU for the same machine has them in the same slots
            self.cold[name] = self.cold[name] or self.disk_device(name)
            a += ['-blockdev', json.dumps(self.blockdev(name))]
            a += ['-device', json.dumps(self.cold[name])]
        return a + self.extra
