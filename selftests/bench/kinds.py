# SPDX-License-Identifier: GPL-2.0
"""kinds.py - what is measured: kinds of devices and, for each, its rows."""
from dataclasses import dataclass

EVER = float('inf')
IN_TREE_AND_US = 'in_tree virtbus virtbus in_tree in_tree virtbus'


@dataclass
class Row:
    """An operation; what is right for it is (least, most) an operation."""
    name: str                   # what the guest calls it
    label: str
    few: int                    # operations of the two runs whose difference is taken
    many: int
    kicks: tuple = (-EVER, EVER)
    irqs: tuple = (0.0001, EVER)
    silent: bool = False        # a phase without any interrupt can be right
    moved: tuple = None         # bytes of a phase, as the interface has counted them
    heard: tuple = None         # (file, bytes): what an operation adds to a file of the host
    per: tuple = ()             # (label, N): the same again, for an Nth of the operation

    @property
    def ops(self):
        return self.many - self.few


@dataclass
class Kind:
    guest: str                  # the file that measures
    title: str
    rows: list
    order: str                  # who is measured when
    devices: dict               # architecture: arguments for QEMU; {work} is a directory
    columns: tuple = ('in-tree', 'virtbus')
    wire: bool = False          # needs host/peer


# One request at a time is one kick: else the counting is wrong, or a driver is.
ONE = (0.99, 1.01)
# Disks without storage behind them: the host's page cache and threads stay out.
# One answers at once, so that a batch of requests is one event; the other after
# a while, so that who waits for a single request always sleeps.
DISKS = ('-blockdev null-co,node-name=fast,size=1073741824,read-zeroes=off '
         '-blockdev null-co,node-name=slow,size=2147483648,read-zeroes=off,latency-ns=300000 ')
BLOCK = Kind(
    guest='block.sh', title='4K',
    # multiples of 32
    rows=[Row('randread-1', 'randread QD1', 512, 2560, kicks=ONE),
          Row('read-1', 'read     QD1', 512, 2560, kicks=ONE),
          Row('randread-32', 'randread QD32', 512, 2560),
          Row('read-32', 'read     QD32', 512, 2560)],
    order='in_tree virtbus floor virtbus in_tree in_tree virtbus',
    columns=('in-tree', 'in-tree-default', 'virtbus', 'floor'),
    devices={'x86_64': DISKS + '-device virtio-blk-pci,drive=fast,bus=pcie.0,addr=8 '
                       '-device virtio-blk-pci,drive=slow,bus=pcie.0,addr=9',
             's390x': DISKS + '-device virtio-blk-ccw,drive=fast,devno=fe.0.0100 '
                      '-device virtio-blk-ccw,drive=slow,devno=fe.0.0101'})

# Nobody waits for what was sent: who sends may never be interrupted. A burst that
# is received is one interrupt or a few, however long it is.
FEW = (-0.1, EVER)


def framed(size, packets=1):
    """What an interface counts: the bytes, headers of the packets, some acknowledgements."""
    return (size + 42 * packets, size * 1.1 + 150 * packets)


WIRE = '-netdev tap,id=wire,ifname=tap0,script=no,downscript=no,queues=2,vnet_hdr=on '
NET = Kind(
    guest='net.sh', title='tap, 2 pairs of queues',
    rows=[Row('udp-send-64', 'UDP, 64 B sent', 512, 2560, irqs=FEW, silent=True,
              moved=framed(64)),
          Row('udp-send-1400', 'UDP, 1400 B sent', 512, 2560, irqs=FEW, silent=True,
              moved=framed(1400)),
          Row('udp-receive-64', 'UDP, 64 B received', 512, 2560, irqs=FEW, moved=framed(64)),
          Row('tcp-send-65536', 'TCP, 64 KB sent', 64, 1088, moved=framed(65536)),
          Row('tcp-receive-65536', 'TCP, 64 KB received', 64, 1088, moved=framed(65536)),
          # a request is one kick at least, and an answer one interrupt
          Row('tcp-trip-1', 'TCP, 1 B there and back', 512, 2560, kicks=(0.99, 4),
              irqs=(0.99, 4), moved=framed(2, 2))],
    order=IN_TREE_AND_US, wire=True,
    devices={'x86_64': WIRE + '-device virtio-net-pci,netdev=wire,mq=on,bus=pcie.0,addr=8',
             's390x': WIRE + '-device virtio-net-ccw,netdev=wire,mq=on,devno=fe.0.0100'})

# What comes is written down by QEMU itself, at once; zeroes without end are read as
# from a serial line.
ENDS = ('-chardev file,id=screen,path={work}/screen -chardev file,id=sink,path={work}/sink '
        '-chardev serial,id=source,path=/dev/zero ')
PORTS = (' -device virtconsole,bus=serial.0,chardev=screen '
         '-device virtserialport,bus=serial.0,chardev=sink,name=sink '
         '-device virtserialport,bus=serial.0,chardev=source,name=source')
# In-tree looks itself, again and again, whether the host has taken what was written:
# how many interrupts that leaves differs from phase to phase.
ANY = (-EVER, EVER)
A_KB = ('  the same, per KB', 4)
CONSOLE = Kind(
    guest='console.sh', title='per call',
    rows=[Row('terminal-write-16', 'terminal, write 16 B', 512, 2560, irqs=ANY,
              heard=('screen', 16)),
          Row('terminal-write-4096', 'terminal, write 4 KB', 128, 640, irqs=ANY,
              heard=('screen', 4096), per=A_KB),
          Row('port-write-16', 'port, write 16 B', 512, 8704, irqs=ANY, heard=('sink', 16)),
          Row('port-write-4096', 'port, write 4 KB', 128, 2176, irqs=ANY, heard=('sink', 4096),
              per=A_KB),
          # the difference is 4 MB
          Row('port-read-4096', 'port, read 4 KB', 64, 1088, irqs=FEW, per=A_KB)],
    order=IN_TREE_AND_US,
    devices={'x86_64': ENDS + '-device virtio-serial-pci,id=serial,bus=pcie.0,addr=8' + PORTS,
             's390x': ENDS + '-device virtio-serial-ccw,id=serial,devno=fe.0.0100' + PORTS})

KINDS = {'block': BLOCK, 'net': NET, 'console': CONSOLE}
