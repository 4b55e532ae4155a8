// SPDX-License-Identifier: GPL-2.0
/*
 * queue_split.c - split queues (virtio 1.2, 2.7)
 *
 * A slot has fixed descriptors: with INDIRECT_DESC one descriptor in the ring
 * that points at a table of its own, else a run of @max_segs descriptors in the
 * ring. What never changes in them is written once, in alloc; adding a buffer
 * fills in addresses, lengths and flags. There is no free list: the driver says
 * which slot it uses.
 *
 * Barriers, and what each pairs with in the device:
 *   release of avail->idx	its read of avail->idx before the ring entry
 *   acquire of used->idx	its write of the used entry before used->idx
 *   mb in kick_prepare		its mb between writing avail_event (or
 *				used->flags) and reading avail->idx
 *   mb in events_on		its mb between writing used->idx and reading
 *				used_event (or avail->flags)
 */
#include <linux/dma-mapping.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/virtio_ring.h>

#include <asm/barrier.h>

#include <virtbus/virt_queue.h>

#include "queue_layout.h"

/* VERSION_1 is always agreed on, so the wire is little-endian. */
static __virtio16 to_v16(u16 v)
{
	return (__force __virtio16)cpu_to_le16(v);
}

static __virtio32 to_v32(u32 v)
{
	return (__force __virtio32)cpu_to_le32(v);
}

static __virtio64 to_v64(u64 v)
{
	return (__force __virtio64)cpu_to_le64(v);
}

static u16 from_v16(__virtio16 v)
{
	return le16_to_cpu((__force __le16)v);
}

static u32 from_v32(__virtio32 v)
{
	return le32_to_cpu((__force __le32)v);
}

/* Behind the last ring entry; 2.7.6 and 2.7.8. */
static __virtio16 *used_event(struct virt_queue *q)
{
	return &q->split.avail->ring[q->size];
}

static __virtio16 *avail_event(struct virt_queue *q)
{
	return (__virtio16 *)&q->split.used->ring[q->size];
}

static size_t desc_bytes(struct virt_queue *q)
{
	return q->size * sizeof(struct vring_desc);
}

static size_t avail_bytes(struct virt_queue *q)
{
	return sizeof(struct vring_avail) + (q->size + 1) * sizeof(__virtio16);
}

static size_t used_bytes(struct virt_queue *q)
{
	return sizeof(struct vring_used) +
	       q->size * sizeof(struct vring_used_elem) + sizeof(__virtio16);
}

static void fill_desc(struct vring_desc *desc, u64 addr, u32 len, bool in,
		      bool more)
{
	desc->addr = to_v64(addr);
	desc->len = to_v32(len);
	desc->flags = to_v16((in ? VRING_DESC_F_WRITE : 0) |
			     (more ? VRING_DESC_F_NEXT : 0));
}

int virt_split_add(struct virt_queue *q, unsigned int slot_nr,
		   struct scatterlist *sg, unsigned int out, unsigned int in)
{
	struct virt_slot *slot = &q->slot[slot_nr];
	unsigned int i, segs = out + in;
	u64 in_len = 0;
	u16 avail_idx;

	WRITE_ONCE(slot->out, out);	/* virt_queue_owes() may look */
	slot->segs = segs;
	if (q->dma_dev && virt_queue_map(q, slot, sg))
		return -ENOMEM;

	for (i = 0; i < segs; i++, sg++) {
		u64 addr = q->dma_dev ? slot->map[i].addr : sg_phys(sg);

		fill_desc(&slot->desc[i], addr, sg->length, i >= out,
			  i + 1 < segs);
		if (i >= out)
			in_len += sg->length;
	}
	if (q->indirect)
		q->split.desc[slot->head].len =
			to_v32(segs * sizeof(struct vring_desc));
	slot->in_len = min_t(u64, in_len, U32_MAX);
	WRITE_ONCE(slot->busy, true);

	avail_idx = q->split.avail_idx;
	WRITE_ONCE(q->split.avail->ring[avail_idx & (q->size - 1)],
		   to_v16(slot->head));
	/* before the release: get() must never see the device ahead of us */
	WRITE_ONCE(q->split.avail_idx, ++avail_idx);
	/* pairs with the device reading avail->idx before the entry */
	virt_store_release(&q->split.avail->idx, to_v16(avail_idx));
	return 0;
}

