// SPDX-License-Identifier: GPL-2.0
/*
 * queue.c - buffers go to the device and come back, on every kind of queue
 */
#include <linux/virtio_ring.h>

#include "ring.h"

static void queue_round_trip(struct kunit *test)
{
	struct ring_end *end = ring_open(test);
	unsigned int len = 0;
	u32 out, in;
	int id;

	KUNIT_EXPECT_FALSE(test, virt_queue_in_use(end->q, 1));
	KUNIT_EXPECT_EQ(test, ring_add(end, 1, 1, 2), 0);
	KUNIT_EXPECT_TRUE(test, virt_queue_in_use(end->q, 1));
	KUNIT_EXPECT_FALSE(test, virt_queue_in_use(end->q, 0));
	KUNIT_EXPECT_FALSE(test, virt_queue_in_use(end->q, end->q->slots));
	KUNIT_EXPECT_EQ(test, virt_queue_get(end->q, &len), -EAGAIN);

	id = ring_take(end, &out, &in);
	KUNIT_EXPECT_EQ(test, id, ring_id(end, 1));
	KUNIT_EXPECT_EQ(test, out, OUT_LEN);
	KUNIT_EXPECT_EQ(test, in, 2 * IN_LEN);
	KUNIT_EXPECT_EQ(test, ring_take(end, &out, &in), -EAGAIN);
	ring_use(end, id, 2 * IN_LEN);
	/* not before the device has shown it */
	KUNIT_EXPECT_EQ(test, virt_queue_get(end->q, &len), -EAGAIN);
	ring_publish(end);
	KUNIT_EXPECT_TRUE(test, virt_queue_in_use(end->q, 1));
	KUNIT_EXPECT_EQ(test, virt_queue_get(end->q, &len), 1);
	KUNIT_EXPECT_EQ(test, len, 2 * IN_LEN);
	KUNIT_EXPECT_FALSE(test, virt_queue_in_use(end->q, 1));
	KUNIT_EXPECT_EQ(test, virt_queue_get(end->q, &len), -EAGAIN);
	KUNIT_EXPECT_EQ(test, virt_dev_state(end->td->vdev), VIRT_CONNECTED);
}

/* All slots at once, given back from the last to the first, many times over. */
static void queue_full_and_round(struct kunit *test)
{
	struct ring_end *end = ring_open(test);
	unsigned int round, i, len, n = end->q->slots;
	u32 out, in;

	/* indexes have 16 bits: they wrap on the way */
	for (round = 0; round < 66000 / n; round++) {
		for (i = 0; i < n; i++)
			KUNIT_ASSERT_EQ(test, ring_add(end, i, 2, 2), 0);
		for (i = 0; i < n; i++)
			KUNIT_ASSERT_EQ(test, ring_take(end, &out, &in),
					ring_id(end, i));
		for (i = n; i-- > 0;)
			ring_use(end, ring_id(end, i), i);
		ring_publish(end);
		for (i = n; i-- > 0;) {
			KUNIT_ASSERT_EQ(test, virt_queue_get(end->q, &len), i);
			KUNIT_ASSERT_EQ(test, len, i);
		}
	}
	KUNIT_EXPECT_EQ(test, end->q->stats.added, round * n);
	KUNIT_EXPECT_EQ(test, end->q->stats.used, round * n);
}

/* A driver that breaks the rules is refused, and nothing has happened. */
static void queue_bad_add(struct kunit *test)
{
	struct ring_end *end = ring_open(test);
	unsigned int slots = end->q->slots;
	int bad[6], twice;
	unsigned int i;
	u32 out, in;

	KUNIT_ASSERT_EQ(test, ring_add(end, 2, 1, 1), 0);
	KUNIT_ASSERT_EQ(test, test_hush(true), 0);
	bad[0] = ring_add(end, slots, 1, 1);
	bad[1] = ring_add(end, UINT_MAX, 1, 1);
	bad[2] = ring_add(end, 0, 0, 0);
	bad[3] = ring_add(end, 0, 5, 0);
	bad[4] = ring_add(end, 0, 0, 5);
	bad[5] = ring_add(end, 0, 2, 3);
	twice = ring_add(end, 2, 1, 1);
	test_hush(false);

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ_MSG(test, bad[i], -EINVAL, "case %u", i);
	KUNIT_EXPECT_EQ(test, twice, -EINVAL);
	KUNIT_EXPECT_EQ(test, end->q->stats.added, 1);
	KUNIT_EXPECT_FALSE(test, virt_queue_in_use(end->q, 0));
	KUNIT_EXPECT_EQ(test, ring_take(end, &out, &in), ring_id(end, 2));
	KUNIT_EXPECT_EQ(test, ring_take(end, &out, &in), -EAGAIN);
	/* it is the driver's fault, not the device's */
	KUNIT_EXPECT_EQ(test, virt_dev_state(end->td->vdev), VIRT_CONNECTED);
	KUNIT_EXPECT_EQ(test, ring_add(end, slots - 1, 2, 2), 0);
}

