// SPDX-License-Identifier: GPL-2.0
/* What the device used comes back: the slot, the length, once. */
#include "device.h"

static void in_order_of_use(const struct user_param *param)
{
	static const u16 order[] = { 2, 0, 3, 1 };
	struct virt_queue *q = user_queue_open(param);
	struct device_buf buf[4];
	struct device_end d;
	unsigned int i, len;

	device_open(&d, q);
	CHECK_EQ(virt_queue_get(q, &len), -EAGAIN);
	for (i = 0; i < 4; i++)
		CHECK_EQ(user_add(q, i, 1, 1), 0);
	CHECK_EQ(virt_queue_get(q, &len), -EAGAIN);
	for (i = 0; i < 4; i++)
		CHECK(device_take(&d, &buf[i]));
	CHECK_EQ(virt_queue_get(q, &len), -EAGAIN);

	for (i = 0; i < 4; i++)
		device_use(&d, buf[order[i]].head, i);
	CHECK_EQ(virt_queue_get(q, &len), -EAGAIN);
	device_publish(&d);
	for (i = 0; i < 4; i++) {
		CHECK(virt_queue_in_use(q, order[i]));
		CHECK_EQ(virt_queue_get(q, &len), order[i]);
		CHECK_EQ(len, i);
		CHECK(!virt_queue_in_use(q, order[i]));
		CHECK_EQ(q->stats.used, i + 1);
	}
	CHECK_EQ(virt_queue_get(q, &len), -EAGAIN);
	CHECK_EQ(q->stats.used, 4);
	user_queue_close(q);
}

TEST(order_is_the_device_s)
{
	unsigned int kind;

	for (kind = 0; kind < USER_KINDS; kind++) {
		struct user_param param = user_kind(kind, 16, 4);

		in_order_of_use(&param);
	}
}

/* Every length up to what was offered is the device's good right. */
TEST(lengths_up_to_the_offer)
{
	static const u32 lengths[] = { 0, 1, 31, 63, 64 };
	struct user_param param = user_kind(1, 8, 4);
	struct virt_queue *q = user_queue_open(&param);
	struct device_end d;
	unsigned int i, len;

	device_open(&d, q);
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		struct device_buf buf;

		CHECK_EQ(user_add(q, 1, 2, 2), 0);
		CHECK(device_take(&d, &buf));
		CHECK_EQ(buf.room, 2 * USER_IN_LEN);
		device_use(&d, buf.head, lengths[i]);
		device_publish(&d);
		CHECK_EQ(virt_queue_get(q, &len), 1);
		CHECK_EQ(len, lengths[i]);
	}
	user_queue_close(q);
}

/* A used length has 32 bits: an offer beyond them is still a good offer. */
TEST(offer_beyond_32_bits)
{
	struct user_param param = user_kind(0, 8, 4);
	struct virt_queue *q = user_queue_open(&param);
	struct scatterlist sg[3];
	struct device_end d;
	unsigned int i, len;

	for (i = 0; i < 3; i++) {
		sg_set_buf(&sg[i], sg, 1);
		sg[i].length = 0x60000000;
	}
	device_open(&d, q);
	CHECK_EQ(virt_queue_add(q, 0, sg, 0, 3), 0);
	device_use(&d, 0, U32_MAX);
	device_publish(&d);
	CHECK_EQ(virt_queue_get(q, &len), 0);
	CHECK_EQ(len, U32_MAX);
	user_queue_close(q);
}

/* The same slot again and again: nothing of its last buffer stays behind. */
TEST(slot_again)
{
	unsigned int kind, i, len;

	for (kind = 0; kind < USER_KINDS; kind++) {
		struct user_param param = user_kind(kind, 8, 4);
		struct virt_queue *q = user_queue_open(&param);
		struct device_end d;

		device_open(&d, q);
		for (i = 0; i < 100; i++) {
			struct device_buf buf;
			unsigned int in = i % 4;

			CHECK_EQ(user_add(q, 1, 4 - in, in), 0);
			CHECK(device_take(&d, &buf));
			CHECK_EQ(buf.nr, 4);
			CHECK_EQ(buf.room, in * USER_IN_LEN);
			device_use(&d, buf.head, buf.room);
			device_publish(&d);
			CHECK_EQ(virt_queue_get(q, &len), 1);
			CHECK_EQ(len, in * USER_IN_LEN);
		}
		user_queue_close(q);
	}
}
