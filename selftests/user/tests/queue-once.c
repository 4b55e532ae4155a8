// SPDX-License-Identifier: GPL-2.0
/*
 * What the device can write is read once, so that what was checked is what is
 * used. The device changes each value as soon as it was read.
 */
#include "device.h"

static struct virt_queue *q;
static struct device_end d;
static unsigned int reads;

/* Is @p in what the device writes? */
static bool in_used(const void *p)
{
	const char *start = (const char *)q->split.used;
	size_t bytes = 4 + q->size * sizeof(struct vring_used_elem) + 2;

	return (const char *)p >= start && (const char *)p < start + bytes;
}

static void spoil(const void *p)
{
	if (!in_used(p))
		return;
	reads++;
	if (((unsigned long)p - (unsigned long)q->split.used) < 4)
		*(u16 *)p ^= 0xffff;
	else
		*(u32 *)p ^= 0xffffffff;
}

static void open_with(unsigned int kind, unsigned int n)
{
	struct user_param param = user_kind(kind, 16, 4);
	unsigned int i;

	q = user_queue_open(&param);
	device_open(&d, q);
	for (i = 0; i < n; i++)
		CHECK_EQ(user_add(q, i, 1, 1), 0);
	reads = 0;
}

/* The index, the id, the length: three reads, and no others. */
TEST(used_entry)
{
	unsigned int kind, len;

	for (kind = 0; kind < USER_KINDS; kind++) {
		open_with(kind, 2);
		device_serve(&d);
		device_serve(&d);
		user_read_hook = spoil;
		CHECK_EQ(virt_queue_get(q, &len), 0);
		CHECK_EQ(len, USER_IN_LEN);
		CHECK_EQ(reads, 3);
		/* the index was looked at already, and allowed two */
		CHECK_EQ(virt_queue_get(q, &len), 1);
		CHECK_EQ(len, USER_IN_LEN);
		CHECK_EQ(reads, 5);
		user_read_hook = NULL;
		user_queue_close(q);
	}
}

/* The index that was checked is the one that is believed. */
TEST(used_index)
{
	unsigned int kind, len;

	for (kind = 0; kind < USER_KINDS; kind++) {
		open_with(kind, 3);
		device_serve(&d);
		user_read_hook = spoil;
		CHECK_EQ(virt_queue_get(q, &len), 0);
		user_read_hook = NULL;
		device_publish(&d);
		CHECK_EQ(virt_queue_get(q, &len), -EAGAIN);
		user_queue_close(q);
	}
}

/* Nothing of what add writes is read back from where the device could change it. */
TEST(descriptors_and_available_ring)
{
	unsigned int kind, i, len;

	for (kind = 0; kind < USER_KINDS; kind++) {
		open_with(kind, 3);
		for (i = 0; i < 3; i++)
			device_serve(&d);
		memset(q->split.avail, 0xff, 4 + 2 * q->size);
		memset(q->split.desc, 0xff, 16 * q->size);
		for (i = 0; i < 3; i++) {
			CHECK_EQ(virt_queue_get(q, &len), i);
			CHECK_EQ(len, USER_IN_LEN);
		}
		CHECK_EQ(user_add(q, 2, 1, 1), 0);
		CHECK_EQ(le16_to_cpu(q->split.avail->idx),
			 (u16)(user_kind(kind, 16, 4).start + 4));
		user_queue_close(q);
	}
}