bool virt_split_kick_prepare(struct virt_queue *q)
{
	u16 old = q->split.kicked_idx;
	u16 new = q->split.avail_idx;

	if (old == new)
		return false;
	q->split.kicked_idx = new;

	/* pairs with the device writing avail_event before reading the index */
	virt_mb();
	if (q->event_idx)
		return vring_need_event(from_v16(READ_ONCE(*avail_event(q))),
					new, old);
	return !(from_v16(READ_ONCE(q->split.used->flags)) &
		 VRING_USED_F_NO_NOTIFY);
}

/* How far has the device come? Never further than we let it: 2.7.8. */
static int refresh_used(struct virt_queue *q)
{
	u16 seen, used, with_device;

	/* pairs with the device writing the entry before used->idx */
	seen = from_v16(virt_load_acquire(&q->split.used->idx));
	used = seen - q->split.used_idx;
	if (!used)
		return -EAGAIN;
	with_device = READ_ONCE(q->split.avail_idx) - q->split.used_idx;
	if (unlikely(used > with_device)) {
		virt_queue_violation(q, "the used index moved by %u but the device has only %u buffers",
				     used, with_device);
		return -EIO;
	}
	q->split.used_seen = seen;
	return 0;
}

static struct virt_slot *slot_of(struct virt_queue *q, u32 id)
{
	u32 nr = id;

	if (!q->indirect) {
		if (id % q->max_segs)
			return NULL;
		nr = id / q->max_segs;
	}
	return nr < q->slots ? &q->slot[nr] : NULL;
}

int virt_split_get(struct virt_queue *q, unsigned int *len)
{
	u16 used_idx = q->split.used_idx;
	struct vring_used_elem *elem;
	struct virt_slot *slot;
	u32 id, written;

	if (used_idx == q->split.used_seen) {
		int err = refresh_used(q);

		if (err)
			return err;
	}
	elem = &q->split.used->ring[used_idx & (q->size - 1)];
	id = from_v32(READ_ONCE(elem->id));
	written = from_v32(READ_ONCE(elem->len));

	slot = slot_of(q, id);
	if (unlikely(!slot)) {
		virt_queue_violation(q, "the used buffer %u does not exist (queue size %u)",
				     id, q->size);
		return -EIO;
	}
	if (unlikely(!READ_ONCE(slot->busy))) {
		virt_queue_violation(q, "the used buffer %u is not with the device",
				     id);
		return -EIO;
	}
	if (unlikely(written > slot->in_len)) {
		virt_queue_violation(q, "the device wrote %u bytes into buffer %u, which has room for %u",
				     written, id, slot->in_len);
		return -EIO;
	}
	/* an event on another CPU may look at it: virt_split_pending() */
	WRITE_ONCE(q->split.used_idx, used_idx + 1);
	if (q->dma_dev)
		virt_queue_unmap(q, slot);
	WRITE_ONCE(slot->busy, false);
	*len = written;
	return slot - q->slot;
}

static u16 used_now(struct virt_queue *q)
{
	return from_v16(READ_ONCE(q->split.used->idx)) -
	       READ_ONCE(q->split.used_idx);
}

/* Not only for the getting side: events look here too. */
bool virt_split_pending(struct virt_queue *q)
{
	return used_now(q) != 0;
}

static void split_events_off(struct virt_queue *q)
{
	/* with event_idx the device is silent until used_event moves */
	if (!q->event_idx)
		WRITE_ONCE(q->split.avail->flags,
			   to_v16(VRING_AVAIL_F_NO_INTERRUPT));
}

bool virt_split_events_on(struct virt_queue *q, u16 after)
{
	if (q->event_idx)
		WRITE_ONCE(*used_event(q), to_v16(q->split.used_idx + after));
	else
		WRITE_ONCE(q->split.avail->flags, 0);
	/* pairs with the device writing used->idx before reading used_event */
	virt_mb();
	return used_now(q) <= after;
}

static void free_tables(struct virt_queue *q)
{
	struct virt_table_page *pages = q->tables;
	unsigned int i;

	for (i = 0; pages && i < q->nr_tables; i++)
		virt_queue_mem_free(q, pages[i].mem, PAGE_SIZE, pages[i].addr);
	kvfree(pages);
	q->tables = NULL;
}

