# SPDX-License-Identifier: GPL-2.0
"""hostagent.py - what a host says to qemu-guest-agent: a line of JSON each way."""
import base64
import hashlib
import json
import time

from vm import VMError


class Agent:
    """The other end of an agent's port (see hostports.py)."""

    def __init__(self, port):
        self.port = port
        self.read = 0       # bytes of what was heard that are answered for

    def ask(self, command, arguments=None, seconds=60):
        """Run a command; its result."""
        request = {'execute': command}
        if arguments:
            request['arguments'] = arguments
        self.port.talk(json.dumps(request).encode() + b'\n')
        deadline = time.monotonic() + seconds
        while True:
            with open(self.port.path, 'rb') as f:
                f.seek(self.read)
                line, newline, _ = f.read().partition(b'\n')
            if newline:
                self.read += len(line) + 1
                reply = json.loads(line)
                if 'error' in reply:
                    raise VMError(reply['error']['desc'])
                return reply['return']
            if time.monotonic() > deadline:
                raise VMError(f'the agent does not answer to {command}')
            time.sleep(0.02)

    def digest(self, path, size):
        """sha256 of a file of the guest, read in one piece."""
        handle = self.ask('guest-file-open', {'path': path, 'mode': 'r'})
        reply = self.ask('guest-file-read', {'handle': handle, 'count': size})
        self.ask('guest-file-close', {'handle': handle})
        return hashlib.sha256(base64.b64decode(reply['buf-b64'])).hexdigest()
