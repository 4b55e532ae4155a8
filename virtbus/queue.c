// SPDX-License-Identifier: GPL-2.0
/*
 * queue.c - the rules of a queue, whatever its layout
 *
 * Who owns a buffer, what a driver may ask for, when a queue is broken, and how
 * its memory is mapped. Compiled unchanged in userspace by selftests/user.
 */
#include <linux/dma-mapping.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/indirect_call_wrapper.h>
#include <linux/kernel.h>
#include <linux/virtio_ring.h>

#include <virtbus/virt_dev.h>
#include <virtbus/virt_glue.h>
#include <virtbus/virt_queue.h>

#include "queue_layout.h"

int virt_queue_add(struct virt_queue *q, unsigned int slot,
		   struct scatterlist *sg, unsigned int out, unsigned int in)
{
	unsigned int segs = out + in;
	int err;

	if (unlikely(READ_ONCE(q->broken)))
		return -EIO;
	if (WARN_ON_ONCE(slot >= q->slots || !segs || segs > q->max_segs ||
			 READ_ONCE(q->slot[slot].busy)))
		return -EINVAL;

	err = INDIRECT_CALL_1(q->layout->add, virt_split_add,
			      q, slot, sg, out, in);
	if (likely(!err))
		q->stats.added++;
	return err;
}
EXPORT_SYMBOL_NS_GPL(virt_queue_add, "VIRTBUS");

bool virt_queue_kick_prepare(struct virt_queue *q)
{
	if (unlikely(READ_ONCE(q->broken)))
		return false;
	if (!INDIRECT_CALL_1(q->layout->kick_prepare, virt_split_kick_prepare,
			     q))
		return false;
	q->stats.kicks++;
	return true;
}
EXPORT_SYMBOL_NS_GPL(virt_queue_kick_prepare, "VIRTBUS");

int virt_queue_get(struct virt_queue *q, unsigned int *len)
{
	int slot;

	if (unlikely(READ_ONCE(q->broken)))
		return -EIO;
	slot = INDIRECT_CALL_1(q->layout->get, virt_split_get, q, len);
	if (slot >= 0)
		q->stats.used++;
	return slot;
}
EXPORT_SYMBOL_NS_GPL(virt_queue_get, "VIRTBUS");

void virt_queue_events_off(struct virt_queue *q)
{
	q->layout->events_off(q);
}
EXPORT_SYMBOL_NS_GPL(virt_queue_events_off, "VIRTBUS");

bool virt_queue_events_on(struct virt_queue *q)
{
	/* nothing more will come, and nothing that waits may be taken */
	if (unlikely(READ_ONCE(q->broken)))
		return true;
	return INDIRECT_CALL_1(q->layout->events_on, virt_split_events_on, q,
			       0);
}
EXPORT_SYMBOL_NS_GPL(virt_queue_events_on, "VIRTBUS");

bool virt_queue_events_after(struct virt_queue *q, unsigned int n)
{
	if (unlikely(READ_ONCE(q->broken)))
		return true;
	return INDIRECT_CALL_1(q->layout->events_on, virt_split_events_on, q,
			       min_t(unsigned int, n, q->slots - 1));
}
EXPORT_SYMBOL_NS_GPL(virt_queue_events_after, "VIRTBUS");

bool virt_queue_in_use(struct virt_queue *q, unsigned int slot)
{
	return slot < q->slots && READ_ONCE(q->slot[slot].busy);
}
EXPORT_SYMBOL_NS_GPL(virt_queue_in_use, "VIRTBUS");

/*
 * Does the device owe an answer? A buffer that it only writes into may stay with
 * it for ever; one that it reads asks for something. In any context: a buffer
 * that comes or goes meanwhile is seen or not.
 */
bool virt_queue_owes(struct virt_queue *q)
{
	unsigned int i;

	for (i = 0; i < q->slots; i++)
		if (READ_ONCE(q->slot[i].busy) && READ_ONCE(q->slot[i].out))
			return true;
	return false;
}

bool virt_queue_event(struct virt_queue *q)
{
	if (unlikely(READ_ONCE(q->broken)))
		return false;
	q->stats.events++;
	if (!INDIRECT_CALL_1(q->layout->pending, virt_split_pending, q)) {
		q->stats.spurious++;
		return false;
	}
	if (q->callback)
		q->callback(q);
	return true;
}
EXPORT_SYMBOL_NS_GPL(virt_queue_event, "VIRTBUS_GLUE");

/*
 * The device did what virtio forbids. Queues stop here and now, so that the
 * caller can return; the rest is the core's.
 */
void virt_queue_violation(struct virt_queue *q, const char *fmt, ...)
{
	char what[VIRT_WHY_MAX];
	va_list args;

	WRITE_ONCE(q->broken, true);
	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	virt_dev_break(q->vdev, "queue %s: %s", q->name, what);
}

/* Zeroed memory that both sides use; page granules, no high orders needed. */
void *virt_queue_mem_alloc(struct virt_queue *q, size_t size, u64 *addr)
{
	void *mem;

	if (q->dma_dev) {
		dma_addr_t dma;

		mem = dma_alloc_coherent(q->dma_dev, size, &dma,
					 GFP_KERNEL | __GFP_NOWARN);
		if (mem)
			*addr = dma;
		return mem;
	}
	mem = alloc_pages_exact(size, GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN);
	if (mem)
		*addr = virt_to_phys(mem);
	return mem;
}

void virt_queue_mem_free(struct virt_queue *q, void *mem, size_t size,
			 u64 addr)
{
	if (!mem)
		return;
	if (q->dma_dev)
		dma_free_coherent(q->dma_dev, size, mem, addr);
	else
		free_pages_exact(mem, size);
}

/* Map @slot->out segments to the device and the rest from it; all or none. */
int virt_queue_map(struct virt_queue *q, struct virt_slot *slot,
		   struct scatterlist *sg)
{
	unsigned int i, n = slot->segs;

	for (i = 0; i < n; i++, sg++) {
		struct virt_map *map = &slot->map[i];

		map->len = sg->length;
		map->addr = dma_map_page(q->dma_dev, sg_page(sg), sg->offset,
					 sg->length, i < slot->out ?
					 DMA_TO_DEVICE : DMA_FROM_DEVICE);
		if (dma_mapping_error(q->dma_dev, map->addr)) {
			slot->segs = i;
			virt_queue_unmap(q, slot);
			return -ENOMEM;
		}
	}
	return 0;
}

void virt_queue_unmap(struct virt_queue *q, struct virt_slot *slot)
{
	unsigned int i;

	for (i = 0; i < slot->segs; i++)
		dma_unmap_page(q->dma_dev, slot->map[i].addr, slot->map[i].len,
			       i < slot->out ?
			       DMA_TO_DEVICE : DMA_FROM_DEVICE);
	slot->segs = 0;
}
