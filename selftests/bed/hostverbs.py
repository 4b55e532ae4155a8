# SPDX-License-Identifier: GPL-2.0
"""hostverbs.py - what a test may ask of the host: `host VERB ARG..` in ktap.sh.

	qmp COMMAND [JSON]	any QMP command; answers with its result
	wait EVENT SECONDS [KEY=VALUE..]	a QMP event, also one already past
	disk NAME SIZE		make a disk image and its block node; plugs nothing
	plug NAME [KEY=VALUE..]	plug a disk into a free slot; answers its address
	unplug NAME [SECONDS]	device_del, and wait until it is gone (20 s)
	freed NAME		one that went by itself: its slot is free
	address NAME		bus address of a plugged disk, 0000:01:00.0 or 0.0.1000
	resize NAME SIZE	bytes
	stats NAME FIELD	a counter of query-blockstats, e.g. flush_operations
	sum NAME [BYTES]	sha256 of a disk's image, or of its first BYTES
	space NAME		bytes that it takes on the host, holes not counted
	attach NAME KIND [KEY=VALUE..]	plug another device, virtio-serial for one, into a free slot
	port NAME [file]	the host's end of a console or port: a chardev, and who hears it;
				file: written down by QEMU itself, for what drops output
	unport NAME		forget it
	heard NAME BYTES [SECONDS]	sha256 of the first BYTES that came there, within SECONDS (10)
	found NAME SECONDS TEXT	wait until TEXT comes there
	bytes NAME		how many came so far
	talk NAME BYTES		begin to send random bytes; answers their sha256
	type NAME TEXT		send TEXT, in which \\r is a return
	listen NAME yes|no	no: leave there what comes, until yes
	agent NAME COMMAND [JSON]	what qemu-guest-agent behind NAME answers
	agentfile NAME PATH BYTES	sha256 of a file of the guest, read through it
	nic NAME BACKEND[,KEY=VALUE..] [KEY=VALUE..]	plug a network card with its other end on the
				host (user, socket, tap, hubport), into a free slot; answers its address
	unnic NAME		take both
	serve BYTES		a TCP port of the loopback that gives random bytes; answers it and their sha256
	catch			one that takes what is sent; answers it
	caught PORT [SECONDS]	sha256 of that, once the sender has closed (30)
	agreed NAME		the features that the driver of a device has accepted, and its status
	filter NAME		what a network card lets through, query-rx-filter; the VLANs as "0-4095" or "7,9"
	ring NAME QUEUE FIELD	what QEMU knows of a queue: vring-num, used-idx ..
	tap INTERFACE WHAT	a counter or a feature (of ethtool -k) of an interface of the host
	hangup NAME		the host's end of a console or port closes
	liar NAME blk|net [lie=WHAT[,COUNT]] [KEY=VALUE..]	plug a device that lies when told to
				(../liar/liar), blk over PCI only; answers its address
	lie NAME WHAT [COUNT [EVERY]]	what it lies about next; none: about nothing
	lies NAME		how many it told, under this name; its state; how many of each
	unliar NAME [SECONDS]	unplug it (20 s), and stop it
	migrate there|file	the machine goes on in another QEMU, straight or by way of a file;
				answers how many ms that took, and it stood still
	kernel NAME		a disk image, as disk makes one: the machine's kernel, then its initramfs
	kernelsize		the sizes of these two
	die NAME TEXT		the machine dies now: this is the last point of the test, and holds
				when TEXT came to the host's end NAME
	stop NAME..		the machine stops now, or starts anew: this is the last point of the test,
				and holds when these devices have been reset by then, and no disk's user
				has seen an error
	asleep VERB ARG..	any of these, when the machine has gone to sleep; nobody hears its answer
	say TEXT		show a line to whoever runs the tests
"""
import hashlib
import json
import os
import sys
import threading

import hostlook
import hostmove
from hostagent import Agent
from hostliar import Liars
from hostnet import Servers
from hostports import Ports
from vm import VMError

# The control port has no flow control: what is longer than its buffers may be lost.
LONGEST = 3500


