/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lib.h - a device end under test, and the driver that it serves
 *
 * The driver's memory is one block, and its addresses are offsets into that
 * block, from GUEST_BASE on: an end that believes an address reaches nothing.
 * From GUEST_ROM on it can be read only.
 */
#ifndef _USER_ENDS_LIB_H
#define _USER_ENDS_LIB_H

#include <end_kernel.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>

#include "end.h"
#include "harness.h"
#include "kernel.h"

#define GUEST_BASE	0x40000000ULL
#define GUEST_SIZE	(256 * 1024)
#define GUEST_ROM	(GUEST_BASE + GUEST_SIZE - 4096)
#define GUEST_DATA	(GUEST_BASE + 64 * 1024)	/* below: the queue */
#define GUEST_TABLE	(GUEST_BASE + 48 * 1024)

/**
 * struct guest - what the driver's side has and what it was told
 * @mem: its memory
 * @end: the device end
 * @size: descriptors of its only queue
 * @desc: where they are
 * @avail: available ring
 * @used: used ring
 * @avail_idx: next place in it
 * @events: of the queue
 * @config_events: of the configuration
 * @message: the last one in the log
 * @served: buffers that serve() popped
 * @answer: serve() pushes what it pops
 * @on_serve: called in serve() instead of all this
 */
struct guest {
	char *mem;
	struct virt_end *end;
	unsigned int size;
	struct vring_desc *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	u16 avail_idx;
	unsigned int events;
	unsigned int config_events;
	char message[256];
	unsigned int served;
	bool answer;
	void (*on_serve)(void);
};

extern struct guest guest;

/* an end that was made from @spec, and nothing said to it yet */
void guest_make(const char *spec);
/* features agreed on, one queue of @size, DRIVER_OK */
void guest_start(unsigned int size, u64 features);
/* all of it, with what the ring offers */
void guest_open(unsigned int size);
void guest_close(void);

void *guest_mem(u64 addr);
void guest_desc(struct vring_desc *table, unsigned int i, u64 addr, u32 len,
		u16 flags, u16 next);
/* make a head available; guest_kick() follows */
void guest_add(u16 head);
void guest_kick(void);
/* run a work item, if it is queued; that of the end's only queue */
bool user_work(struct work_struct *work);
bool guest_run(void);

#define RING_ALL	(BIT_ULL(VIRTIO_F_VERSION_1) | \
			 BIT_ULL(VIRTIO_RING_F_EVENT_IDX) | \
			 BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC))
#define NEGOTIATING	(VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER)

#endif
