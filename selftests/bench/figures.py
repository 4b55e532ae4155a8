# SPDX-License-Identifier: GPL-2.0
"""figures.py - from what the plugin and the guest counted to a table."""
import re
from collections import defaultdict
from statistics import median

ROWS = (('randread', 1), ('read', 1), ('randread', 32), ('read', 32))
COLUMNS = ('in-tree', 'in-tree-default', 'virtbus', 'floor')


def read_counts(path):
    """(instructions, kicks) of each phase, in order: the plugin's half."""
    marks = []
    with open(path, encoding='ascii') as f:
        for line in f:
            if line.startswith('mark '):
                marks.append([int(n) for n in line.split()[1:]])
    if len(marks) % 2:
        raise ValueError(f'{path}: a phase has no end')
    return [(e[0] - b[0], e[1] - b[1]) for b, e in zip(marks[::2], marks[1::2])]


def read_guest(path):
    """(who, row, operations, interrupts) of each phase, and other notes: the guest's half."""
    phases, notes = [], {}
    with open(path, encoding='utf-8') as f:
        for line in f:
            m = re.match(r'\s*# BENCH (\S+) (\S+)(?: (\d+))?$', line)
            if m and m.group(3):
                rw, depth, ops = m.group(2).split('-')
                phases.append((m.group(1), (rw, int(depth)), int(ops), int(m.group(3))))
            elif m:
                notes[m.group(1)] = m.group(2)
    return phases, notes


def per_operation(guest, counts, ops):
    """{row: {who: [(instructions, kicks, interrupts) an operation, ..]}}"""
    phases, notes = read_guest(guest)
    measured = read_counts(counts)
    if len(phases) != len(measured):
        raise ValueError(f'{len(measured)} phases were counted and {len(phases)} reported')
    result = defaultdict(lambda: defaultdict(list))
    both = [(p, m + (p[3],)) for p, m in zip(phases, measured)]
    for (short, few), (long, many) in zip(both[::2], both[1::2]):
        if short[:2] != long[:2] or long[2] - short[2] != ops:
            raise ValueError(f'phases {short} and {long} are no pair')
        result[long[1]][long[0]].append(tuple((m - f) / ops for f, m in zip(few, many)))
    return result, notes


def spread(values):
    """Largest distance from the median, as a percentage."""
    return max(abs(v - median(values)) for v in values) / median(values) * 100


def cell(samples):
    insns, kicks, irqs = zip(*samples)
    return f'{median(insns):6.0f} ±{spread(insns):4.1f}% {median(kicks):5.3f} {median(irqs):5.3f}'


def check(result):
    """One request at a time is one kick: else the counting is wrong, or a driver is."""
    for who in ('in-tree', 'virtbus'):
        for rw, depth in ROWS:
            for _, kicks, irqs in result[(rw, depth)][who]:
                if depth == 1 and not 0.99 < kicks < 1.01:
                    raise ValueError(f'{who}, {rw} QD1: {kicks:.3f} kicks per operation')
                if not irqs:
                    raise ValueError(f'{who}, {rw} QD{depth}: no interrupts')


def line(row, samples, columns):
    text = f'{row[0]:9}QD{row[1]:<4}'
    for c in columns:
        text += f'{cell(samples[c]) if samples[c] else "-":<28}'
    if samples['virtbus'] and samples['in-tree']:
        ours, theirs = (median(s[0] for s in samples[c]) for c in ('virtbus', 'in-tree'))
        text += f'{ours / theirs:.3f}'
    return text.rstrip()


def show(guest, counts, ops, where):
    """Print the table; ValueError when the figures cannot be right."""
    result, notes = per_operation(guest, counts, ops)
    check(result)
    default = notes.get('elevator', '?')
    heads = {'in-tree': 'in-tree (none)', 'virtbus': 'virtbus', 'floor': 'null_blk',
             'in-tree-default': f'in-tree ({default})'}
    columns = [c for c in COLUMNS if any(c in result[r] for r in ROWS)]
    print(f'\n{where}: guest instructions, kicks, interrupts per operation; drivers: '
          + ', '.join(notes[n] for n in ('driver:in-tree', 'driver:virtbus') if n in notes))
    print(f'{"4K":15}' + ''.join(f'{heads[c]:<28}' for c in columns) + 'virtbus/in-tree')
    for row in ROWS:
        print(line(row, result[row], columns))
    if default == 'none':
        print("in-tree's default elevator is none here")
