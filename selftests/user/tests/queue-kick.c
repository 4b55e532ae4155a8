// SPDX-License-Identifier: GPL-2.0
/* The device is kicked exactly when it asked for it (virtio 1.2, 2.7.10). */
#include "device.h"

static u16 *avail_event(struct virt_queue *q)
{
	return (u16 *)&q->split.used->ring[q->size];
}

/* "Kick when buffer number @event is made available": is it among these? */
static bool asked(u16 event, u16 old, unsigned int n)
{
	return (u16)(event - old) < n;
}

static void kick_with_event(u16 old, unsigned int n, u16 event)
{
	struct user_param param = {
		.size = 8, .max_segs = 1, .event_idx = true, .start = old,
	};
	struct virt_queue *q = user_queue_open(&param);
	unsigned int i;

	for (i = 0; i < n; i++)
		CHECK_EQ(user_add(q, i, 1, 0), 0);
	*avail_event(q) = cpu_to_le16(event);
	if (virt_queue_kick_prepare(q) != asked(event, old, n))
		FAIL("%u buffers from %u on, event index %u: kick is %d", n,
		     old, event, !asked(event, old, n));
	CHECK_EQ(q->stats.kicks, asked(event, old, n));
	/* nothing new: no kick, whatever it asks for */
	CHECK(!virt_queue_kick_prepare(q));
	*avail_event(q) = cpu_to_le16(old + n - 1);
	CHECK(!virt_queue_kick_prepare(q));
	user_queue_close(q);
}

TEST(event_index_near)
{
	static const u16 olds[] = {
		0, 1, 7, 8, 100, 0x7ffc, 0x8000, 65527, 65528, 65534, 65535,
	};
	unsigned int i, n, k;

	for (i = 0; i < ARRAY_SIZE(olds); i++)
		for (n = 0; n <= 8; n++)
			for (k = 0; k < 24; k++)
				kick_with_event(olds[i], n, olds[i] + k - 10);
}

TEST(event_index_anywhere)
{
	unsigned int event;

	for (event = 0; event < 65536; event += 7) {
		kick_with_event(65533, 5, event);
		kick_with_event(3, 8, event);
	}
}

/* Buffers of several batches count as one when no kick came between. */
TEST(event_index_of_earlier_batch)
{
	struct user_param param = { .size = 8, .max_segs = 1, .event_idx = true };
	struct virt_queue *q = user_queue_open(&param);

	*avail_event(q) = cpu_to_le16(4);
	CHECK_EQ(user_add(q, 0, 1, 0), 0);
	CHECK_EQ(user_add(q, 1, 1, 0), 0);
	CHECK(!virt_queue_kick_prepare(q));
	CHECK_EQ(user_add(q, 2, 1, 0), 0);
	CHECK_EQ(user_add(q, 3, 1, 0), 0);
	CHECK_EQ(user_add(q, 4, 1, 0), 0);
	CHECK_EQ(user_add(q, 5, 1, 0), 0);
	CHECK(virt_queue_kick_prepare(q));
	CHECK_EQ(user_add(q, 6, 1, 0), 0);
	CHECK(!virt_queue_kick_prepare(q));
	CHECK_EQ(q->stats.kicks, 1);
	user_queue_close(q);
}

/* With event indexes the device's flag says nothing; without, only it does. */
TEST(flag)
{
	unsigned int event_idx, flags;

	for (event_idx = 0; event_idx <= 1; event_idx++) {
		for (flags = 0; flags <= 3; flags++) {
			struct user_param param = {
				.size = 8, .max_segs = 1,
				.event_idx = event_idx,
			};
			struct virt_queue *q = user_queue_open(&param);

			q->split.used->flags = cpu_to_le16(flags);
			*avail_event(q) = event_idx ? 0 : cpu_to_le16(77);
			CHECK_EQ(user_add(q, 0, 1, 0), 0);
			CHECK_EQ(virt_queue_kick_prepare(q),
				 event_idx || !(flags & VRING_USED_F_NO_NOTIFY));
			CHECK(!virt_queue_kick_prepare(q));
			user_queue_close(q);
		}
	}
}

/* A device that asks again after each look is kicked for each. */
TEST(each_when_asked_each)
{
	unsigned int kind, i, len;

	for (kind = 0; kind < USER_KINDS; kind++) {
		struct user_param param = user_kind(kind, 16, 4);
		struct virt_queue *q = user_queue_open(&param);
		struct device_end d;

		device_open(&d, q);
		for (i = 0; i < 50; i++) {
			CHECK(device_kicks_on(&d));
			CHECK_EQ(user_add(q, i % q->slots, 1, 1), 0);
			CHECK(virt_queue_kick_prepare(q));
			CHECK(!device_kicks_on(&d));
			device_serve(&d);
			CHECK_EQ(virt_queue_get(q, &len), i % q->slots);
		}
		CHECK_EQ(q->stats.kicks, 50);
		user_queue_close(q);
	}
}
