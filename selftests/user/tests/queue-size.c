// SPDX-License-Identifier: GPL-2.0
/* All sizes that virtio knows, and how many slots they make. */
#include "device.h"

static void whole_queue(const struct user_param *param, unsigned int slots)
{
	struct virt_queue *q = user_queue_open(param);
	unsigned int in = param->max_segs - 1, i, len;
	struct device_end d;

	CHECK_EQ(q->slots, slots);
	device_open(&d, q);
	/* full, twice */
	for (i = 0; i < 2 * slots; i++) {
		CHECK_EQ(user_add(q, i % slots, 1, in), 0);
		if (i < slots - 1)
			continue;
		device_serve(&d);
		CHECK_EQ(virt_queue_get(q, &len), (i + 1) % slots);
		CHECK_EQ(len, in * USER_IN_LEN);
	}
	/* what is still with the device is taken care of by closing */
	user_queue_close(q);
}

TEST(direct)
{
	unsigned int size, segs;
	struct user_param param = { .event_idx = true };

	for (size = 1; size <= 32768; size *= 2) {
		for (segs = 1; segs <= size && segs <= 256; segs = segs * 3 + 1) {
			param.size = size;
			param.max_segs = segs;
			whole_queue(&param, size / segs);
		}
	}
}

TEST(indirect)
{
	unsigned int size, segs;
	struct user_param param = { .event_idx = true, .indirect = true };

	for (size = 1; size <= 32768; size *= 2) {
		for (segs = 1; segs <= size && segs <= 32; segs = segs * 3 + 1) {
			param.size = size;
			param.max_segs = segs;
			whole_queue(&param, size);
		}
	}
}

/* A page a slot: as much memory as a queue can ask for, but not at a stretch. */
TEST(largest_tables)
{
	struct user_param param = {
		.size = 4096, .max_segs = 256, .indirect = true,
	};

	whole_queue(&param, 4096);
}

TEST(dma)
{
	struct user_param param = { .dma = true };

	for (param.size = 1; param.size <= 4096; param.size *= 2) {
		param.max_segs = param.size < 3 ? param.size : 3;
		param.indirect = false;
		whole_queue(&param, param.size / param.max_segs);
		param.indirect = true;
		whole_queue(&param, param.size);
	}
}

/* One segment needs no table, so no page is allocated for any. */
TEST(no_table_for_one_segment)
{
	struct user_param param = { .size = 8, .max_segs = 1, .indirect = true };
	struct virt_queue *q = user_queue_open(&param);

	CHECK(!q->indirect);
	CHECK(!q->tables);
	CHECK_EQ(kernel.live, 4);
	user_queue_close(q);
}

/* What a driver wants is cut to what the queue can do. */
static void cut(unsigned int size, unsigned int wanted, unsigned int max_segs)
{
	struct user_param param = { .size = size, .max_segs = wanted };
	struct device_end d;
	unsigned int indirect, len;

	for (indirect = 0; indirect <= 1; indirect++) {
		struct virt_queue *q;

		param.indirect = indirect;
		q = user_queue_open(&param);
		CHECK_EQ(q->max_segs, max_segs);
		CHECK_EQ(q->slots, q->indirect ? size : size / max_segs);
		device_open(&d, q);
		CHECK_EQ(user_add(q, 0, 1, max_segs - 1), 0);
		device_serve(&d);
		CHECK_EQ(virt_queue_get(q, &len), 0);
		kernel.warnings_wanted = true;
		CHECK_EQ(user_add(q, 0, 1, max_segs), -EINVAL);
		kernel.warnings_wanted = false;
		user_queue_close(q);
	}
}

/* A chain is no longer than the queue, in a table neither: 2.7.5.3.1. */
TEST(buffer_longer_than_the_queue)
{
	cut(1, 2, 1);
	cut(2, 128, 2);
	cut(16, 17, 16);
	cut(128, 130, 128);
	cut(128, ~0U, 128);
}

TEST(table_longer_than_a_page)
{
	cut(1024, 257, 256);
	cut(1024, 512, 256);
	cut(32768, ~0U, 256);
}

static void refused(unsigned int size, unsigned int max_segs, bool indirect)
{
	struct user_param param = {
		.size = size, .max_segs = max_segs, .indirect = indirect,
	};
	struct virt_queue *q;

	CHECK_EQ(user_queue_try(&param, &q), -EINVAL);
	CHECK_EQ(kernel.live, 0);
}

TEST(no_segments)
{
	refused(16, 0, false);
	refused(16, 0, true);
}
