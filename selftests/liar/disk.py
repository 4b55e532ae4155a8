# SPDX-License-Identifier: GPL-2.0
"""disk.py - a RAM disk behind vhost-user (virtio 1.2, 5.2), and what it says of itself."""
import os
import struct

import vhost

SECTORS = 1 << 15
(SIZE_MAX, SEG_MAX, BLK_SIZE, FLUSH, TOPOLOGY, DISCARD, WRITE_ZEROES) = (
    1 << n for n in (1, 2, 6, 9, 10, 13, 14))
T_IN, T_OUT, T_FLUSH, T_GET_ID, T_DISCARD, T_WRITE_ZEROES = 0, 1, 4, 8, 11, 13
S_OK, S_IOERR, S_UNSUPP = range(3)
HEADER = struct.Struct('<IIQ')
# capacity .. opt_io_size, wce, num_queues, discard, write zeroes: 5.2.4
CONFIG = struct.Struct('<QIIHBBIBBHIBBHIIIIIB3x')
FIELDS = ('capacity', 'size_max', 'seg_max', 'cylinders', 'heads', 'sectors', 'blk_size',
          'physical_block_exp', 'alignment_offset', 'min_io_size', 'opt_io_size', 'wce', 'unused',
          'num_queues', 'max_discard_sectors', 'max_discard_seg', 'discard_sector_alignment',
          'max_write_zeroes_sectors', 'max_write_zeroes_seg', 'write_zeroes_may_unmap')
SANE = {'capacity': SECTORS, 'size_max': 1 << 20, 'seg_max': 126, 'blk_size': 512, 'wce': 1,
        'num_queues': 1, 'max_discard_sectors': 2048, 'max_discard_seg': 1,
        'discard_sector_alignment': 1, 'max_write_zeroes_sectors': 2048, 'max_write_zeroes_seg': 1}
# One wrong value each; `capacity-` can be told to a driver that has the disk in use, too
LIES = {
    'capacity-zero': {'capacity': 0},
    'capacity-less': {'capacity': 8},
    'capacity-16E': {'capacity': 1 << 55},
    'capacity-over': {'capacity': (1 << 64) - 1},
    'blk-size-zero': {'blk_size': 0},
    'blk-size-odd': {'blk_size': 3000},
    'blk-size-huge': {'blk_size': 1 << 31},
    'seg-max-zero': {'seg_max': 0},
    'seg-max-huge': {'seg_max': (1 << 32) - 1},
    'size-max-zero': {'size_max': 0},
    'topology-huge': {'physical_block_exp': 255, 'alignment_offset': 255,
                      'min_io_size': 0xffff, 'opt_io_size': 0xffffffff},
    'discard-huge': {'max_discard_sectors': 0xffffffff, 'discard_sector_alignment': 0xffffffff,
                     'max_write_zeroes_sectors': 0xffffffff},
}


class Disk:
    queues = 1
    protocol = vhost.P_CONFIG | vhost.P_BACKEND_REQ
    all_features = (vhost.VERSION_1 | vhost.INDIRECT | vhost.EVENT_IDX | vhost.PROTOCOL | SIZE_MAX |
                    SEG_MAX | BLK_SIZE | FLUSH | TOPOLOGY | DISCARD | WRITE_ZEROES)

    def __init__(self, liar):
        self.liar = liar
        self.data = bytearray(SECTORS * 512)

    def config(self, offset, size):
        values = dict(SANE)
        for name, wrong in LIES.items():
            if self.liar.strikes(name):
                values.update(wrong)
        packed = CONFIG.pack(*(values.get(f, 0) for f in FIELDS))
        packed = self.liar.config(packed.ljust(offset + size, b'\0'), CONFIG.size)
        return packed[offset:offset + size]

    def serve(self, queue, buffer):
        """Do a request; whom it belongs to and the length are said by tell()."""
        parts = buffer.parts
        kind, _, sector = HEADER.unpack(parts[0][0])
        status_at = parts[-1][0]
        if len(parts[0][0]) != HEADER.size or not parts[-1][1] or len(status_at) != 1:
            raise vhost.Confused('a request without a header or a status')
        status, written = self.work(kind, sector * 512, [view for view, _ in parts[1:-1]])
        if not self.liar.strikes('status-missing'):
            status_at[0] = status
        self.liar.tell(queue, buffer, written + 1, status_at)

    def work(self, kind, at, views):
        written = 0
        if kind in (T_IN, T_OUT):
            if at + sum(map(len, views)) > len(self.data):
                return S_IOERR, 0
            for view in views:
                n = len(view)
                if kind == T_IN:
                    view[:] = self.data[at:at + n]
                    written += n
                else:
                    self.data[at:at + n] = view
                at += n
        elif kind == T_GET_ID:
            # 20 bytes, and no end to them
            text = os.urandom(20) if self.liar.strikes('serial') else b'liar'.ljust(20, b'\0')
            for view in views:
                view[:] = text[:len(view)].ljust(len(view), b'\0')
                written += len(view)
        elif kind == T_WRITE_ZEROES:
            sector, count, _ = struct.unpack_from('<QII', views[0])
            self.data[sector * 512:(sector + count) * 512] = bytes(count * 512)
        elif kind not in (T_FLUSH, T_DISCARD):
            return S_UNSUPP, 0
        return S_OK, written
