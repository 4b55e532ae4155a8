# SPDX-License-Identifier: GPL-2.0
"""figures.py - from what the plugin and the guest counted to a table."""
import os
import re
from collections import defaultdict
from statistics import median

HEADS = {'in-tree': 'in-tree', 'virtbus': 'virtbus', 'floor': 'null_blk'}


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
    """(who, row, operations, interrupts, bytes moved) of each phase, and other notes:
    the guest's half; bytes are 0 where it counts none."""
    phases, notes = [], {}
    with open(path, encoding='utf-8') as f:
        for line in f:
            m = re.match(r'\s*# BENCH (\S+) (\S+)(?: (\d+)(?: (\d+))?)?$', line)
            if m and m.group(3):
                row, ops = m.group(2).rsplit('-', 1)
                phases.append((m.group(1), row, int(ops), int(m.group(3)), int(m.group(4) or 0)))
            elif m:
                notes[m.group(1)] = m.group(2)
    return phases, notes


def check_moved(row, phase):
    """All of it passed, and little else. What begins and ends a phase is some packets, too."""
    who, _, ops, _, moved = phase
    if row.moved and not row.moved[0] * ops <= moved <= row.moved[1] * ops + 10000:
        raise ValueError(f'{who}, {row.label}: {moved} bytes in {ops} operations')


def per_operation(guest, counts, rows):
    """{row: {who: [(instructions, kicks, interrupts) an operation, ..]}}"""
    phases, notes = read_guest(guest)
    measured = read_counts(counts)
    if len(phases) != len(measured):
        raise ValueError(f'{len(measured)} phases were counted and {len(phases)} reported')
    by_name = {r.name: r for r in rows}
    result = defaultdict(lambda: defaultdict(list))
    both = [(p, m + p[3:4]) for p, m in zip(phases, measured)]
    for (short, few), (long, many) in zip(both[::2], both[1::2]):
        row = by_name[long[1]]
        if short[:2] != long[:2] or (short[2], long[2]) != (row.few, row.many):
            raise ValueError(f'phases {short} and {long} are no pair')
        check_moved(row, short)
        check_moved(row, long)
        if not row.silent and not long[3] and long[0] in ('in-tree', 'virtbus'):
            raise ValueError(f'{long[0]}, {row.label}: no interrupts')
        result[row.name][long[0]].append(tuple((m - f) / row.ops for f, m in zip(few, many)))
    return result, notes


def spread(values):
    """Largest distance from the median, as a percentage."""
    return max(abs(v - median(values)) for v in values) / median(values) * 100


def cell(samples, divisor):
    insns, kicks, irqs = zip(*samples)
    # no "-0.000"
    kick, irq = (round(median(v) / divisor, 3) + 0.0 for v in (kicks, irqs))
    return f'{median(insns) / divisor:6.0f} ±{spread(insns):4.1f}% {kick:5.3f} {irq:5.3f}'


def check(result, rows):
    """What cannot be: the counting is wrong then, or a driver is."""
    for row in rows:
        for who in ('in-tree', 'virtbus'):
            samples = result[row.name][who]
            # two processors pass the time in ways that differ by more than a short row
            # costs: one visit may be nonsense, which ± shows, and not most of them
            if samples and median(s[0] for s in samples) < 1:
                raise ValueError(f'{who}, {row.label}: less than an instruction per operation')
            for _, kicks, irqs in samples:
                for what, value, (least, most) in (('kicks', kicks, row.kicks),
                                                   ('interrupts', irqs, row.irqs)):
                    if not least <= value <= most:
                        raise ValueError(f'{who}, {row.label}: {value:.3f} {what} per operation, '
                                         f'not {least} to {most}')


def check_heard(guest, rows, work):
    """What the guest has written is what the host has heard, to the byte."""
    rows = {r.name: r for r in rows if r.heard}
    written = defaultdict(int)
    for _, name, ops, *_ in read_guest(guest)[0]:
        if name in rows:
            written[rows[name].heard[0]] += ops * rows[name].heard[1]
    for file, size in written.items():
        if os.path.getsize(os.path.join(work, file)) != size:
            raise ValueError(f'{size} bytes were written to {file}, and '
                             f'{os.path.getsize(os.path.join(work, file))} came')


def line(label, width, samples, columns, divisor=1):
    text = f'{label:{width}}'
    for c in columns:
        text += f'{cell(samples[c], divisor) if samples[c] else "-":<28}'
    if samples['virtbus'] and samples['in-tree']:
        ours, theirs = (median(s[0] for s in samples[c]) for c in ('virtbus', 'in-tree'))
        text += f'{ours / theirs:.3f}'
    return text.rstrip()


def settings(notes):
    """What is not set alike by default, as the guest has noted it."""
    for name in sorted(n[4:-len(':virtbus')] for n in notes if re.match('set:.*:virtbus$', n)):
        theirs, ours = (notes.get(f'set:{name}:{who}', '?') for who in ('in-tree', 'virtbus'))
        print(f'  differs by default: {name}: in-tree {theirs}, virtbus {ours}')


def show(guest, counts, kind, work, where):
    """Print the table; ValueError when the figures cannot be right."""
    result, notes = per_operation(guest, counts, kind.rows)
    check(result, kind.rows)
    check_heard(guest, kind.rows, work)
    heads = dict(HEADS)
    default = notes.get('elevator')
    if default:
        heads.update({'in-tree': 'in-tree (none)', 'in-tree-default': f'in-tree ({default})'})
    columns = [c for c in kind.columns if any(c in result[r.name] for r in kind.rows)]
    labels = [kind.title] + [label for r in kind.rows for label in (r.label, *r.per[:1])]
    width = max(len(label) for label in labels) + 2
    print(f'\n{where}: guest instructions, kicks, interrupts per operation; drivers: '
          + ', '.join(notes[n] for n in ('driver:in-tree', 'driver:virtbus') if n in notes))
    print(f'{kind.title:{width}}' + ''.join(f'{heads[c]:<28}' for c in columns) + 'virtbus/in-tree')
    for row in kind.rows:
        print(line(row.label, width, result[row.name], columns))
        if row.per:
            print(line(row.per[0], width, result[row.name], columns, row.per[1]))
    if default == 'none':
        print("in-tree's default elevator is none here")
    settings(notes)
