# SPDX-License-Identifier: GPL-2.0
"""tally.py - read KTAP, line by line, and count the points of the test files."""
import re

RESULT = re.compile(r'^(    )?(not ok|ok) \d+ ?(?:- )?(.*?)(?:\s+# (SKIP)\s*(.*))?$')


class Tally:
    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.skipped = []       # (file: point, reason)
        self.failures = []      # (file: point, [diagnosis])
        self.files = {}         # file -> True when it passed
        self.reset()

    def reset(self):
        self.counts = [0, 0, 0]         # points of this file: ok, not ok, skipped
        self.notes = []                 # diagnosis since the last result
        self.bad = []                   # (point, [diagnosis])

    def feed(self, line):
        """Count a line; (file, passed) when it ends a file."""
        m = RESULT.match(line)
        if m is None:
            if re.match(r'^\s*# (?!Subtest)', line):
                self.notes.append(line.strip()[2:])
            skip_all = re.match(r'^    1\.\.0 # SKIP\s*(.*)', line)
            if skip_all:
                self.counts[2] += 1
                self.skipped.append(('', skip_all.group(1)))
            return None
        nested, verdict, text, skip, reason = m.groups()
        if not nested:
            return self.end_file(text, verdict == 'ok')
        if verdict == 'not ok':
            self.counts[1] += 1
            self.bad.append((text, self.notes))
        elif skip:
            self.counts[2] += 1
            self.skipped.append((text, reason or 'no reason given'))
        else:
            self.counts[0] += 1
        self.notes = []
        return None

    def end_file(self, name, good):
        self.passed += self.counts[0]
        self.failed += self.counts[1]
        if self.counts[2]:
            done = len(self.skipped) - self.counts[2]
            self.skipped[done:] = [(f'{name}: {t}' if t else name, r)
                                   for t, r in self.skipped[done:]]
        for text, notes in self.bad:
            self.failures.append((f'{name}: {text}', notes))
        if self.bad and not good:
            self.bad[-1][1].extend(self.notes)
        if not good and not self.bad:
            self.failed += 1
            self.failures.append((name, self.notes))
        elif good and not any(self.counts):
            self.failed += 1
            self.failures.append((name, ['checked nothing']))
        self.files[name] = good
        self.reset()
        return name, good

    def died(self, name, why):
        """The machine died while this file ran."""
        self.notes.append(why)
        self.end_file(name, False)

    def append_to(self, path, where):
        """Add the counts to a file of results, for `check` to sum up."""
        with open(path, 'a', encoding='utf-8') as f:
            f.write(f'count {self.passed} {self.failed}\n')
            for what, why in self.skipped:
                f.write(f'skipped {where} {what}: {why}\n')
            for what, notes in self.failures:
                f.write(': '.join([f'failed {where} {what}', *notes[-1:]]) + '\n')
