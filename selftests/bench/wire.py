# SPDX-License-Identifier: GPL-2.0
"""wire.py - a network namespace with a tap and somebody at its other end (host/peer)."""
import os
import subprocess

PEER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'host', 'peer')


def why_no_wire():
    """What is missing for a wire, or None."""
    if not os.path.exists('/dev/net/tun'):
        return 'there is no /dev/net/tun'
    if subprocess.run(['unshare', '-n', 'true'], stderr=subprocess.DEVNULL, check=False).returncode:
        return 'no network namespace can be made here (are you root?)'
    return None


class Wire:
    """While it lasts, what is launched by its words is on the wire."""

    def __init__(self, wanted):
        self.wanted = wanted
        self.peer = None

    def __enter__(self):
        if not self.wanted:
            return []
        # whoever kills us, with whatever signal, leaves no namespace behind
        self.peer = subprocess.Popen(['setpriv', '--pdeathsig', 'KILL', 'unshare', '-n', PEER],
                                     stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        if self.peer.stdout.readline() != 'ready\n':
            self.__exit__()
            raise ValueError('the other end of the wire did not start: its words are above')
        return ['nsenter', f'--net=/proc/{self.peer.pid}/ns/net']

    def __exit__(self, *_):
        if self.peer:
            self.peer.kill()
            self.peer.wait()
