/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ram.h - private to ends/: what a spec says of a RAM disk
 */
#ifndef _VIRTBUS_ENDS_RAM_H
#define _VIRTBUS_ENDS_RAM_H

#include <virtbus/spec.h>

#define RAM_SECTOR	512

/**
 * struct ram_spec - what a spec says
 * @bytes: SIZE
 * @queues: queues=
 * @size: size=
 * @blk_size: blk_size=
 * @delay: delay=
 * @serial: serial=
 * @ro: ro
 */
struct ram_spec {
	u64 bytes;
	unsigned int queues;
	unsigned int size;
	unsigned int blk_size;
	unsigned int delay;
	const char *serial;
	bool ro;
};

int virt_ram_parse(const struct virt_spec *spec, struct ram_spec *rs,
		   struct virt_why *why);
int virt_ram_check_size(u64 bytes, unsigned int blk_size,
			struct virt_why *why);

#endif /* _VIRTBUS_ENDS_RAM_H */
