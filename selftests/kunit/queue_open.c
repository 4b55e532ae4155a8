// SPDX-License-Identifier: GPL-2.0
/*
 * queue_open.c - queues are set up as the device and the driver want them, or not
 */
#include <linux/io.h>
#include <linux/virtio_ring.h>

#include "test_dev.h"

/**
 * struct size_case - the device's word and the driver's wish
 * @offered: descriptors that the device offers
 * @max_size: the most that the driver wants, 0: any
 * @size: what comes out, or
 * @error: why nothing does
 */
struct size_case {
	u16 offered;
	unsigned int max_size;
	unsigned int size;
	int error;
};

static const struct size_case sizes[] = {
	{ .offered = 0, .error = -ENOENT },
	{ .offered = 0, .max_size = 16, .error = -ENOENT },
	/* not a power of two, whatever the driver wants */
	{ .offered = 3, .error = -EIO },
	{ .offered = 255, .error = -EIO },
	{ .offered = 257, .max_size = 64, .error = -EIO },
	{ .offered = 32767, .error = -EIO },
	/* larger than the largest, which 16 bits can say only like this */
	{ .offered = 32769, .error = -EIO },
	{ .offered = 65535, .max_size = 8, .error = -EIO },
	{ .offered = 1, .size = 1 },
	{ .offered = 2, .size = 2 },
	{ .offered = 256, .size = 256 },
	{ .offered = 32768, .max_size = 1024, .size = 1024 },
	{ .offered = 256, .max_size = 1, .size = 1 },
	{ .offered = 256, .max_size = 100, .size = 64 },
	{ .offered = 256, .max_size = 255, .size = 128 },
	{ .offered = 256, .max_size = 256, .size = 256 },
	{ .offered = 256, .max_size = 1000, .size = 256 },
};

static void size_name(const struct size_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u offered, %u wanted",
		 c->offered, c->max_size);
}

KUNIT_ARRAY_PARAM(sizes, sizes, size_name);

static void open_size(struct kunit *test)
{
	const struct size_case *c = test->param_value;
	struct test_dev *td = test_dev_new(test, TEST_TYPE);
	enum virt_state state = VIRT_CONNECTED;

	/* the second one: the first is open by then */
	td->nr_queues = 2;
	td->ring[1].offered = c->offered;
	td->param[1].max_size = c->max_size;
	test_dev_add(test, td);
	KUNIT_EXPECT_EQ(test, td->open_error, c->error);
	KUNIT_EXPECT_EQ(test, td->ring[1].size, c->size);
	if (c->error) {
		/* who says what cannot be breaks the rules; having less does not */
		state = c->error == -EIO ? VIRT_BROKEN : VIRT_CLOSED;
		KUNIT_EXPECT_EQ(test, td->opens, 0);
		KUNIT_EXPECT_PTR_EQ(test, virt_dev_queue(td->vdev, 0), NULL);
	} else {
		KUNIT_EXPECT_EQ(test, td->queue[1]->size, c->size);
		KUNIT_EXPECT_EQ(test, td->queue[0]->size, 16);
	}
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), state);
}

/**
 * struct slots_case - how a ring is divided
 * @indirect: tables are allowed
 * @size: descriptors
 * @want: segments that the driver wants in a buffer
 * @segs: what it gets
 * @slots: buffers
 */
struct slots_case {
	bool indirect;
	u16 size;
	unsigned int want;
	unsigned int segs;
	unsigned int slots;
};

static const struct slots_case slots[] = {
	{ false, 16, 1, 1, 16 },
	{ false, 16, 3, 3, 5 },
	{ false, 16, 4, 4, 4 },
	{ false, 16, 16, 16, 1 },
	{ false, 16, 17, 16, 1 },
	{ false, 1, 4, 1, 1 },
	{ true, 16, 1, 1, 16 },
	{ true, 16, 4, 4, 16 },
	{ true, 16, 17, 16, 16 },
	{ true, 1, 4, 1, 1 },
	/* a table fits a page */
	{ true, 512, 512, PAGE_SIZE / sizeof(struct vring_desc), 512 },
};

static void slots_name(const struct slots_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s, %u of %u",
		 c->indirect ? "indirect" : "direct", c->want, c->size);
}

KUNIT_ARRAY_PARAM(slots, slots, slots_name);

