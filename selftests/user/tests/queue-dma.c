// SPDX-License-Identifier: GPL-2.0
/* With ACCESS_PLATFORM each segment is mapped, and unmapped when it is back. */
#include "device.h"
#include "queue_layout.h"

static struct virt_queue *q;
static struct device_end d;

static void open_with(bool indirect)
{
	struct user_param param = user_kind(4 + 2 + indirect, 64, 8);

	q = user_queue_open(&param);
	device_open(&d, q);
}

/* Mapped while it is with the device, no longer and no shorter. */
TEST(balance)
{
	unsigned int indirect, segs, out, len;

	for (indirect = 0; indirect <= 1; indirect++) {
		open_with(indirect);
		for (segs = 1; segs <= 8; segs++) {
			for (out = 0; out <= segs; out++) {
				unsigned long maps = kernel.maps;

				CHECK_EQ(user_add(q, 2, out, segs - out), 0);
				CHECK_EQ(kernel.maps - maps, segs);
				CHECK_EQ(kernel.mapped, segs);
				device_serve(&d);
				CHECK_EQ(kernel.mapped, segs);
				CHECK_EQ(virt_queue_get(q, &len), 2);
				CHECK_EQ(kernel.mapped, 0);
			}
		}
		user_queue_close(q);
	}
}

/* Without it nothing is mapped: addresses are physical. */
TEST(none_without_a_device)
{
	struct user_param param = user_kind(3, 64, 8);
	unsigned int len;

	q = user_queue_open(&param);
	device_open(&d, q);
	CHECK_EQ(user_add(q, 2, 4, 4), 0);
	device_serve(&d);
	CHECK_EQ(virt_queue_get(q, &len), 2);
	CHECK_EQ(kernel.maps, 0);
	user_queue_close(q);
}

/* Mappings run out in the middle: try again later, with nothing changed. */
TEST(failure_in_the_middle)
{
	unsigned int indirect, out, nth, len;

	for (indirect = 0; indirect <= 1; indirect++) {
		open_with(indirect);
		CHECK_EQ(user_add(q, 0, 1, 1), 0);
		for (out = 0; out <= 8; out++) {
			for (nth = 1; nth <= 8; nth++) {
				kernel.fail_map = kernel.maps + nth;
				CHECK_EQ(user_add(q, 2, out, 8 - out), -ENOMEM);
				CHECK_EQ(kernel.mapped, 2);
				CHECK(!virt_queue_in_use(q, 2));
			}
		}
		CHECK_EQ(q->stats.added, 1);
		CHECK_EQ(le16_to_cpu(q->split.avail->idx), 1);

		CHECK_EQ(user_add(q, 2, 4, 4), 0);
		device_serve(&d);
		device_serve(&d);
		CHECK_EQ(virt_queue_get(q, &len), 0);
		CHECK_EQ(virt_queue_get(q, &len), 2);
		user_queue_close(q);
	}
}

/* Slots 1 and 3 are with the device, six segments in all; slot 0 has been there. */
static void open_with_two_inside(bool indirect)
{
	unsigned int len;

	open_with(indirect);
	CHECK_EQ(user_add(q, 0, 1, 3), 0);
	CHECK_EQ(user_add(q, 1, 3, 1), 0);
	CHECK_EQ(user_add(q, 3, 0, 2), 0);
	device_serve(&d);
	CHECK_EQ(virt_queue_get(q, &len), 0);
	CHECK_EQ(kernel.mapped, 6);
}

/* Closing takes back what is with the device, and only that. */
TEST(closed_with_buffers_inside)
{
	unsigned int indirect;

	for (indirect = 0; indirect <= 1; indirect++) {
		open_with_two_inside(indirect);
		kernel.fail_map = kernel.maps + 2;
		CHECK_EQ(user_add(q, 4, 2, 2), -ENOMEM);
		CHECK_EQ(kernel.mapped, 6);
		user_queue_close(q);
	}
}

/* What the device will not give back is unmapped while its memory is there still. */
TEST(taken_back)
{
	unsigned int indirect;

	for (indirect = 0; indirect <= 1; indirect++) {
		open_with_two_inside(indirect);
		q->layout->take_back(q);
		CHECK_EQ(kernel.mapped, 0);
		CHECK(!virt_queue_in_use(q, 1) && !virt_queue_in_use(q, 3));
		/* once more is harmless, and so is closing it */
		q->layout->take_back(q);
		user_queue_close(q);
	}
}

/* A device that scribbles over its memory cannot make us unmap another's. */
TEST(scribbled_descriptors)
{
	unsigned int indirect, i, len;

	for (indirect = 0; indirect <= 1; indirect++) {
		open_with(indirect);
		CHECK_EQ(user_add(q, 0, 1, 3), 0);
		CHECK_EQ(user_add(q, 1, 2, 2), 0);
		for (i = 0; i < 8; i++) {
			memset(&q->slot[0].desc[i], 0xff, sizeof(struct vring_desc));
			memset(&q->slot[1].desc[i], 0, sizeof(struct vring_desc));
		}
		memset(q->split.desc, 0x55, 64 * sizeof(struct vring_desc));
		device_use(&d, q->slot[1].head, 0);
		device_use(&d, q->slot[0].head, 3 * USER_IN_LEN);
		device_publish(&d);
		CHECK_EQ(virt_queue_get(q, &len), 1);
		CHECK_EQ(kernel.mapped, 4);
		CHECK_EQ(virt_queue_get(q, &len), 0);
		CHECK_EQ(len, 3 * USER_IN_LEN);
		user_queue_close(q);
	}
}