class Host:
    def __init__(self, vm):
        self.vm = vm
        self.machine = vm.machine
        self.ports = Ports(vm)
        self.agents = {}
        self.servers = Servers()
        self.liars = Liars(self)
        self.last_words = None      # of a machine that ends: what to wait for; the text of the point
        self.dreams = []            # what is done when the machine sleeps
        self.turn = threading.RLock()   # one at a time talks to QEMU

    def close(self):
        """The machine has ended."""
        self.liars.close()

    def answer(self, request):
        """The reply line for a request line."""
        verb, _, rest = request.partition(' ')
        method = getattr(self, 'do_' + verb, None)
        if method is None:
            return f'ERR no such verb: {verb}'
        try:
            if verb == 'asleep':
                reply = method(rest)
            else:
                with self.turn:
                    reply = method(rest)
        except (VMError, LookupError, ValueError, OSError) as e:
            return 'ERR ' + ' '.join(str(e).split())[:LONGEST]
        if len(str(reply)) > LONGEST:
            return f'ERR the answer has {len(str(reply))} bytes: too many for the control port'
        return 'OK' if reply is None else f'OK {reply}'

    def do_asleep(self, rest):
        self.dreams.append(rest)
        if len(self.dreams) == 1:
            began = threading.Event()
            threading.Thread(target=self.dream, args=(began,), daemon=True).start()
            began.wait()

    def dream(self, began):
        """Who asked for it is asleep soon; who asks for more before that waits."""
        with self.turn:
            self.vm.qmp('query-status')     # what was before comes before its answer
            self.vm.events = [e for e in self.vm.events if e['event'] != 'SUSPEND']
            began.set()
            try:
                self.vm.wait_event('SUSPEND', {}, 60)
            except VMError:
                self.dreams.clear()     # it stays awake: the test says so
            while self.dreams:
                line = self.dreams.pop(0)
                answer = self.answer(line)
                if not answer.startswith('OK'):
                    print(f'  asleep: {line}: {answer}', flush=True)

    def do_qmp(self, rest):
        command, _, arguments = rest.partition(' ')
        return json.dumps(self.vm.qmp(command, json.loads(arguments) if arguments else None))

    def do_wait(self, rest):
        name, seconds, *match = rest.split()
        return json.dumps(self.vm.wait_event(name, dict(m.split('=', 1) for m in match),
                                             float(seconds)))

    def do_disk(self, rest):
        name, size = rest.split()
        self.machine.image(name, size)
        self.vm.qmp('blockdev-add', self.machine.blockdev(name))

    def do_kernel(self, rest):
        name = rest.strip()
        path = os.path.join(self.machine.workdir, name + '.img')
        hostmove.kernel_disk(self.vm, path)
        self.machine.image(name, path)
        self.vm.qmp('blockdev-add', self.machine.blockdev(name))

    def do_kernelsize(self, _rest):
        return ' '.join(str(os.path.getsize(path)) for path in self.vm.image)

    def do_migrate(self, rest):
        return hostmove.migrate(self.vm, rest.strip())

    def do_plug(self, rest):
        name, *options = rest.split()
        return self.device_add(name, self.machine.disk_device(name), options)

    def do_attach(self, rest):
        name, kind, *options = rest.split()
        return self.device_add(name, {**self.machine.slot(name, kind), 'id': name}, options)

    def device_add(self, name, device, options):
        try:
            device.update(self.typed(device['driver'], dict(o.split('=', 1) for o in options)))
            self.vm.qmp('device_add', device)
        except VMError:
            self.machine.free(name)
            raise
        return self.address(name)

    def typed(self, driver, options):
        """The same as QEMU has wanted it since 9.2: switches and numbers are no strings."""
        kinds = {p['name']: p['type'] for p in
                 self.vm.qmp('device-list-properties', {'typename': driver})} if options else {}
        for key, value in options.items():
            kind = kinds.get(key, '')
            if kind == 'bool':
                options[key] = value in ('on', 'true')
            elif kind.startswith(('int', 'uint', 'size')):
                options[key] = int(value)
        return options

    def do_unplug(self, rest):
        name, seconds = (rest.split() + ['20'])[:2]
        self.vm.qmp('device_del', {'id': name})
        self.vm.wait_event('DEVICE_DELETED', {'device': name}, float(seconds))
        self.machine.free(name)

    def do_freed(self, rest):
        self.machine.free(rest.strip())

    def do_address(self, rest):
        return self.address(rest.strip())

    def address(self, name):
        if self.machine.road == 'ccw':
            found = self.machine.ccw_address(name)
        elif self.machine.arch == 's390x':
            found = self.zpci_address(name)
        else:
            found = self.pci_address(name)
        if not found:
            raise LookupError(f'no device {name} is plugged')
        return found

    def zpci_address(self, name):
        """A PCI domain of its own, numbered by a device that QEMU adds to each."""
        for path in ('/machine/unattached', '/machine/peripheral-anon', '/machine/peripheral'):
            for item in self.vm.qmp('qom-list', {'path': path}):
                if item['type'] != 'child<zpci>':
                    continue
                zpci = f"{path}/{item['name']}"
                if self.vm.qmp('qom-get', {'path': zpci, 'property': 'target'}) == name:
                    uid = self.vm.qmp('qom-get', {'path': zpci, 'property': 'uid'})
                    return f'{uid:04x}:00:00.0'
        return None

    def pci_address(self, name):
        todo = [d for bus in self.vm.qmp('query-pci') for d in bus['devices']]
        while todo:
            d = todo.pop()
            if d['qdev_id'] == name:
                return f"0000:{d['bus']:02x}:{d['slot']:02x}.{d['function']}"
            todo += d.get('pci_bridge', {}).get('devices', [])
        return None

    def do_resize(self, rest):
        name, size = rest.split()
        self.vm.qmp('block_resize', {'node-name': name, 'size': int(size)})

    def do_stats(self, rest):
        name, field = rest.split()
        for device in self.vm.qmp('query-blockstats'):
            if device.get('node-name') == name or name in device.get('qdev', '').split('/'):
                return device['stats'][field]
        raise LookupError(f'no disk {name}')

    def do_sum(self, rest):
        name, _, size = rest.strip().partition(' ')
        digest, left = hashlib.sha256(), int(size or 1 << 62)
        with open(self.machine.disks[name], 'rb') as f:
            while block := f.read(min(left, 1 << 20)):
                digest.update(block)
                left -= len(block)
        return digest.hexdigest()

    def do_space(self, rest):
        return os.stat(self.machine.disks[rest.strip()]).st_blocks * 512

    def do_port(self, rest):
        self.ports.add(*rest.split())

    def do_unport(self, rest):
        self.ports.delete(rest.strip())

    def do_heard(self, rest):
        name, size, seconds = (rest.split() + ['10'])[:3]
        return self.ports.heard(name, int(size), float(seconds))

    def do_found(self, rest):
        name, seconds, text = rest.split(' ', 2)
        self.ports.found(name, float(seconds), text)

    def do_bytes(self, rest):
        return self.ports.bytes(rest.strip())

    def do_talk(self, rest):
        name, size = rest.split()
        return self.ports.talk(name, int(size))

    def do_type(self, rest):
        self.ports.say(*rest.split(' ', 1))

    def do_listen(self, rest):
        name, yes = rest.split()
        self.ports.listen(name, yes == 'yes')

    def agent(self, name):
        return self.agents.setdefault(name, Agent(self.ports.ports[name]))

    def do_agent(self, rest):
        name, command, arguments = (rest.split(' ', 2) + [''])[:3]
        return json.dumps(self.agent(name).ask(command, json.loads(arguments or 'null')))

    def do_agentfile(self, rest):
        name, path, size = rest.split()
        return self.agent(name).digest(path, int(size))

    def do_nic(self, rest):
        name, backend, *options = rest.split()
        kind, *keys = backend.split(',')
        netdev = {'type': kind, 'id': 'net-' + name, **dict(k.split('=', 1) for k in keys)}
        if 'connect' in netdev and not hostlook.listens(netdev['connect'].rpartition(':')[2]):
            # QEMU would not notice, and the card lead to nowhere
            raise LookupError(f"nobody listens at {netdev['connect']} yet")
        for number in ('queues', 'hubid'):
            if number in netdev:
                netdev[number] = int(netdev[number])
        for switch in ('vhost', 'vnet_hdr'):
            if switch in netdev:
                netdev[switch] = netdev[switch] == 'on'
        self.vm.qmp('netdev_add', netdev)
        try:
            return self.device_add(name, {**self.machine.slot(name, 'virtio-net'), 'id': name,
                                          'netdev': 'net-' + name}, options)
        except VMError:
            self.vm.qmp('netdev_del', {'id': 'net-' + name})
            raise

    def do_unnic(self, rest):
        name = rest.strip()
        self.do_unplug(rest)
        self.vm.qmp('netdev_del', {'id': 'net-' + name})

    def do_serve(self, rest):
        return self.servers.serve(int(rest))

    def do_catch(self, _rest):
        return self.servers.catch()

    def do_caught(self, rest):
        port, seconds = (rest.split() + ['30'])[:2]
        return self.servers.caught(int(port), float(seconds))

    def do_agreed(self, rest):
        return hostlook.agreed(self.vm, rest.strip())

    def do_filter(self, rest):
        return hostlook.rx_filter(self.vm, rest.strip())

    def do_ring(self, rest):
        return hostlook.ring(self.vm, *rest.split())

    @staticmethod
    def do_tap(rest):
        return hostlook.tap(*rest.split())

    def do_liar(self, rest):
        name, kind, *options = rest.split()
        return self.liars.plug(name, kind, dict(o.split('=', 1) for o in options))

    def do_lie(self, rest):
        name, *order = rest.split()
        self.liars.lie(name, *order)

    def do_lies(self, rest):
        return self.liars.told(rest.strip())

    def do_unliar(self, rest):
        name, seconds = (rest.split() + ['20'])[:2]
        self.liars.unplug(name, float(seconds))

    def do_hangup(self, rest):
        self.ports.hang_up(rest.strip())

    def do_die(self, rest):
        name, text = rest.split(' ', 1)

        def found(seconds):
            self.ports.found(name, seconds, text)
            return f'the host has its last words: {text}'
        self.last_words = found

    def do_stop(self, rest):
        def silent(seconds):
            self.vm.wait_event('SHUTDOWN', {}, seconds)
            for name in rest.split():
                words = hostlook.agreed(self.vm, name)
                if 'VIRTIO_CONFIG_S' in words:
                    raise VMError(f'the machine has stopped, and {name} has a driver: {words}')
            with open(self.vm.log.name, encoding='utf-8', errors='replace') as f:
                errors = [line.strip() for line in f if 'I/O error' in line]
            if errors:
                raise VMError(f'the machine has stopped, but a user saw: {errors[0]}')
            return f'these are reset when the machine stops, and nobody saw an error: {rest}'
        self.vm.qmp('set-action', {'shutdown': 'pause'})
        self.last_words = silent

    @staticmethod
    def do_say(rest):
        print(rest, flush=True)
        sys.stdout.flush()
