// SPDX-License-Identifier: GPL-2.0
/* What virtio forbids a device breaks the queue, with a reason for an admin. */
#include "device.h"

static struct virt_queue *q;
static struct device_end d;

/* Slots 0 to @n - 1 are with the device, which has taken them. */
static void open_with(unsigned int kind, unsigned int n)
{
	struct user_param param = user_kind(kind, 16, 4);
	struct device_buf buf;
	unsigned int i;

	q = user_queue_open(&param);
	device_open(&d, q);
	for (i = 0; i < n; i++)
		CHECK_EQ(user_add(q, i, 1, 1), 0);
	while (device_take(&d, &buf))
		;
	kernel.breaks_wanted = true;
	kernel.breaks = 0;
}

/* The number that the device knows a slot by. */
static u32 head_of(unsigned int slot)
{
	return q->indirect ? slot : slot * 4;
}

/* The queue is broken, for this reason, and stays so. */
static void broken(const char *reason)
{
	unsigned int len, busy = 0, i;

	CHECK_EQ(virt_queue_get(q, &len), -EIO);
	CHECK_EQ(kernel.breaks, 1);
	CHECK_HAS(kernel.reason, "queue requests0: ");
	CHECK_HAS(kernel.reason, reason);

	for (i = 0; i < q->slots; i++)
		busy += virt_queue_in_use(q, i);
	CHECK_EQ(busy, q->stats.added - q->stats.used);
	CHECK_EQ(virt_queue_get(q, &len), -EIO);
	CHECK_EQ(user_add(q, 3, 1, 1), -EIO);
	CHECK(!virt_queue_kick_prepare(q));
	CHECK(!virt_queue_event(q));
	CHECK_EQ(q->stats.events, 0);
	/* a driver that waits until nothing is left must get out of its loop */
	virt_queue_events_off(q);
	CHECK(virt_queue_events_on(q));
	CHECK_EQ(kernel.breaks, 1);
	user_queue_close(q);
}

TEST(buffer_that_does_not_exist)
{
	static const u32 ids[] = {
		16, 17, 64, 0xffff, 0x10000, 0x10004, 0x7fffffff, U32_MAX - 3,
		U32_MAX,
	};
	unsigned int kind, i;

	for (kind = 0; kind < USER_KINDS; kind++) {
		for (i = 0; i < ARRAY_SIZE(ids); i++) {
			open_with(kind, 2);
			/* as wide as it is on the wire, not as a head */
			device_use(&d, 0, 0);
			d.used->ring[(u16)(d.used_idx - 1) % 16].id =
				cpu_to_le32(ids[i]);
			device_publish(&d);
			broken("does not exist (queue size 16)");
		}
	}
}

/* A descriptor in the middle of a chain is not a buffer. */
TEST(buffer_inside_a_chain)
{
	unsigned int id;

	for (id = 1; id < 4; id++) {
		open_with(0, 2);
		device_use(&d, id, 0);
		device_publish(&d);
		broken("does not exist");
	}
}

TEST(buffer_not_with_the_device)
{
	unsigned int kind;

	for (kind = 0; kind < USER_KINDS; kind++) {
		open_with(kind, 2);
		device_use(&d, head_of(3), 0);
		device_publish(&d);
		broken("is not with the device");
	}
}

TEST(buffer_twice)
{
	unsigned int kind, len;

	for (kind = 0; kind < USER_KINDS; kind++) {
		open_with(kind, 3);
		device_use(&d, head_of(1), 0);
		device_use(&d, head_of(1), 0);
		device_publish(&d);
		CHECK_EQ(virt_queue_get(q, &len), 1);
		CHECK_EQ(q->stats.used, 1);
		broken("is not with the device");
	}
}

TEST(length_beyond_the_offer)
{
	static const u32 lengths[] = { USER_IN_LEN + 1, 0x10000, U32_MAX };
	unsigned int kind, i;

	for (kind = 0; kind < USER_KINDS; kind++) {
		for (i = 0; i < ARRAY_SIZE(lengths); i++) {
			open_with(kind, 2);
			device_use(&d, head_of(1), lengths[i]);
			device_publish(&d);
			broken("which has room for 32");
		}
	}
}

/* A buffer only to be read has room for nothing. */
TEST(length_of_an_out_buffer)
{
	unsigned int kind;

	for (kind = 0; kind < USER_KINDS; kind++) {
		open_with(kind, 0);
		CHECK_EQ(user_add(q, 0, 2, 0), 0);
		device_use(&d, head_of(0), 1);
		device_publish(&d);
		broken("which has room for 0");
	}
}

/* One more than was made available, the farthest, and one back. */
TEST(index_that_jumps)
{
	static const int by[] = { 4, 5, 16, 17, 0x7fff, 0x8000, 0xffff };
	unsigned int kind, i;

	for (kind = 0; kind < USER_KINDS; kind++) {
		for (i = 0; i < ARRAY_SIZE(by); i++) {
			open_with(kind, 3);
			d.used_idx += by[i];
			device_publish(&d);
			broken("the device has only 3 buffers");
		}
	}
}

TEST(index_moves_with_nothing_available)
{
	unsigned int kind;

	for (kind = 0; kind < USER_KINDS; kind++) {
		open_with(kind, 0);
		device_use(&d, 0, 0);
		device_publish(&d);
		broken("moved by 1 but the device has only 0 buffers");
	}
}

/* All of them at once is what it may do. */
TEST(index_moves_by_all)
{
	unsigned int kind, i, len;

	for (kind = 0; kind < USER_KINDS; kind++) {
		open_with(kind, 4);
		for (i = 0; i < 4; i++)
			device_use(&d, head_of(i), 0);
		device_publish(&d);
		for (i = 0; i < 4; i++)
			CHECK_EQ(virt_queue_get(q, &len), i);
		CHECK_EQ(virt_queue_get(q, &len), -EAGAIN);
		CHECK_EQ(kernel.breaks, 0);
		user_queue_close(q);
	}
}

/* A queue that the core has broken for another reason does nothing more. */
TEST(broken_from_outside)
{
	unsigned int kind, len;

	for (kind = 0; kind < USER_KINDS; kind++) {
		open_with(kind, 2);
		device_use(&d, head_of(0), 0);
		device_publish(&d);
		WRITE_ONCE(q->broken, true);
		CHECK_EQ(virt_queue_get(q, &len), -EIO);
		CHECK_EQ(user_add(q, 3, 1, 1), -EIO);
		CHECK(!virt_queue_kick_prepare(q));
		CHECK(!virt_queue_event(q));
		CHECK(virt_queue_events_on(q));
		CHECK_EQ(kernel.breaks, 0);
		user_queue_close(q);
	}
}
