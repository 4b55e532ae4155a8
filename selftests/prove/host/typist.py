#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""typist.py - run a command on a terminal and type at it as a person would.

	typist.py SECONDS COMMAND.. <SCRIPT

Each line of the script is `TEXT ==> PATTERN`: once the terminal shows a prompt, TEXT
is typed, and before the next prompt comes what the pattern matches.  A TEXT that
ends in ^C is interrupted by that key a second later.  The command must end by
itself after the last one.  What the terminal showed goes to stdout.
"""
import os
import pty
import re
import select
import subprocess
import sys
import time

PROMPT = re.compile(rb'[#$] (\x1b\[6n)?$')


class Terminal:
    def __init__(self, command, seconds):
        self.deadline = time.monotonic() + seconds
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave,
                                        start_new_session=True)
        os.close(slave)

    def read(self, seconds):
        """What comes within so many seconds; None at the end."""
        if time.monotonic() > self.deadline:
            raise TimeoutError('time is up')
        if not select.select([self.master], [], [], seconds)[0]:
            return b''
        try:
            data = os.read(self.master, 4096)
        except OSError:
            data = b''
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return data or None

    def until_prompt(self):
        """All until a prompt after which nothing comes for a moment."""
        shown = b''
        while True:
            data = self.read(0.5)
            if data is None:
                raise EOFError('it ended, with commands left')
            shown += data
            if not data and PROMPT.search(shown):
                return shown.decode('utf-8', 'replace')

    def end(self):
        while self.read(0.5) is not None:
            pass
        return self.process.wait()

    def type(self, text):
        text, interrupted, _ = text.partition('^C')
        os.write(self.master, text.encode() + b'\r')
        if interrupted:
            time.sleep(1)
            os.write(self.master, b'\x03')

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
        os.close(self.master)


def play(terminal, steps):
    """Type all; the first thing that is wrong, or None."""
    terminal.until_prompt()
    for n, (text, pattern) in enumerate(steps):
        terminal.type(text)
        if n == len(steps) - 1:
            return None
        shown = terminal.until_prompt().partition('\n')[2]
        if not re.search(pattern, shown, re.MULTILINE):
            return f'"{text}" does not show "{pattern}"'
    return None


def main():
    steps = [line.rstrip('\n').split(' ==> ') for line in sys.stdin]
    terminal = Terminal(sys.argv[2:], float(sys.argv[1]))
    try:
        wrong = play(terminal, steps) or (terminal.end() and 'the command failed')
    except (EOFError, TimeoutError) as e:
        wrong = str(e)
    finally:
        terminal.close()
    print()
    if wrong:
        sys.exit(f'virtbus: {wrong}')


if __name__ == '__main__':
    main()
