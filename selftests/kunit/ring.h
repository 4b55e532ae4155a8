/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ring.h - the device's side of a queue, in the test's own thread
 *
 * It works with the addresses that the device was told, and with nothing else of
 * the driver's side. It follows the rules, unless it is told to lie.
 */
#ifndef _VIRTBUS_KUNIT_RING_H
#define _VIRTBUS_KUNIT_RING_H

#include "test_dev.h"

/* Of each buffer that a test adds. */
#define OUT_LEN	16
#define IN_LEN	32

/**
 * struct queue_kind - what was agreed on
 * @name: for people
 * @features: beside VERSION_1
 */
struct queue_kind {
	const char *name;
	u64 features;
};

/**
 * struct ring_end - the device's side of a queue
 * @td: the device
 * @q: the queue, for the driver's side of a test
 * @ring: where it is
 * @event_idx: event indexes are used
 * @desc: the descriptors
 * @avail: the driver's area
 * @used: the device's area
 * @avail_idx: next entry to look at
 * @used_idx: next place to fill
 * @mem: memory for buffers
 */
struct ring_end {
	struct test_dev *td;
	struct virt_queue *q;
	struct test_ring *ring;
	bool event_idx;
	struct vring_desc *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	u16 avail_idx;
	u16 used_idx;
	void *mem;
};

const void *queue_kind_gen(const void *prev, char *desc);
struct ring_end *ring_open(struct kunit *test);
int ring_add(struct ring_end *end, unsigned int slot, unsigned int out,
	     unsigned int in);

int ring_take(struct ring_end *end, u32 *out, u32 *in);
void ring_use(struct ring_end *end, u32 id, u32 len);
void ring_publish(struct ring_end *end);
bool ring_call(struct ring_end *end);

void ring_kicks_off(struct ring_end *end);
void ring_kicks_on(struct ring_end *end);
bool ring_wants_event(struct ring_end *end, u16 old);

/* The number that the device knows a slot by. */
static inline u32 ring_id(const struct ring_end *end, unsigned int slot)
{
	return end->q->indirect ? slot : slot * end->q->max_segs;
}

#endif /* _VIRTBUS_KUNIT_RING_H */
