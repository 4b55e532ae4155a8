// SPDX-License-Identifier: GPL-2.0
/*
 * violation.c - what virtio forbids a device breaks it, with a reason
 */
#include "ring.h"

/* Slots 0 to @n - 1 are with the device, which has taken them. */
static struct ring_end *open_with(struct kunit *test, unsigned int n)
{
	struct ring_end *end = ring_open(test);
	unsigned int i;
	u32 out, in;

	for (i = 0; i < n; i++) {
		KUNIT_ASSERT_EQ(test, ring_add(end, i, 1, 1), 0);
		KUNIT_ASSERT_GE(test, ring_take(end, &out, &in), 0);
	}
	return end;
}

/* The next look finds the violation; then nothing works any more. */
static void expect_broken(struct kunit *test, struct ring_end *end,
			  const char *reason)
{
	struct test_dev *td = end->td;
	struct virt_queue *q = end->q;
	u64 added = q->stats.added, used = q->stats.used;
	unsigned int i, len, busy = 0;
	const char *error;

	ring_publish(end);
	KUNIT_ASSERT_EQ(test, virt_queue_get(q, &len), -EIO);
	KUNIT_ASSERT_EQ(test, virt_dev_state(td->vdev), VIRT_BROKEN);
	error = test_dev_error(test, td);
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(error, "queue requests: "),
				  "it says: %s", error);
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(error, reason), "it says: %s",
				  error);

	KUNIT_EXPECT_EQ(test, ring_add(end, 3, 1, 1), -EIO);
	KUNIT_EXPECT_EQ(test, virt_queue_get(q, &len), -EIO);
	KUNIT_EXPECT_FALSE(test, virt_queue_kick_prepare(q));
	KUNIT_EXPECT_FALSE(test, ring_call(end));
	KUNIT_EXPECT_TRUE(test, virt_queue_events_on(q));
	/* what is with the device stays there until it was reset */
	for (i = 0; i < q->slots; i++)
		busy += virt_queue_in_use(q, i);
	KUNIT_EXPECT_EQ(test, busy, added - used);
	KUNIT_EXPECT_EQ(test, q->stats.used, used);

	KUNIT_ASSERT_TRUE(test, test_wait(&td->lost_done));
	KUNIT_EXPECT_EQ(test, td->status_at_lost, 0);
	test_dev_unbind(td);
	KUNIT_EXPECT_EQ(test, td->losts, 1);
	KUNIT_ASSERT_TRUE(test, test_dev_bind(td));
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_CONNECTED);
	/* a driver sees the whole of a new queue */
	KUNIT_EXPECT_EQ(test, td->queue[0]->stats.added, 0);
	KUNIT_EXPECT_FALSE(test, virt_queue_in_use(td->queue[0], 0));
	test_dev_del(td);
}

/* As wide as it is on the wire: more than the 16 bits of a descriptor's number. */
static void id_out_of_range(struct kunit *test)
{
	static const u32 ids[] = {
		16, 17, 64, 0xffff, 0x10000, 0x10004, 0x7fffffff, U32_MAX - 3,
		U32_MAX,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		struct ring_end *end = open_with(test, 2);

		ring_use(end, ids[i], 0);
		expect_broken(test, end, "does not exist (queue size 16)");
	}
}

/* A descriptor in the middle of a chain is not a buffer. */
static void id_inside_a_chain(struct kunit *test)
{
	struct ring_end *end = open_with(test, 2);

	ring_use(end, 1, 0);
	if (end->q->indirect) {
		unsigned int len;

		/* there it is one */
		ring_publish(end);
		KUNIT_EXPECT_EQ(test, virt_queue_get(end->q, &len), 1);
		return;
	}
	expect_broken(test, end, "does not exist");
}

static void id_not_outstanding(struct kunit *test)
{
	struct ring_end *end = open_with(test, 2);

	ring_use(end, ring_id(end, 3), 0);
	expect_broken(test, end, "is not with the device");
}

static void id_twice(struct kunit *test)
{
	struct ring_end *end = open_with(test, 3);
	unsigned int len;

	ring_use(end, ring_id(end, 1), 0);
	ring_use(end, ring_id(end, 1), 0);
	ring_publish(end);
	KUNIT_EXPECT_EQ(test, virt_queue_get(end->q, &len), 1);
	expect_broken(test, end, "is not with the device");
}

static void length_beyond_the_offer(struct kunit *test)
{
	static const u32 lengths[] = { IN_LEN + 1, 0x10000, U32_MAX };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		struct ring_end *end = open_with(test, 2);

		ring_use(end, ring_id(end, 1), lengths[i]);
		expect_broken(test, end, "which has room for 32");
	}
}

/* A buffer only to be read has room for nothing. */
static void length_of_an_out_buffer(struct kunit *test)
{
	struct ring_end *end = open_with(test, 0);

	KUNIT_EXPECT_EQ(test, ring_add(end, 0, 2, 0), 0);
	ring_use(end, ring_id(end, 0), 1);
	expect_broken(test, end, "which has room for 0");
}

/* One more than was made available, the farthest, and one back. */
static void index_too_far(struct kunit *test)
{
	static const u16 by[] = { 4, 16, 17, 0x7fff, 0x8000, 0xffff };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(by); i++) {
		struct ring_end *end = open_with(test, 3);

		end->used_idx += by[i];
		expect_broken(test, end, "the device has only 3 buffers");
	}
}

static void index_with_nothing_available(struct kunit *test)
{
	struct ring_end *end = open_with(test, 0);

	ring_use(end, 0, 0);
	expect_broken(test, end,
		      "moved by 1 but the device has only 0 buffers");
}

/* What was right before stays right, and is not counted twice. */
static void index_back(struct kunit *test)
{
	struct ring_end *end = open_with(test, 3);
	unsigned int len;

	ring_use(end, ring_id(end, 0), 0);
	ring_publish(end);
	KUNIT_EXPECT_EQ(test, virt_queue_get(end->q, &len), 0);
	end->used_idx--;
	expect_broken(test, end, "moved by 65535");
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(id_out_of_range, queue_kind_gen),
	KUNIT_CASE_PARAM(id_inside_a_chain, queue_kind_gen),
	KUNIT_CASE_PARAM(id_not_outstanding, queue_kind_gen),
	KUNIT_CASE_PARAM(id_twice, queue_kind_gen),
	KUNIT_CASE_PARAM(length_beyond_the_offer, queue_kind_gen),
	KUNIT_CASE_PARAM(length_of_an_out_buffer, queue_kind_gen),
	KUNIT_CASE_PARAM(index_too_far, queue_kind_gen),
	KUNIT_CASE_PARAM(index_with_nothing_available, queue_kind_gen),
	KUNIT_CASE_PARAM(index_back, queue_kind_gen),
	{ }
};

struct kunit_suite violation_suite = {
	.name = "virtbus_violation",
	.suite_init = test_glue_open,
	.suite_exit = test_glue_close,
	.test_cases = cases,
};