static void queue_kicks(struct kunit *test)
{
	struct ring_end *end = ring_open(test);
	struct virt_queue *q = end->q;
	u32 out, in;

	/* nothing to tell */
	KUNIT_EXPECT_FALSE(test, virt_queue_kick_prepare(q));
	ring_kicks_on(end);
	KUNIT_EXPECT_EQ(test, ring_add(end, 0, 1, 1), 0);
	KUNIT_EXPECT_TRUE(test, virt_queue_kick_prepare(q));
	virt_queue_notify(q);
	KUNIT_EXPECT_FALSE(test, virt_queue_kick_prepare(q));

	/* not wanted: it is looking anyway */
	KUNIT_EXPECT_GE(test, ring_take(end, &out, &in), 0);
	ring_kicks_off(end);
	KUNIT_EXPECT_EQ(test, ring_add(end, 1, 1, 1), 0);
	KUNIT_EXPECT_FALSE(test, virt_queue_kick_prepare(q));
	KUNIT_EXPECT_GE(test, ring_take(end, &out, &in), 0);

	/* wanted again; two buffers are one kick */
	ring_kicks_on(end);
	KUNIT_EXPECT_EQ(test, ring_add(end, 2, 1, 1), 0);
	KUNIT_EXPECT_EQ(test, ring_add(end, 3, 1, 1), 0);
	KUNIT_EXPECT_TRUE(test, virt_queue_kick_prepare(q));
	virt_queue_notify(q);
	KUNIT_EXPECT_EQ(test, q->stats.kicks, 2);
	KUNIT_EXPECT_EQ(test, end->ring->kicks, 2);
}

static void queue_events(struct kunit *test)
{
	struct ring_end *end = ring_open(test);
	struct virt_queue *q = end->q;
	unsigned int i, len;

	/* nothing behind it: counted, and the driver is left alone */
	KUNIT_EXPECT_FALSE(test, ring_call(end));
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, ring_add(end, i, 1, 1), 0);
	ring_use(end, ring_id(end, 0), 0);
	ring_publish(end);
	KUNIT_EXPECT_TRUE(test, ring_wants_event(end, 0));
	KUNIT_EXPECT_TRUE(test, ring_call(end));
	KUNIT_EXPECT_EQ(test, end->td->callbacks, 1);

	/* off: a hint, which an event index needs no help for */
	virt_queue_events_off(q);
	KUNIT_EXPECT_EQ(test, virt_queue_get(q, &len), 0);
	ring_use(end, ring_id(end, 1), 0);
	ring_publish(end);
	KUNIT_EXPECT_FALSE(test, ring_wants_event(end, 1));
	/* on: something has come meanwhile, look again */
	KUNIT_EXPECT_FALSE(test, virt_queue_events_on(q));
	KUNIT_EXPECT_EQ(test, virt_queue_get(q, &len), 1);
	KUNIT_EXPECT_TRUE(test, virt_queue_events_on(q));
	ring_use(end, ring_id(end, 2), 0);
	ring_publish(end);
	KUNIT_EXPECT_TRUE(test, ring_wants_event(end, 2));
	/* who knows only the device finds it too */
	KUNIT_EXPECT_TRUE(test, virt_dev_queue_events(end->td->vdev, 0));
	KUNIT_EXPECT_FALSE(test, virt_dev_queue_events(end->td->vdev, 1));

	KUNIT_EXPECT_EQ(test, end->td->callbacks, 2);
	KUNIT_EXPECT_EQ(test, q->stats.events, 3);
	KUNIT_EXPECT_EQ(test, q->stats.spurious, 1);
	KUNIT_EXPECT_EQ(test, q->stats.added, 4);
	KUNIT_EXPECT_EQ(test, q->stats.used, 2);
}

static void queue_events_after(struct kunit *test)
{
	struct ring_end *end = ring_open(test);
	struct virt_queue *q = end->q;
	unsigned int i;

	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, ring_add(end, i, 1, 1), 0);
	KUNIT_EXPECT_TRUE(test, virt_queue_events_after(q, 2));
	for (i = 0; i < 3; i++) {
		ring_use(end, ring_id(end, i), 0);
		/* who cannot count calls for each */
		KUNIT_EXPECT_EQ_MSG(test, ring_wants_event(end, i),
				    !end->event_idx || i == 2, "buffer %u", i);
	}
	ring_publish(end);
	KUNIT_EXPECT_FALSE(test, virt_queue_events_after(q, 2));
	KUNIT_EXPECT_TRUE(test, virt_queue_events_after(q, 3));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(queue_round_trip, queue_kind_gen),
	KUNIT_CASE_PARAM(queue_full_and_round, queue_kind_gen),
	KUNIT_CASE_PARAM(queue_bad_add, queue_kind_gen),
	KUNIT_CASE_PARAM(queue_kicks, queue_kind_gen),
	KUNIT_CASE_PARAM(queue_events, queue_kind_gen),
	KUNIT_CASE_PARAM(queue_events_after, queue_kind_gen),
	{ }
};

struct kunit_suite queue_suite = {
	.name = "virtbus_queue",
	.suite_init = test_glue_open,
	.suite_exit = test_glue_close,
	.test_cases = cases,
};
