// SPDX-License-Identifier: GPL-2.0
/* Indexes have 16 bits and go round; nothing is lost where they do. */
#include "device.h"

/* @rounds times @depth buffers, all slots in turn. */
static void go_round(const struct user_param *param, unsigned int depth,
		     unsigned int rounds)
{
	struct virt_queue *q = user_queue_open(param);
	unsigned int out = q->max_segs - 1;
	unsigned int r, i, len, slot = 0, first;
	struct device_end d;

	device_open(&d, q);
	for (r = 0; r < rounds; r++) {
		first = slot;
		for (i = 0; i < depth; i++, slot = (slot + 1) % q->slots)
			CHECK_EQ(user_add(q, slot, out, 1), 0);
		CHECK(virt_queue_kick_prepare(q));
		for (i = 0; i < depth; i++)
			device_serve(&d);
		CHECK(device_kicks_on(&d));
		CHECK(device_must_call(&d));
		for (i = 0; i < depth; i++) {
			CHECK_EQ(virt_queue_get(q, &len),
				 (first + i) % q->slots);
			CHECK_EQ(len, USER_IN_LEN);
		}
		CHECK_EQ(virt_queue_get(q, &len), -EAGAIN);
		CHECK(virt_queue_events_on(q));
	}
	CHECK_EQ(q->stats.used, (u64)depth * rounds);
	CHECK_EQ((u16)(le16_to_cpu(q->split.avail->idx) - param->start),
		 (u16)(depth * rounds));
	user_queue_close(q);
}

/* Every distance from the end of the numbers, with every depth. */
TEST(around_the_end)
{
	unsigned int kind, start, depth;

	for (kind = 0; kind < 8; kind++) {
		struct user_param param = user_kind(kind, 16, 2);

		for (start = 65536 - 20; start <= 65536; start++) {
			param.start = start;
			for (depth = 1; depth <= 8; depth++)
				go_round(&param, depth, 6);
		}
	}
}

TEST(three_times_round)
{
	unsigned int kind;

	for (kind = 0; kind < 8; kind++) {
		struct user_param param = user_kind(kind, 32, 2);

		go_round(&param, 13, 3 * 65536 / 13);
	}
}

/* Half of all numbers are with the device at once. */
TEST(largest_queue)
{
	struct user_param param = {
		.size = 32768, .max_segs = 2, .indirect = true,
		.event_idx = true, .start = 40000,
	};

	go_round(&param, 32768, 5);
	param.event_idx = false;
	go_round(&param, 32768, 5);
}

TEST(smallest_queue)
{
	struct user_param param = { .size = 1, .max_segs = 1, .start = 65500 };

	go_round(&param, 1, 66000);
	param.event_idx = true;
	go_round(&param, 1, 66000);
}
