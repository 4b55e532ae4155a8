# SPDX-License-Identifier: GPL-2.0
"""lies.py - what is wrong with a completion, one lie at a time or at random.

The names are those of the loop's faults (Documentation/faults.rst) where both have them.

At random: a *life* is from the start of the queues to their reset. In it each completion
comes with several wrong values that a driver has to live with, for it must not look there:
descriptors, tables and available entries that are not what it wrote, headers that it sent,
used entries that are not shown yet, flags, a status that does not exist. At last comes one
that it must not live with, and from then on the device is honest, until it is reset.
Each wrong value where the guest can read it is one lie, however long it is.
"""
import collections
import random
import struct
import time

import vhost

DELAY = 0.1
RING = ('id-range', 'id-wide', 'id-wrong', 'id-repeat', 'id-random', 'reorder', 'len-long', 'len-huge',
        'len-short', 'index-jump', 'index-back', 'index-ahead', 'silent', 'event-lost', 'delay',
        'io-error', 'status-garbage', 'status-missing', 'serial', 'scribble', 'changes')
CONFIG = ('config-lies', 'config-zero', 'config-random')
# a device without VERSION_1 is refused by QEMU
FEATURES = ('features-all', 'features-few')
IOMMU = 1 << 33        # QEMU has questions then
AT_ONCE = ('event-storm', 'config-storm', 'dies')
EVERY = 300     # completions of a life, about, when nothing else is said

FATAL = ('id-random', 'id-near', 'id-wrong', 'id-repeat', 'len-long', 'len-random', 'index-jump',
         'index-back', 'changes')
FATAL_DISK = FATAL + ('len-short',)
FATAL_RX = FATAL + ('buffers',)


class Liar:
    def __init__(self, seed=0):
        self.armed = {}         # (name, queue or None) -> how often still, 0: for ever
        self.told = collections.Counter()
        self.confused = 0
        self.random = None
        self.rng = random.Random(seed)
        self.kept = None

    def arm(self, what, count, every=EVERY):
        name, _, queue = what.partition('@')
        if name == 'random':
            self.honest()
            self.random = Random(self, count, every)
        else:
            self.armed[name, int(queue) if queue else None] = count

    def honest(self):
        self.armed = {}
        if self.random:
            self.random.flush(all_of_it=True)
        self.random = None

    def strikes(self, name, queue=None):
        for key in ((name, queue), (name, None)):
            if key in self.armed:
                self.armed[key] -= 1
                if self.armed[key] == 0:
                    del self.armed[key]
                self.count(name)
                return True
        return False

    def count(self, name):
        self.told[name] += 1
        if self.random:
            self.random.left -= 1

    def at_random(self):
        return self.random is not None and self.random.lies()

    def state(self):
        total = sum(self.told.values())
        if self.random is None:
            word = 'armed' if self.armed else 'honest'
        else:
            word = self.random.state()
        each = sorted(self.told.items()) + [('confused', self.confused)]
        return f'{total} {word} ' + ' '.join(f'{k}={v}' for k, v in each)

    def features(self, sane):
        if self.strikes('features-few'):
            return vhost.VERSION_1 | vhost.PROTOCOL
        return (1 << 64) - 1 - IOMMU if self.strikes('features-all') else sane

    def config(self, packed, size):
        """What is shown of the configuration, of which `size` bytes mean something."""
        if self.strikes('config-lies'):
            return b'\xff' * len(packed)
        if self.strikes('config-zero'):
            return bytes(len(packed))
        if self.strikes('config-random'):
            at = self.rng.randrange(size)
            junk = self.rng.randbytes(1 + self.rng.randrange(8))[:size - at]
            return packed[:at] + junk + packed[at + len(junk):]
        return packed

    def tell(self, queue, buffer, length, status):
        """A buffer goes back to the driver. `status`: memory of that byte, of a disk."""
        if self.at_random():
            self.random.keep(queue, buffer, length, status)
            return

        def strikes(name):
            return self.strikes(name, queue.index)
        if strikes('silent'):
            return
        if strikes('delay'):
            time.sleep(DELAY)
        another = queue.waiting() or len(queue.held) > 1
        if self.kept is None and another and strikes('reorder'):
            self.kept = (queue, buffer.head, length)
            return
        if status is not None and strikes('io-error'):
            status[0] = 1
            length = 1
        if status is not None and strikes('status-garbage'):
            status[0] = 0x5a
        if strikes('scribble'):
            scribble(queue, buffer, self.rng)
        entry = (self.lie_id(queue, buffer.head, strikes), self.lie_length(buffer, length, strikes))
        queue.held.pop(buffer.head, None)
        queue.put(*entry)
        if strikes('id-repeat'):
            queue.put(*entry)
        if self.kept is not None and self.kept[0] is queue:
            queue.held.pop(self.kept[1], None)
            queue.put(*self.kept[1:])
            self.kept = None
        self.show(queue, strikes)

    def lie_id(self, queue, head, strikes):
        if strikes('id-range'):
            return queue.size
        if strikes('id-wide'):
            return head + 0x10000
        if strikes('id-wrong'):
            return wrong_id(queue)
        if strikes('id-random'):
            return self.rng.randrange(queue.size, 1 << 32)
        return head

    @staticmethod
    def lie_length(buffer, length, strikes):
        if strikes('len-long'):
            return buffer.room + 1
        if strikes('len-huge'):
            return 0xffffffff
        if strikes('len-short'):
            return 0
        return length

    @staticmethod
    def show(queue, strikes):
        if strikes('index-jump'):
            queue.used_idx = (queue.used_idx + 40000) & 0xffff
        # behind all that the driver can have seen, wherever it is
        if strikes('index-back'):
            queue.used_idx = (queue.used_idx - queue.size - 2) & 0xffff
        if strikes('index-ahead'):
            queue.used_idx = (queue.used_idx + 1) & 0xffff
        queue.publish()
        if strikes('changes'):
            vhost.USED.pack_into(queue.used, 8 * ((queue.used_idx - 1) % queue.size),
                                 0xdeadbeef, 0xffffffff)
        if not strikes('event-lost'):
            queue.signal()


