# SPDX-License-Identifier: GPL-2.0
"""profile_table.py - where the instructions go, by function: for developers.

The guest leaves its table of symbols, gzipped, on a second disk: one at 0 with
the in-tree driver loaded, one at 32 MiB with virtbus loaded.
"""
import bisect
import zlib
from collections import defaultdict

from figures import read_guest

OFFSETS = {'in-tree': 0, 'virtbus': 32 << 20}
# What lies in no function of the kernel.
USER = '(user space)'


class Symbols:
    """Functions of one guest, by address."""

    def __init__(self, image, offset):
        with open(image, 'rb') as f:
            f.seek(offset)
            text = zlib.decompressobj(wbits=31).decompress(f.read(32 << 20)).decode()
        names = {}
        end = 0
        for line in text.splitlines():
            fields = line.split()
            if fields[1] in 'tTwW':
                names[int(fields[0], 16)] = ' '.join(fields[2:])
            if fields[2] == '_etext':
                end = int(fields[0], 16)
        self.addresses = sorted(names)
        self.names = names
        self.end = end

    def name(self, address):
        n = bisect.bisect_right(self.addresses, address) - 1
        if n < 0:
            return USER
        start = self.addresses[n]
        name = self.names[start]
        # modules have no end in the table; no function of theirs is this long
        if address - start > 65536 or (name == '_etext' and address >= self.end):
            return USER
        return name


def read_profiles(counts):
    """[{address: instructions}] of each phase, in order."""
    phases, marks = [], 0
    with open(counts, encoding='ascii') as f:
        for line in f:
            words = line.split()
            if words[0] == 'mark':
                marks += 1
                if marks % 2 == 0:
                    phases.append(defaultdict(int))
            else:
                phases[-1][int(words[1], 16)] += int(words[2])
    return phases


def by_function(guest, counts, image, rows):
    """{row: {who: {function: instructions an operation}}}"""
    phases, _ = read_guest(guest)
    profiles = read_profiles(counts)
    operations = {r.name: r.ops for r in rows}
    symbols = {who: Symbols(image, offset) for who, offset in OFFSETS.items()}
    result = defaultdict(lambda: defaultdict(lambda: defaultdict(float)))
    for n, (who, row, *_) in enumerate(phases):
        if who not in symbols:
            continue
        sign = 1 if n % 2 else -1       # the short run comes first
        visits = sum(1 for p in phases if p[:2] == (who, row)) / 2
        share = sign / operations[row] / visits
        for address, insns in profiles[n].items():
            result[row][who][symbols[who].name(address)] += share * insns
    return result


def show(guest, counts, image, kind, lines):
    result = by_function(guest, counts, image, kind.rows)
    for row in kind.rows:
        in_tree, virtbus = result[row.name]['in-tree'], result[row.name]['virtbus']
        print(f'\n{row.label}: instructions per operation, in-tree and virtbus')
        print(f'{sum(in_tree.values()):9.1f}{sum(virtbus.values()):9.1f}  in all')
        names = sorted(set(in_tree) | set(virtbus),
                       key=lambda f: -max(in_tree[f], virtbus[f]))
        for f in names[:lines]:
            print(f'{in_tree[f]:9.1f}{virtbus[f]:9.1f}  {f}')