/* One page holds the tables of several slots: no high-order allocation. */
static int alloc_tables(struct virt_queue *q)
{
	size_t bytes = q->max_segs * sizeof(struct vring_desc);
	unsigned int per_page = PAGE_SIZE / bytes;
	struct virt_table_page *pages;
	unsigned int i, k;

	q->nr_tables = DIV_ROUND_UP(q->slots, per_page);
	pages = kvcalloc(q->nr_tables, sizeof(*pages), GFP_KERNEL);
	q->tables = pages;
	if (!pages)
		return -ENOMEM;

	for (i = 0; i < q->nr_tables; i++) {
		pages[i].mem = virt_queue_mem_alloc(q, PAGE_SIZE,
						    &pages[i].addr);
		if (!pages[i].mem)
			return -ENOMEM;
	}
	for (i = 0; i < q->slots; i++) {
		struct virt_table_page *page = &pages[i / per_page];
		size_t offset = i % per_page * bytes;

		q->slot[i].head = i;
		q->slot[i].desc = page->mem + offset;
		for (k = 0; k < q->max_segs; k++)
			q->slot[i].desc[k].next = to_v16(k + 1);
		q->split.desc[i].addr = to_v64(page->addr + offset);
		q->split.desc[i].flags = to_v16(VRING_DESC_F_INDIRECT);
	}
	return 0;
}

/* Without indirect descriptors a slot is a run of the ring's own. */
static void assign_runs(struct virt_queue *q)
{
	unsigned int i, k;

	for (i = 0; i < q->slots; i++) {
		unsigned int head = i * q->max_segs;

		q->slot[i].head = head;
		q->slot[i].desc = &q->split.desc[head];
		for (k = 0; k < q->max_segs; k++)
			q->slot[i].desc[k].next = to_v16(head + k + 1);
	}
}

static void split_take_back(struct virt_queue *q)
{
	unsigned int i;

	for (i = 0; q->slot && i < q->slots; i++) {
		if (!q->slot[i].busy)
			continue;
		if (q->dma_dev)
			virt_queue_unmap(q, &q->slot[i]);
		WRITE_ONCE(q->slot[i].busy, false);
	}
}

static void free_slots(struct virt_queue *q)
{
	unsigned int i;

	split_take_back(q);
	for (i = 0; q->slot && q->dma_dev && i < q->slots; i++)
		kvfree(q->slot[i].map);
	kvfree(q->slot);
	q->slot = NULL;
}

static int alloc_slots(struct virt_queue *q)
{
	unsigned int i;

	q->slot = kvcalloc(q->slots, sizeof(*q->slot), GFP_KERNEL);
	if (!q->slot)
		return -ENOMEM;
	for (i = 0; q->dma_dev && i < q->slots; i++) {
		q->slot[i].map = kvcalloc(q->max_segs, sizeof(struct virt_map),
					  GFP_KERNEL);
		if (!q->slot[i].map)
			return -ENOMEM;
	}
	return 0;
}

static void split_free(struct virt_queue *q)
{
	free_slots(q);
	free_tables(q);
	virt_queue_mem_free(q, q->split.used, used_bytes(q),
			    q->split.used_addr);
	virt_queue_mem_free(q, q->split.avail, avail_bytes(q),
			    q->split.avail_addr);
	virt_queue_mem_free(q, q->split.desc, desc_bytes(q),
			    q->split.desc_addr);
	memset(&q->split, 0, sizeof(q->split));
}

static int split_alloc(struct virt_queue *q)
{
	if (!q->max_segs)
		return -EINVAL;
	/* no chain is longer than the queue, in a table neither: 2.7.5.3.1 */
	q->max_segs = min_t(unsigned int, q->max_segs, q->size);
	/* a table must fit a page; one segment needs no table */
	q->max_segs = min_t(unsigned int, q->max_segs,
			    PAGE_SIZE / sizeof(struct vring_desc));
	if (q->max_segs == 1)
		q->indirect = false;
	q->slots = q->indirect ? q->size : q->size / q->max_segs;

	q->split.desc = virt_queue_mem_alloc(q, desc_bytes(q),
					     &q->split.desc_addr);
	q->split.avail = virt_queue_mem_alloc(q, avail_bytes(q),
					      &q->split.avail_addr);
	q->split.used = virt_queue_mem_alloc(q, used_bytes(q),
					     &q->split.used_addr);
	if (!q->split.desc || !q->split.avail || !q->split.used ||
	    alloc_slots(q))
		goto no_memory;
	if (!q->indirect)
		assign_runs(q);
	else if (alloc_tables(q))
		goto no_memory;
	return 0;

no_memory:
	split_free(q);
	return -ENOMEM;
}

const struct virt_queue_layout virt_split_layout = {
	.alloc = split_alloc,
	.free = split_free,
	.add = virt_split_add,
	.kick_prepare = virt_split_kick_prepare,
	.get = virt_split_get,
	.take_back = split_take_back,
	.pending = virt_split_pending,
	.events_off = split_events_off,
	.events_on = virt_split_events_on,
};
