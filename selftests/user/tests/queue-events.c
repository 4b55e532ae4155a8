// SPDX-License-Identifier: GPL-2.0
/* The device calls when the driver wants it to (virtio 1.2, 2.7.7). */
#include "device.h"

static unsigned int calls;

static void called(struct virt_queue *q)
{
	calls++;
}

static struct virt_queue *open_kind(unsigned int kind, struct device_end *d)
{
	struct user_param param = user_kind(kind, 16, 2);
	struct virt_queue *q = user_queue_open(&param);

	device_open(d, q);
	q->callback = called;
	calls = 0;
	return q;
}

/* Off: silence. On: a call for the next buffer, and only for one. */
TEST(on_and_off)
{
	unsigned int kind, round, len;
	struct device_end d;

	for (kind = 0; kind < USER_KINDS; kind++) {
		struct virt_queue *q = open_kind(kind, &d);

		for (round = 0; round < 30; round++) {
			CHECK_EQ(user_add(q, 0, 1, 1), 0);
			CHECK_EQ(user_add(q, 1, 1, 1), 0);
			CHECK_EQ(user_add(q, 2, 1, 1), 0);
			device_serve(&d);
			CHECK(device_must_call(&d));

			virt_queue_events_off(q);
			CHECK_EQ(virt_queue_get(q, &len), 0);
			device_serve(&d);
			CHECK(!device_must_call(&d));
			CHECK(!virt_queue_events_on(q));

			virt_queue_events_off(q);
			CHECK_EQ(virt_queue_get(q, &len), 1);
			CHECK(virt_queue_events_on(q));
			device_serve(&d);
			CHECK(device_must_call(&d));
			CHECK_EQ(virt_queue_get(q, &len), 2);
			CHECK(virt_queue_events_on(q));
		}
		user_queue_close(q);
	}
}

/* A queue calls from the start: drivers do not ask for it. */
TEST(on_from_the_start)
{
	unsigned int kind;
	struct device_end d;

	for (kind = 0; kind < USER_KINDS; kind++) {
		struct virt_queue *q = open_kind(kind, &d);

		CHECK_EQ(user_add(q, 0, 1, 1), 0);
		device_serve(&d);
		CHECK(device_must_call(&d));
		user_queue_close(q);
	}
}

/* The used_event is the first one that was not taken, wherever we are. */
TEST(used_event_follows)
{
	unsigned int kind, i, len;
	struct device_end d;

	for (kind = 2; kind < USER_KINDS; kind += 4) {
		struct virt_queue *q = open_kind(kind, &d);
		u16 *used_event = &q->split.avail->ring[q->size];
		u16 start = d.used_idx;

		for (i = 0; i < 20; i++) {
			CHECK_EQ(user_add(q, 3, 1, 1), 0);
			device_serve(&d);
			CHECK(!virt_queue_events_on(q));
			CHECK_EQ(le16_to_cpu(*used_event), (u16)(start + i));
			CHECK_EQ(virt_queue_get(q, &len), 3);
			CHECK(virt_queue_events_on(q));
			CHECK_EQ(le16_to_cpu(*used_event), (u16)(start + i + 1));
			CHECK_EQ(q->split.avail->flags, 0);
		}
		user_queue_close(q);
	}
}

/* Not for the next buffers: for the one after them, and then again at once. */
TEST(after_some)
{
	unsigned int kind, i, len;
	struct device_end d;

	for (kind = 0; kind < USER_KINDS; kind++) {
		struct virt_queue *q = open_kind(kind, &d);

		for (i = 0; i < 6; i++)
			CHECK_EQ(user_add(q, i, 1, 1), 0);
		CHECK(virt_queue_events_after(q, 2));
		device_serve(&d);
		/* a device that does not count calls at once */
		CHECK_EQ(device_must_call(&d), !q->event_idx);
		device_serve(&d);
		device_must_call(&d);
		CHECK(virt_queue_events_after(q, 2));
		device_serve(&d);
		CHECK(device_must_call(&d));
		CHECK(!virt_queue_events_after(q, 2));
		CHECK(virt_queue_events_after(q, 3));
		for (i = 0; i < 3; i++)
			CHECK_EQ(virt_queue_get(q, &len), i);
		CHECK(virt_queue_events_after(q, 2));
		CHECK(virt_queue_events_on(q));
		device_serve(&d);
		CHECK(device_must_call(&d));
		user_queue_close(q);
	}
}

/* Without event indexes there is one flag, and no more than it is written. */
TEST(flag)
{
	struct device_end d;
	struct virt_queue *q = open_kind(0, &d);

	CHECK_EQ(q->split.avail->flags, 0);
	virt_queue_events_off(q);
	CHECK_EQ(le16_to_cpu(q->split.avail->flags),
		 VRING_AVAIL_F_NO_INTERRUPT);
	CHECK(virt_queue_events_on(q));
	CHECK_EQ(q->split.avail->flags, 0);
	CHECK_EQ(q->split.avail->ring[q->size], 0);
	user_queue_close(q);
}

TEST(callback_and_counters)
{
	unsigned int kind, len;
	struct device_end d;

	for (kind = 0; kind < USER_KINDS; kind++) {
		struct virt_queue *q = open_kind(kind, &d);

		CHECK(!virt_queue_event(q));
		CHECK_EQ(calls, 0);
		CHECK_EQ(user_add(q, 0, 1, 1), 0);
		CHECK(!virt_queue_event(q));
		device_serve(&d);
		CHECK(virt_queue_event(q));
		CHECK_EQ(calls, 1);
		CHECK(virt_queue_event(q));
		CHECK_EQ(calls, 2);
		CHECK_EQ(virt_queue_get(q, &len), 0);
		CHECK(!virt_queue_event(q));
		CHECK_EQ(calls, 2);
		CHECK_EQ(q->stats.events, 5);
		CHECK_EQ(q->stats.spurious, 3);
		user_queue_close(q);
	}
}

/* A queue without a callback is polled; its events are answered all the same. */
TEST(no_callback)
{
	struct device_end d;
	struct virt_queue *q = open_kind(0, &d);

	q->callback = NULL;
	CHECK_EQ(user_add(q, 0, 1, 1), 0);
	device_serve(&d);
	CHECK(virt_queue_event(q));
	user_queue_close(q);
}
