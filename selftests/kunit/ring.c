// SPDX-License-Identifier: GPL-2.0
/*
 * ring.c - a device end for split queues (virtio 1.2, 2.7), to the letter
 */
#include <linux/io.h>
#include <linux/irqflags.h>
#include <linux/scatterlist.h>
#include <linux/virtio_ring.h>

#include "ring.h"

static const struct queue_kind kinds[] = {
	{ "direct, flags", 0 },
	{ "indirect, flags", BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC) },
	{ "direct, event index", BIT_ULL(VIRTIO_RING_F_EVENT_IDX) },
	{ "indirect, event index", BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC) |
				   BIT_ULL(VIRTIO_RING_F_EVENT_IDX) },
};

/**
 * queue_kind_gen() - for KUNIT_CASE_PARAM(): a test runs on each kind of queue
 * @prev: the last one
 * @desc: its name goes there
 *
 * Return: the next one, or NULL.
 */
const void *queue_kind_gen(const void *prev, char *desc)
{
	const struct queue_kind *kind = prev;

	kind = kind ? kind + 1 : kinds;
	if (kind == kinds + ARRAY_SIZE(kinds))
		return NULL;
	strscpy(desc, kind->name, KUNIT_PARAM_DESC_SIZE);
	return kind;
}

static __virtio16 to_v16(u16 v)
{
	return (__force __virtio16)cpu_to_le16(v);
}

static __virtio32 to_v32(u32 v)
{
	return (__force __virtio32)cpu_to_le32(v);
}

static u16 from_v16(__virtio16 v)
{
	return le16_to_cpu((__force __le16)v);
}

static u32 from_v32(__virtio32 v)
{
	return le32_to_cpu((__force __le32)v);
}

static void *at(__virtio64 addr)
{
	return phys_to_virt(le64_to_cpu((__force __le64)addr));
}

static void callback(struct virt_queue *q)
{
	((struct test_dev *)q->priv)->callbacks++;
}

/**
 * ring_open() - a connected device with one queue of 16 and 4 segments
 * @test: the test; its parameter is a struct queue_kind
 *
 * Return: the device's side.
 */
struct ring_end *ring_open(struct kunit *test)
{
	const struct queue_kind *kind = test->param_value;
	struct test_dev *td = test_dev_new(test, TEST_TYPE);
	struct ring_end *end = kunit_kzalloc(test, sizeof(*end), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, end);
	end->mem = kunit_kzalloc(test, OUT_LEN + IN_LEN, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, end->mem);
	td->offered |= kind->features;
	td->nr_queues = 1;
	td->param[0].callback = callback;
	td->param[0].priv = td;
	test_dev_add(test, td);
	KUNIT_ASSERT_EQ(test, virt_dev_state(td->vdev), VIRT_CONNECTED);
	KUNIT_ASSERT_EQ(test, td->accepted, td->offered);

	end->td = td;
	end->q = td->queue[0];
	end->ring = &td->ring[0];
	end->event_idx = kind->features & BIT_ULL(VIRTIO_RING_F_EVENT_IDX);
	KUNIT_ASSERT_EQ(test, end->ring->size, 16);
	end->desc = phys_to_virt(end->ring->desc);
	end->avail = phys_to_virt(end->ring->avail);
	end->used = phys_to_virt(end->ring->used);
	return end;
}

/**
 * ring_add() - the driver adds a buffer
 * @end: the queue
 * @slot: where
 * @out: segments of OUT_LEN bytes
 * @in: segments of IN_LEN bytes
 *
 * Return: as virt_queue_add().
 */
int ring_add(struct ring_end *end, unsigned int slot, unsigned int out,
	     unsigned int in)
{
	struct scatterlist sg[8];
	unsigned int i, n = min_t(unsigned int, out + in, ARRAY_SIZE(sg));

	sg_init_table(sg, ARRAY_SIZE(sg));
	for (i = 0; i < n; i++)
		sg_set_buf(&sg[i], end->mem, i < out ? OUT_LEN : IN_LEN);
	return virt_queue_add(end->q, slot, sg, out, in);
}

/**
 * ring_take() - the device takes the next buffer
 * @end: the queue
 * @out: bytes that it may read
 * @in: bytes that it may write
 *
 * Return: its number; -EAGAIN when there is none, -EINVAL when it is not what
 * virtio says.
 */
int ring_take(struct ring_end *end, u32 *out, u32 *in)
{
	unsigned int head, i, entries = end->ring->size, seen = 0;
	struct vring_desc *table = end->desc;
	u16 idx, flags;

	/* pairs with the driver writing the entry before the index */
	idx = from_v16(smp_load_acquire(&end->avail->idx));
	if (idx == end->avail_idx)
		return -EAGAIN;
	head = from_v16(end->avail->ring[end->avail_idx++ % entries]);
	i = head;
	if (head >= entries)
		return -EINVAL;
	if (from_v16(table[i].flags) & VRING_DESC_F_INDIRECT) {
		entries = from_v32(table[i].len) / sizeof(*table);
		table = at(table[i].addr);
		i = 0;
	}
	*out = 0;
	*in = 0;
	do {
		if (i >= entries || seen++ >= end->ring->size)
			return -EINVAL;
		flags = from_v16(table[i].flags);
		if (at(table[i].addr) != end->mem)
			return -EINVAL;
		*(flags & VRING_DESC_F_WRITE ? in : out) += from_v32(table[i].len);
		i = from_v16(table[i].next);
	} while (flags & VRING_DESC_F_NEXT);
	return head;
}

/**
 * ring_use() - the device fills in a used entry, which ring_publish() shows
 * @end: the queue
 * @id: the buffer's number, or a lie
 * @len: bytes written, or a lie
 */
void ring_use(struct ring_end *end, u32 id, u32 len)
{
	struct vring_used_elem *elem;

	elem = &end->used->ring[end->used_idx++ % end->ring->size];
	elem->id = to_v32(id);
	elem->len = to_v32(len);
}

void ring_publish(struct ring_end *end)
{
	/* pairs with the driver reading the index before the entry */
	smp_store_release(&end->used->idx, to_v16(end->used_idx));
}

/* The device calls: as an interrupt does. */
bool ring_call(struct ring_end *end)
{
	unsigned long flags;
	bool work;

	local_irq_save(flags);
	work = virt_queue_event(end->q);
	local_irq_restore(flags);
	return work;
}

static __virtio16 *avail_event(struct ring_end *end)
{
	return (__virtio16 *)&end->used->ring[end->ring->size];
}

/* With event indexes: not before the index has gone all the way round. */
void ring_kicks_off(struct ring_end *end)
{
	if (end->event_idx)
		WRITE_ONCE(*avail_event(end), to_v16(end->avail_idx - 1));
	else
		WRITE_ONCE(end->used->flags, to_v16(VRING_USED_F_NO_NOTIFY));
}

/* For the next buffer that is made available. */
void ring_kicks_on(struct ring_end *end)
{
	if (end->event_idx)
		WRITE_ONCE(*avail_event(end), to_v16(end->avail_idx));
	else
		WRITE_ONCE(end->used->flags, to_v16(0));
}

/**
 * ring_wants_event() - does the driver want to hear of what was used?
 * @end: the queue
 * @old: the used index when it was last thought of
 *
 * Return: true if it does.
 */
bool ring_wants_event(struct ring_end *end, u16 old)
{
	u16 event = from_v16(end->avail->ring[end->ring->size]);

	if (end->event_idx)
		return vring_need_event(event, end->used_idx, old);
	return !(from_v16(end->avail->flags) & VRING_AVAIL_F_NO_INTERRUPT);
}
