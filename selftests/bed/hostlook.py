# SPDX-License-Identifier: GPL-2.0
"""hostlook.py - what the host's side of a device says: QEMU's, and that of a tap."""
import json
import re
import subprocess


def virtio_path(vm, name):
    """The virtio device behind the device `name`, in QEMU's tree of objects."""
    for device in vm.qmp('x-query-virtio'):
        if f'/{name}/' in device['path']:
            return device['path']
    raise LookupError(f'{name} is no virtio device')


def agreed(vm, name):
    """Names of the features that the driver has accepted, and of the bits of its status."""
    status = vm.qmp('x-query-virtio-status', {'path': virtio_path(vm, name)})
    features = status['guest-features']
    words = features['dev-features'] + features['transports'] + status['status']['statuses']
    return ' '.join(w.partition(':')[0] for w in words)


def rx_filter(vm, name):
    """What a card lets through, as JSON; the VLANs as ranges, for QEMU 10 begins with all 4096."""
    state, = vm.qmp('query-rx-filter', {'name': name})
    ranges = []
    for vlan in sorted(state['vlan-table']):
        if ranges and ranges[-1][1] == vlan - 1:
            ranges[-1][1] = vlan
        else:
            ranges.append([vlan, vlan])
    state['vlan-table'] = ','.join(f'{a}-{b}' if a < b else str(a) for a, b in ranges)
    return json.dumps(state)


def ring(vm, name, queue, field):
    """A field of x-query-virtio-queue-status, vring-num or used-idx for one."""
    return vm.qmp('x-query-virtio-queue-status',
                  {'path': virtio_path(vm, name), 'queue': int(queue)})[field]


def tap(interface, what):
    """tx_bytes and the like of an interface of the host, or whether it has a feature of ethtool -k.

    By programs that ask the network namespace: sysfs may be that of another.
    """
    if re.fullmatch('[rt]x_[a-z]*', what):
        way, _, field = what.partition('_')
        return json.loads(ask('ip', '-j', '-s', 'link', 'show', 'dev', interface))[0]['stats64'][way][field]
    for line in ask('ethtool', '-k', interface).splitlines():
        name, _, value = line.strip().partition(': ')
        if name == what:
            return value.split()[0]
    raise LookupError(f'{interface} has no feature {what}')


def ask(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def listens(port):
    """Does somebody here listen on this TCP port (of IPv4)?"""
    with open('/proc/net/tcp', encoding='ascii') as f:
        return any(line.split()[3] == '0A' and int(line.split()[1].rpartition(':')[2], 16) == int(port)
                   for line in list(f)[1:])
