// SPDX-License-Identifier: GPL-2.0
/*
 * chain.c - the available side of a split queue: take a buffer, believing
 *	     nothing (virtio 1.2, 2.7.5 and 2.7.13)
 *
 * Everything is read once. What the driver could do wrong: claim more buffers
 * than the queue has room for, name a head outside of it or one that it did not
 * get back yet, build a loop or a chain that is too long, put a table into a
 * table, name memory that is not there, mix what is read and what is written.
 */
#include <linux/limits.h>

#include "end.h"

u16 virt_end_avail_idx(const struct virt_end_queue *q)
{
	return __virtio16_to_cpu(true, READ_ONCE(q->avail->idx));
}

/**
 * struct desc - our copy of a descriptor
 * @addr: address
 * @len: bytes
 * @flags: VRING_DESC_F_*
 * @next: number of the next one
 */
struct desc {
	u64 addr;
	u32 len;
	u16 flags;
	u16 next;
};

static struct desc read_desc(const struct vring_desc *from)
{
	return (struct desc) {
		.addr = __virtio64_to_cpu(true, READ_ONCE(from->addr)),
		.len = __virtio32_to_cpu(true, READ_ONCE(from->len)),
		.flags = __virtio16_to_cpu(true, READ_ONCE(from->flags)),
		.next = __virtio16_to_cpu(true, READ_ONCE(from->next)),
	};
}

/* Gives what is wrong with the descriptor, or NULL. */
static const char *add_segment(struct virt_end *end, struct virt_end_buf *buf,
			       const struct desc *d)
{
	bool write = d->flags & VRING_DESC_F_WRITE;
	unsigned int n = buf->nr_out + buf->nr_in;
	void *memory;

	if (n == VIRT_END_SEGS)
		return "has too many segments";
	if (!d->len)
		return "has an empty segment";
	/* 2.7.4.2 */
	if (!write && buf->nr_in)
		return "has readable segments behind writable ones";
	/* 2.7.5.2: 2^32 bytes in all */
	if (buf->out_len + buf->in_len + d->len > U32_MAX)
		return "is longer than 4 GiB";
	memory = end->core->host->translate(end, d->addr, d->len, write);
	if (!memory)
		return "points outside of memory";

	buf->seg[n].iov_base = memory;
	buf->seg[n].iov_len = d->len;
	if (write) {
		buf->nr_in++;
		buf->in_len += d->len;
	} else {
		buf->nr_out++;
		buf->out_len += d->len;
	}
	return NULL;
}

/*
 * Walk the chain that starts at @first of @table, which has @size entries. It
 * is in a table of its own when @nested.
 */
static const char *walk(struct virt_end_queue *q, struct virt_end_buf *buf,
			const struct vring_desc *table, unsigned int size,
			unsigned int first, bool nested, struct desc *indirect)
{
	unsigned int i = first, seen;
	const char *wrong;
	struct desc d;

	for (seen = 0; seen < size; seen++) {
		d = read_desc(&table[i]);
		if (d.flags & VRING_DESC_F_INDIRECT) {
			/* 2.7.5.3.1 */
			if (nested)
				return "has a table inside a table";
			if (!q->indirect)
				return "has a table, which was not agreed on";
			if (d.flags & VRING_DESC_F_NEXT)
				return "goes on behind a table";
			*indirect = d;
			return NULL;
		}
		wrong = add_segment(q->end, buf, &d);
		if (wrong)
			return wrong;
		if (!(d.flags & VRING_DESC_F_NEXT))
			return NULL;
		if (d.next >= size)
			return "goes on outside of its table";
		i = d.next;
	}
	return "is a loop";
}

static const char *read_chain(struct virt_end_queue *q,
			      struct virt_end_buf *buf)
{
	struct desc table = { };
	const void *memory;
	const char *wrong;

	wrong = walk(q, buf, q->desc, q->size, buf->head, false, &table);
	if (wrong || !(table.flags & VRING_DESC_F_INDIRECT))
		return wrong;

	if (!table.len || table.len % sizeof(struct vring_desc))
		return "has a table of a wrong length";
	/* 2.7.5.3.1: no chain is longer than the queue */
	if (table.len / sizeof(struct vring_desc) > q->size)
		return "has a table larger than the queue";
	/* the write flag of a table is to be ignored (2.7.5.3.2) */
	memory = q->end->core->host->translate(q->end, table.addr, table.len,
					       false);
	if (!memory || !IS_ALIGNED((unsigned long)memory, 8))
		return "has a table outside of memory";
	return walk(q, buf, memory, table.len / sizeof(struct vring_desc), 0,
		    true, NULL);
}

bool virt_end_pop(struct virt_end *end, unsigned int queue,
		  struct virt_end_buf *buf)
{
	struct virt_end_queue *q = &end->core->queue[queue];
	const __virtio16 *slot;
	const char *wrong;
	u16 pending;

	if (WARN_ON_ONCE(queue >= end->nr_queues) ||
	    !virt_end_queue_running(q))
		return false;

	q->avail_seen = virt_end_avail_idx(q);
	pending = q->avail_seen - q->avail_idx;
	if (!pending)
		return false;
	if (pending > q->size) {
		virt_end_broken(end, "queue %u: %u buffers available, room for %u",
				queue, pending, q->size);
		return false;
	}
	/* pairs with the driver's, between the entry and avail.idx */
	virt_rmb();

	slot = &q->avail->ring[q->avail_idx & (q->size - 1)];
	buf->head = __virtio16_to_cpu(true, READ_ONCE(*slot));
	if (buf->head >= q->size) {
		virt_end_broken(end, "queue %u: buffer %u, the last is %u",
				queue, buf->head, q->size - 1);
		return false;
	}
	if (test_and_set_bit(buf->head, q->held)) {
		virt_end_broken(end, "queue %u: buffer %u made available twice",
				queue, buf->head);
		return false;
	}

	buf->nr_out = 0;
	buf->nr_in = 0;
	buf->out_len = 0;
	buf->in_len = 0;
	wrong = read_chain(q, buf);
	if (wrong) {
		virt_end_broken(end, "queue %u: buffer %u %s", queue, buf->head,
				wrong);
		return false;
	}
	buf->out = buf->seg;
	buf->in = buf->seg + buf->nr_out;
	q->room[buf->head] = buf->in_len;
	q->avail_idx++;
	return true;
}
EXPORT_SYMBOL_NS_GPL(virt_end_pop, "VIRTBUS_END");