static void open_slots(struct kunit *test)
{
	const struct slots_case *c = test->param_value;
	struct test_dev *td = test_dev_new(test, TEST_TYPE);

	if (c->indirect)
		td->offered |= BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC);
	td->nr_queues = 1;
	td->ring[0].offered = c->size;
	td->param[0].max_segs = c->want;
	test_dev_add(test, td);
	KUNIT_ASSERT_EQ(test, virt_dev_state(td->vdev), VIRT_CONNECTED);
	KUNIT_EXPECT_EQ(test, td->queue[0]->size, c->size);
	KUNIT_EXPECT_EQ(test, td->queue[0]->max_segs, c->segs);
	KUNIT_EXPECT_EQ(test, td->queue[0]->slots, c->slots);
}

static void open_no_segments(struct kunit *test)
{
	struct test_dev *td = test_dev_new(test, TEST_TYPE);

	td->nr_queues = 2;
	td->param[1].max_segs = 0;
	test_dev_add(test, td);
	KUNIT_EXPECT_EQ(test, td->open_error, -EINVAL);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_CLOSED);
	KUNIT_EXPECT_EQ(test, td->opens, 0);
}

static void open_more_than_there_are(struct kunit *test)
{
	struct test_dev *td = test_dev_new(test, TEST_TYPE);

	td->nr_queues = 3;
	td->ring[2].offered = 0;
	test_dev_add(test, td);
	KUNIT_EXPECT_EQ(test, td->open_error, -ENOENT);
	/* all or none: the device has heard of none */
	KUNIT_EXPECT_EQ(test, td->ring[0].size, 0);
	KUNIT_EXPECT_EQ(test, td->ring[1].size, 0);
	td->nr_queues = 2;
	KUNIT_EXPECT_TRUE(test, test_dev_bind(td));
	KUNIT_EXPECT_EQ(test, td->ring[1].size, 16);
}

static int twice_error;

static void open_again(struct test_dev *td)
{
	struct virt_queue *queues[1];

	twice_error = virt_queues_open(td->vdev, 1, td->param, queues);
}

static void open_twice(struct kunit *test)
{
	struct test_dev *td = test_dev_new(test, TEST_TYPE);

	td->nr_queues = 1;
	td->in_probe = open_again;
	test_dev_add(test, td);
	KUNIT_EXPECT_EQ(test, twice_error, -EINVAL);
	/* the first ones are still good */
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_CONNECTED);
	KUNIT_EXPECT_PTR_EQ(test, virt_dev_queue(td->vdev, 0), td->queue[0]);
	KUNIT_EXPECT_PTR_EQ(test, virt_dev_queue(td->vdev, 1), NULL);
	KUNIT_EXPECT_EQ(test, td->opens, 1);
}

/* What the device is told: aligned (virtio 1.2, 2.7), and nothing in it yet. */
static void open_addresses(struct kunit *test)
{
	struct test_dev *td = test_dev_new(test, TEST_TYPE);
	unsigned int i;

	td->nr_queues = 3;
	test_dev_add(test, td);
	for (i = 0; i < 3; i++) {
		struct test_ring *ring = &td->ring[i];
		struct vring_avail *avail = phys_to_virt(ring->avail);
		struct vring_used *used = phys_to_virt(ring->used);

		KUNIT_ASSERT_NE(test, ring->size, 0);
		KUNIT_EXPECT_EQ(test, ring->desc % VRING_DESC_ALIGN_SIZE, 0);
		KUNIT_EXPECT_EQ(test, ring->avail % VRING_AVAIL_ALIGN_SIZE, 0);
		KUNIT_EXPECT_EQ(test, ring->used % VRING_USED_ALIGN_SIZE, 0);
		KUNIT_EXPECT_PTR_EQ(test, memchr_inv(avail, 0, 6 + 2 * 16),
				    NULL);
		KUNIT_EXPECT_PTR_EQ(test, memchr_inv(used, 0, 6 + 8 * 16),
				    NULL);
		KUNIT_EXPECT_EQ(test, td->queue[i]->index, i);
		KUNIT_EXPECT_STREQ(test, td->queue[i]->name, "requests");
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(open_size, sizes_gen_params),
	KUNIT_CASE_PARAM(open_slots, slots_gen_params),
	KUNIT_CASE(open_no_segments),
	KUNIT_CASE(open_more_than_there_are),
	KUNIT_CASE(open_twice),
	KUNIT_CASE(open_addresses),
	{ }
};

struct kunit_suite queue_open_suite = {
	.name = "virtbus_queue_open",
	.suite_init = test_glue_open,
	.suite_exit = test_glue_close,
	.test_cases = cases,
};
