/* SPDX-License-Identifier: GPL-2.0 */
/*
 * queue_layout.h - how a queue lies in memory: private to virtbus.ko
 *
 * queue.c has the rules that hold for every layout; a layout is one file
 * behind a constant table. Also compiled in userspace by selftests/user.
 */
#ifndef _VIRTBUS_QUEUE_LAYOUT_H
#define _VIRTBUS_QUEUE_LAYOUT_H

#include <virtbus/virt_queue.h>

/**
 * struct virt_map - what was mapped for one segment
 * @addr: DMA address
 * @len: bytes
 */
struct virt_map {
	dma_addr_t addr;
	u32 len;
};

/**
 * struct virt_slot - where one buffer lives
 * @desc: its descriptors: an indirect table, or a run in the ring
 * @map: one entry a segment when the DMA API is used, else NULL
 * @in_len: bytes that the device may write
 * @out: segments that the device reads
 * @segs: segments in all
 * @head: the number that the device knows the buffer by
 * @busy: the device has it; set by the adding side, cleared by the getting side
 *
 * Nothing in here is ever read back from memory that the device can write.
 */
struct virt_slot {
	struct vring_desc *desc;
	struct virt_map *map;
	u32 in_len;
	u16 out;
	u16 segs;
	u16 head;
	bool busy;
};

/**
 * struct virt_table_page - a page of indirect tables
 * @mem: the page
 * @addr: its address as the device sees it
 */
struct virt_table_page {
	void *mem;
	u64 addr;
};

/**
 * struct virt_queue_layout - a way to lay a queue out in memory
 * @alloc: allocate memory for @q->size, @q->max_segs; sets @q->slots, lowers
 *	   @q->max_segs to what the layout can do. Process context.
 * @free: undo it; the device has forgotten the queue. Process context.
 * @add: as virt_queue_add(), arguments checked
 * @kick_prepare: as virt_queue_kick_prepare()
 * @get: as virt_queue_get()
 * @take_back: as virt_queues_take_back(), for one queue
 * @pending: has the device used buffers that were not taken yet?
 * @events_off: as virt_queue_events_off()
 * @events_on: as virt_queue_events_after()
 */
struct virt_queue_layout {
	int (*alloc)(struct virt_queue *q);
	void (*free)(struct virt_queue *q);
	int (*add)(struct virt_queue *q, unsigned int slot,
		   struct scatterlist *sg, unsigned int out, unsigned int in);
	bool (*kick_prepare)(struct virt_queue *q);
	int (*get)(struct virt_queue *q, unsigned int *len);
	void (*take_back)(struct virt_queue *q);
	bool (*pending)(struct virt_queue *q);
	void (*events_off)(struct virt_queue *q);
	bool (*events_on)(struct virt_queue *q, u16 after);
};

extern const struct virt_queue_layout virt_split_layout;

/* The hot operations by name too, so that queue.c can call them directly. */
int virt_split_add(struct virt_queue *q, unsigned int slot,
		   struct scatterlist *sg, unsigned int out, unsigned int in);
bool virt_split_kick_prepare(struct virt_queue *q);
int virt_split_get(struct virt_queue *q, unsigned int *len);
bool virt_split_pending(struct virt_queue *q);
bool virt_split_events_on(struct virt_queue *q, u16 after);

void *virt_queue_mem_alloc(struct virt_queue *q, size_t size, u64 *addr);
void virt_queue_mem_free(struct virt_queue *q, void *mem, size_t size,
			 u64 addr);
int virt_queue_map(struct virt_queue *q, struct virt_slot *slot,
		   struct scatterlist *sg);
void virt_queue_unmap(struct virt_queue *q, struct virt_slot *slot);
bool virt_queue_owes(struct virt_queue *q);
__printf(2, 3)
void virt_queue_violation(struct virt_queue *q, const char *fmt, ...);

#endif /* _VIRTBUS_QUEUE_LAYOUT_H */
