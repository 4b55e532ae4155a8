# SPDX-License-Identifier: GPL-2.0
"""boot.py - boot one machine with some test files and hear its verdict."""
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import time

from hostverbs import Host
from machine import Machine
from vm import VM, VMError

BED = os.path.dirname(os.path.abspath(__file__))
# Time-outs are many times the figure of a quick and quiet machine, for it may be neither,
# and the debug kernel is slower still. They catch what hangs, and nothing else.
PATIENCE = {'A': 12, 'B': 40}      # or what BED_PATIENCE says
# What a test waits for comes that many times later (wait_for in ktap.sh).
SLOWNESS = {'A': 1, 'B': 4}
BOOT_SECONDS = 15
MEMORY = {'A': 512, 'B': 768}
# More than the first report, and addresses that can be looked up; few entries for
# DMA_API_DEBUG, because each scan for leaks looks into all of them.
LANE_APPEND = {'A': '', 'B': 'kasan_multi_shot no_hash_pointers dma_debug_entries=4096'}
# KCSAN looks more often than on real processors, and longer: those of TCG are slow.
if os.environ.get('CHECKER') == 'kcsan':
    LANE_APPEND['B'] += ' kcsan.skip_watch=500 kcsan.udelay_task=300 kcsan.udelay_interrupt=60'


def cache():
    base = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
    return os.path.join(base, 'virtbus')


def of_kernel(lane, arch, what):
    """What the shell library knows of the kernel that a lane boots."""
    return of_bed(f'kernel_info "$(lane_kernel {lane} {arch})"; {what}')


def of_bed(what):
    """What the shell library says to that."""
    script = f'. "{BED}/lib.sh"; {what}'
    return subprocess.run(['sh', '-euc', script, os.path.join(BED, 'boot.py')], check=True,
                          stdout=subprocess.PIPE, text=True).stdout.strip()


AGAIN = set()       # tests that had a second try after stuck_in_int3()


class StillbornError(VMError):
    """The kernel died before its first program, and so before anything of ours."""


