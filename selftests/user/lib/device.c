// SPDX-License-Identifier: GPL-2.0
/* device.c - a device end that follows virtio 1.2, 2.7, to the letter */
#include "device.h"

void device_open(struct device_end *d, const struct virt_queue *q)
{
	*d = (struct device_end) {
		.size = q->size,
		.indirect = q->indirect,
		.event_idx = q->event_idx,
		.dma = q->dma_dev,
	};
	d->desc = user_device_sees(q->split.desc_addr, 0, true, d->dma);
	d->avail = user_device_sees(q->split.avail_addr, 0, true, d->dma);
	d->used = user_device_sees(q->split.used_addr, 0, true, d->dma);
	/* 2.7: alignment */
	CHECK_EQ((unsigned long)d->desc % 16, 0);
	CHECK_EQ((unsigned long)d->avail % 2, 0);
	CHECK_EQ((unsigned long)d->used % 4, 0);
	d->avail_idx = le16_to_cpu(d->avail->idx);
	d->used_idx = d->avail_idx;
	d->told_idx = d->avail_idx;
}

static u16 *avail_event(struct device_end *d)
{
	return (u16 *)&d->used->ring[d->size];
}

static u16 *used_event(struct device_end *d)
{
	return &d->avail->ring[d->size];
}

static void take_seg(struct device_end *d, struct device_buf *buf,
		     const struct vring_desc *desc)
{
	struct device_seg *seg = &buf->seg[buf->nr];

	CHECK(buf->nr < DEVICE_SEGS);
	seg->len = le32_to_cpu(desc->len);
	seg->write = le16_to_cpu(desc->flags) & VRING_DESC_F_WRITE;
	seg->mem = user_device_sees(le64_to_cpu(desc->addr), seg->len,
				    seg->write, d->dma);
	/* 2.7.4.2: what it reads comes first */
	if (seg->write) {
		buf->room += seg->len;
	} else {
		CHECK_EQ(buf->out, buf->nr);
		buf->out++;
	}
	buf->nr++;
}

/* 2.7.5: a chain through the ring, or through a table. */
static void take_chain(struct device_end *d, struct device_buf *buf,
		       const struct vring_desc *table, unsigned int entries,
		       u16 first)
{
	const struct vring_desc *desc;
	u16 flags, i = first;

	do {
		CHECK(i < entries);
		/* 2.7.5.3.1: nor may a table be longer than the queue */
		CHECK(buf->nr < d->size);
		desc = &table[i];
		flags = le16_to_cpu(desc->flags);
		CHECK(!(flags & ~(VRING_DESC_F_NEXT | VRING_DESC_F_WRITE)));
		take_seg(d, buf, desc);
		i = le16_to_cpu(desc->next);
	} while (flags & VRING_DESC_F_NEXT);
}

bool device_take(struct device_end *d, struct device_buf *buf)
{
	u16 idx = le16_to_cpu(__atomic_load_n(&d->avail->idx,
					      __ATOMIC_ACQUIRE));
	struct vring_desc *desc, *table;
	u32 len;

	if (idx == d->avail_idx)
		return false;
	CHECK((u16)(idx - d->avail_idx) <= d->size);
	buf->head = le16_to_cpu(d->avail->ring[d->avail_idx % d->size]);
	d->avail_idx++;
	buf->nr = 0;
	buf->out = 0;
	buf->room = 0;

	CHECK(buf->head < d->size);
	desc = &d->desc[buf->head];
	if (!(le16_to_cpu(desc->flags) & VRING_DESC_F_INDIRECT)) {
		take_chain(d, buf, d->desc, d->size, buf->head);
		return true;
	}
	/* 2.7.5.3 */
	CHECK(d->indirect);
	CHECK_EQ(le16_to_cpu(desc->flags), VRING_DESC_F_INDIRECT);
	len = le32_to_cpu(desc->len);
	CHECK(len && len % sizeof(*desc) == 0);
	table = user_device_sees(le64_to_cpu(desc->addr), len, false, d->dma);
	CHECK_EQ((unsigned long)table % 16, 0);
	take_chain(d, buf, table, len / sizeof(*desc), 0);
	CHECK_EQ(buf->nr, len / sizeof(*desc));
	return true;
}

void device_use(struct device_end *d, u16 head, u32 len)
{
	struct vring_used_elem *elem = &d->used->ring[d->used_idx % d->size];

	elem->id = cpu_to_le32(head);
	elem->len = cpu_to_le32(len);
	d->used_idx++;
}

void device_publish(struct device_end *d)
{
	__atomic_store_n(&d->used->idx, cpu_to_le16(d->used_idx),
			 __ATOMIC_RELEASE);
}

bool device_must_call(struct device_end *d)
{
	u16 flags, event, old = d->told_idx;

	d->told_idx = d->used_idx;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	flags = le16_to_cpu(READ_ONCE(d->avail->flags));
	if (!d->event_idx)
		return !(flags & VRING_AVAIL_F_NO_INTERRUPT);
	/* 2.7.7.1: with event indexes the flags stay 0 */
	CHECK_EQ(flags, 0);
	event = le16_to_cpu(READ_ONCE(*used_event(d)));
	return vring_need_event(event, d->used_idx, old);
}

bool device_kicks_on(struct device_end *d)
{
	if (d->event_idx)
		WRITE_ONCE(*avail_event(d), cpu_to_le16(d->avail_idx));
	else
		WRITE_ONCE(d->used->flags, 0);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return le16_to_cpu(READ_ONCE(d->avail->idx)) == d->avail_idx;
}

void device_kicks_off(struct device_end *d)
{
	if (!d->event_idx)
		WRITE_ONCE(d->used->flags,
			   cpu_to_le16(VRING_USED_F_NO_NOTIFY));
}

u16 device_serve(struct device_end *d)
{
	struct device_buf buf;

	CHECK(device_take(d, &buf));
	device_use(d, buf.head, buf.room);
	device_publish(d);
	return buf.head;
}