def wrong_id(queue):
    """A number that is in range, but no buffer of the device."""
    there = set(queue.held)
    for i in range(queue.waiting()):
        there.add(queue.avail[2 + (queue.last + i) % queue.size])
    # from the end: drivers use the first ones first
    return next((i for i in reversed(range(queue.size)) if i not in there), queue.size)


def scribble(queue, buffer, rng):
    """All over what the driver wrote for this buffer; it is not to look there again.

    How many places that were.
    """
    places = 0
    if buffer.table is not None:
        at = 16 * buffer.head
        if buffer.head not in queue.tables:
            queue.tables[buffer.head] = vhost.DESC.unpack_from(queue.desc, at)[0]
        queue.desc[at:at + 16] = rng.randbytes(16)
        buffer.table[:] = rng.randbytes(len(buffer.table))
        places += 2
    # its place in the available ring may be another's once as many were given back
    if (buffer.place - queue.used_idx) & 0xffff < 0x8000:
        queue.avail[2 + buffer.place % queue.size] = rng.randrange(1 << 16)
        places += 1
    return places


class Random:
    """All of it, as it comes; `count` lies in all, 0: without an end."""

    def __init__(self, liar, count, every):
        self.liar, self.rng = liar, liar.rng
        self.left = count or 1 << 62
        self.every = every
        self.batches = {}
        self.broken = ''
        self.begin()

    def begin(self):
        """A new life: how many completions until the lie that ends it."""
        self.until = 1 + self.rng.randrange(2 * self.every)
        self.broken = ''
        self.batches = {}

    def lies(self):
        return self.left > 0 and not self.broken

    def state(self):
        if self.broken:
            return 'over:' + self.broken
        return 'lying' if self.left > 0 else 'told'

    def keep(self, queue, buffer, length, status):
        self.batches.setdefault(queue, []).append((buffer, length, status))

    def flush(self, all_of_it=False):
        """The completions of this round go out, in any order; some are late, by a round."""
        for queue, batch in list(self.batches.items()):
            del self.batches[queue]
            if queue.used is None:
                continue        # it was reset meanwhile
            self.rng.shuffle(batch)
            if self.lies() and not all_of_it and self.rng.randrange(2):
                late = self.rng.randrange(len(batch))
                self.batches[queue], batch = batch[:late], batch[late:]
                if not late:
                    del self.batches[queue]
            for n, (buffer, length, status) in enumerate(batch):
                if self.lies():
                    self.harmless(queue, buffer, status, len(batch) - n)
                    self.until -= 1
                if self.lies() and self.until <= 0:
                    self.fatal(queue, buffer, length, status)
                else:
                    queue.put(buffer.head, length)
                # not before: the number of another one must be another one's
                queue.held.pop(buffer.head, None)
            self.flags(queue)
            queue.publish()
            if self.broken == 'changes':
                vhost.USED.pack_into(queue.used, 8 * ((queue.used_idx - 1) % queue.size),
                                     self.rng.randrange(1 << 32), self.rng.randrange(1 << 32))
            queue.signal()

    def harmless(self, queue, buffer, status, unsaid):
        rng, count = self.rng, self.liar.count
        if rng.randrange(2) and buffer.table is not None:
            for what in ('descriptor', 'table', 'avail-entry')[:scribble(queue, buffer, rng)]:
                count(what)
        # what the driver sent ahead of the data; the data are somebody's, and stay
        view, written = buffer.parts[0]
        if rng.randrange(2) and not written:
            view[:] = rng.randbytes(len(view))
            count('header-sent')
        if status is not None and not rng.randrange(4):
            status[0] = 1 + rng.randrange(255)
            count('status')
        # entries that are not shown; those that are may not have been read yet
        ahead = len(queue.held) - unsaid
        if ahead > 0 and rng.randrange(2):
            at = (queue.used_idx + unsaid + rng.randrange(ahead)) % queue.size
            vhost.USED.pack_into(queue.used, 8 * at, rng.randrange(1 << 32), rng.randrange(1 << 32))
            count('used-ahead')

    def flags(self, queue):
        """Kicks that are not wanted, or wanted at a wrong place: we look all the same."""
        if not self.lies():
            return
        if queue.event_idx:
            queue.used_16[2 + 4 * queue.size] = self.rng.randrange(1 << 16)
        else:
            queue.used_16[0] = self.rng.randrange(1 << 16)
        self.liar.count('flags')
        # the driver's own side of that
        queue.avail[0 if not queue.event_idx else 2 + queue.size] = self.rng.randrange(1 << 16)
        self.liar.count('avail-flags')

    def fatal(self, queue, buffer, length, status):
        if status is not None:
            choice = FATAL_DISK
        else:
            choice = FATAL if queue.index else FATAL_RX
        what = self.rng.choice(choice)
        self.liar.count('fatal-' + what)
        self.broken = what
        rng, head, size = self.rng, buffer.head, queue.size
        if what == 'len-short' and status is not None:
            status[0] = 0
            length = rng.randrange(buffer.room)
        elif what == 'buffers':
            # there are not as many behind it, or there is not even this one
            struct.pack_into('<H', buffer.parts[0][0], 10, rng.choice((0, 0x8000 + rng.randrange(0x8000))))
        head = {'id-random': rng.randrange(size, 1 << 32), 'id-near': size + rng.randrange(3),
                'id-wrong': wrong_id(queue) if what == 'id-wrong' else 0}.get(what, head)
        length = {'len-long': buffer.room + 1,
                  'len-random': rng.randrange(buffer.room + 1, 1 << 32)}.get(what, length)
        queue.put(head, length)
        if what == 'id-repeat':
            queue.put(head, length)
        elif what == 'index-jump':
            # past all that the driver has given, and will while this is read
            queue.used_idx = (queue.used_idx + 2 * size + rng.randrange(0x10000 - 4 * size)) & 0xffff
        elif what == 'index-back':
            queue.used_idx = (queue.used_idx - 2 * size - 2 - rng.randrange(size)) & 0xffff
