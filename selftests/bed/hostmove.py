# SPDX-License-Identifier: GPL-2.0
"""hostmove.py - the machine goes on in another QEMU, or with another kernel."""
import os
import shutil
import time

from vm import VMError

# A machine under load writes to its memory as fast as TCG copies it: it stands still for
# the rest when that takes no longer than this, in milliseconds.
DOWNTIME = 2000


def wait_migrated(vm, seconds):
    """Until all of its state is out of a machine; how long that took and it stood still, in ms."""
    deadline = time.monotonic() + seconds
    while True:
        said = vm.qmp('query-migrate')
        if said.get('status') == 'completed':
            return f"{said['total-time']} {said['downtime']}"
        if said.get('status') in ('failed', 'cancelled') or time.monotonic() > deadline:
            raise VMError(f"migration {said.get('status')}: {said.get('error-desc', 'no end')}")
        time.sleep(0.05)


def wait_running(vm, seconds):
    deadline = time.monotonic() + seconds
    while not vm.qmp('query-status')['running']:
        if time.monotonic() > deadline:
            raise VMError('the machine does not go on where it came to')
        time.sleep(0.02)


def migrate(vm, way):
    """way: there, straight into another QEMU; or file, by way of one. As wait_migrated()."""
    path = os.path.join(vm.machine.workdir, 'state')
    out, back = {'there': (f'unix:{path}', f'unix:{path}'),
                 'file': (f'exec:cat >{path}', f'exec:cat {path}')}[way]
    vm.qmp('migrate-set-parameters', {'downtime-limit': DOWNTIME, 'max-bandwidth': 1 << 32})
    if way == 'file':
        vm.qmp('migrate', {'uri': out})
        took = wait_migrated(vm, 120)
    other = vm.successor()
    try:
        other.qmp('migrate-incoming', {'uri': back})
        if way == 'there':
            vm.qmp('migrate', {'uri': out})
            took = wait_migrated(vm, 120)
        wait_running(other, 120)
    except BaseException:
        other.close()
        raise
    vm.become(other)
    if way == 'file':
        os.unlink(path)
    return took


def kernel_disk(vm, path):
    """An image with the kernel and the initramfs that the machine was started with."""
    with open(path, 'wb') as image:
        for name in vm.image:
            with open(name, 'rb') as f:
                shutil.copyfileobj(f, image)
        image.write(bytes(-image.tell() % 4096))