class Boot:
    """One boot: `tests` share a machine; mode is tests or shell."""

    def __init__(self, arch, lane, obj, tests, log, mode='tests', extra=None):
        self.arch, self.lane, self.obj, self.tests = arch, lane, obj, tests
        self.log, self.mode = log, mode
        extra = extra or {}
        self.disks = list(extra.get('disks', ()))
        for t in tests:
            self.disks += t.disks[len(self.disks):]
        self.layers = sorted({layer for t in tests for layer in t.layers} | {'base'})
        self.modules = sorted({m for t in tests for m in t.modules} | set(extra.get('modules', ())))
        self.put = list(extra.get('put', ()))
        self.set = [pair.partition('=')[::2] for pair in extra.get('set', ())]
        first = tests[0] if tests else None
        self.options = {
            'memory': (first and first.memory) or MEMORY[lane],
            'machine': first.machine if first else extra['machine'],
            'shared': bool(first and first.shared),
            'append': ' '.join(filter(None, (LANE_APPEND[lane], first and first.append,
                                             extra.get('append')))),
            'qemu': ((first.qemu if first else '') + ' ' + extra.get('qemu', '')).strip(),
        }
        self.current = None     # the test file that runs now

    def patience(self):
        """How many times longer than on an idle machine things may take."""
        return int(os.environ.get('BED_PATIENCE') or PATIENCE[self.lane])

    def limit(self, test):
        return test.seconds * self.patience()

    def stage(self, workdir, machine):
        """What goes into /bed of the guest."""
        files = os.path.join(workdir, 'bed')
        os.makedirs(files)
        with open(os.path.join(files, 'conf'), 'w', encoding='ascii') as f:
            f.write(f'BED_ARCH={self.arch} BED_LANE={self.lane} BED_MODE={self.mode}\n'
                    f'BED_CONTROL={machine.control()}\n'
                    f'BED_ROAD={machine.road} BED_SLOW={SLOWNESS[self.lane]}\n'
                    f'export BED_ARCH BED_LANE BED_MODE BED_ROAD BED_SLOW\n')
            for name, value in self.set:
                f.write(f'export {name}={shlex.quote(value)}\n')
        with open(os.path.join(files, 'list'), 'w', encoding='ascii') as f:
            for t in self.tests:
                f.write(f'{t.name} {self.limit(t)}\n')
        os.makedirs(os.path.join(files, 'files'))
        for path in self.put:
            shutil.copy(path, os.path.join(files, 'files'))
        for t in self.tests:
            target = os.path.join(files, 'tests', t.name + '.sh')
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(t.path, target)
            # shell functions that the tests of a directory share
            common = os.path.join(os.path.dirname(t.path), 'lib')
            if os.path.isdir(common):
                shutil.copytree(common, os.path.join(os.path.dirname(target), 'lib'),
                                dirs_exist_ok=True)
        return files

    def pack(self, workdir, machine):
        out = os.path.join(workdir, 'initrd')
        pack = subprocess.run([os.path.join(BED, 'pack'), self.lane, self.arch, self.obj,
                               self.stage(workdir, machine), out, ' '.join(self.layers),
                               ' '.join(self.modules)], stderr=subprocess.PIPE, text=True)
        if pack.returncode:
            raise VMError('no initramfs: ' + ' '.join(pack.stderr.split()))
        return out

    def run(self, tally, report=None, echo=None):
        """Boot and run; False when the machine died (self.current then), None when its
        test is to be run once more.
        """
        try:
            try:
                self.once(tally, report, echo)
            except StillbornError as e:
                # The kernel changes its own code while it boots, and TCG may run the old: an
                # int3 that nobody knows, or a triple fault, which leaves no word. One that
                # cannot boot dies again.
                print(f'  once more: {e}; console: {self.log}-stillborn', flush=True)
                os.rename(self.log, self.log + '-stillborn')
                self.once(tally, report, echo)
            return True
        except VMError as e:
            if self.current and self.current not in AGAIN and stuck_in_int3(self.log):
                AGAIN.add(self.current)
                tally.reset()
                print(f'  once more: {self.current}: {e}, in code that the kernel was just changing; '
                      f'console: {self.log}', flush=True)
                return None
            tally.died(self.current or 'bed/boot', str(e))
            return False

    def once(self, tally, report, echo):
        """One try at it; VMError when the machine died."""
        workdir = tempfile.mkdtemp(prefix='virtbus-')
        vm = None
        try:
            machine = Machine(self.arch, workdir, disks=self.disks, **self.options)
            initrd = self.pack(workdir, machine)
            vm = VM(machine, of_kernel(self.lane, self.arch, 'echo "$image"'), initrd, self.log, echo)
            self.serve(vm, tally, report)
        finally:
            if vm:
                vm.close()
            shutil.rmtree(workdir, ignore_errors=True)

    def interact(self):
        """Boot with a shell on this terminal; QEMU's exit status."""
        workdir = tempfile.mkdtemp(prefix='virtbus-')
        try:
            machine = Machine(self.arch, workdir, disks=self.disks, **self.options)
            initrd = self.pack(workdir, machine)
            command = machine.command_line(of_kernel(self.lane, self.arch, 'echo "$image"'), initrd,
                                           ['stdio,id=con,mux=on,signal=off'], person=True)
            return subprocess.call(command)
        finally:
            shutil.rmtree(workdir, ignore_errors=True)

    def serve(self, vm, tally, report):
        """Answer the control port until the verdict; VMError when it does not come."""
        host = Host(vm)
        try:
            self.hear(vm, host, tally, report)
        finally:
            host.close()

    def hear(self, vm, host, tally, report):
        seconds = {t.name: self.limit(t) for t in self.tests}
        slack = BOOT_SECONDS * self.patience()
        alive = False
        raw = open(self.log + '.ktap', 'w', encoding='utf-8')
        deadline = time.monotonic() + slack
        with raw:
            while True:
                line = vm.control.get(deadline)
                if alive and line and line.startswith('HELLO') and console_cause(self.log):
                    raise VMError('before the next kernel: ' + console_cause(self.log))
                if line is None:
                    error = VMError if alive else StillbornError
                    raise error('the machine died: ' + (console_cause(self.log) or
                                                        'its console does not say why'))
                alive = True
                raw.write(line + '\n')
                raw.flush()
                if line.startswith('HOST '):
                    answer = host.answer(line[5:])
                    vm.control.put(answer)      # where the machine is now
                    if host.last_words:
                        self.died_well(host, deadline, tally, report)
                        return
                elif line == 'VERDICT done':
                    break
                else:
                    m = re.match(r'# Subtest: (.*)', line)
                    if m:
                        self.current = m.group(1)
                        deadline = time.monotonic() + seconds.get(self.current, 0) + slack
                    ended = tally.feed(line)
                    if ended and report:
                        report(*ended, vm.cpu_seconds())
        said = os.path.getsize(self.log)
        if vm.wait_exit(slack) is None:
            raise VMError('the machine does not power off')
        if console_cause(self.log, said):
            raise VMError('after the verdict: ' + console_cause(self.log, said))

    def died_well(self, host, deadline, tally, report):
        """The machine dies, as its test has announced; that passes if its words come."""
        words = host.last_words(max(int(deadline - time.monotonic()), 1))
        for line in (f'    ok 1 {words}', f'ok 1 {self.current}'):
            ended = tally.feed(line)
        if report:
            report(*ended)


def stuck_in_int3(log):
    """TCG ran old code: a processor takes one breakpoint of the kernel's after the other,
    where that was changing its code (a tracepoint), and has done so already.
    """
    with open(log, encoding='utf-8', errors='replace') as f:
        return 'RIP: 0010:asm_exc_int3' in f.read()


def console_cause(log, start=0):
    """The first line of the console that tells why a machine died, or ''."""
    pattern = re.compile(r'Kernel panic|Oops|BUG[: ]|KASAN|general protection|No working init')
    with open(log, encoding='utf-8', errors='replace') as f:
        f.seek(start)
        return next((line.strip() for line in f if pattern.search(line)), '')
