// SPDX-License-Identifier: GPL-2.0
/* A buffer that is added reaches the device as it is: segments and order. */
#include "device.h"

static char mem[2 * 256][8];

/* Each segment has memory and a length of its own. */
static void add(struct virt_queue *q, unsigned int slot, unsigned int out,
		unsigned int in)
{
	struct scatterlist sg[256];
	unsigned int i;

	for (i = 0; i < out + in; i++)
		sg_set_buf(&sg[i], mem[2 * i + 1], 1 + i % 8);
	CHECK_EQ(virt_queue_add(q, slot, sg, out, in), 0);
	memset(sg, 0xff, sizeof(sg));
}

static void seen(struct device_end *d, unsigned int out, unsigned int in)
{
	struct device_buf buf;
	unsigned int i;

	CHECK(device_take(d, &buf));
	CHECK_EQ(buf.nr, out + in);
	for (i = 0; i < out + in; i++) {
		CHECK(buf.seg[i].mem == mem[2 * i + 1]);
		CHECK_EQ(buf.seg[i].len, 1 + i % 8);
		CHECK_EQ(buf.seg[i].write, i >= out);
	}
	device_use(d, buf.head, buf.room);
	device_publish(d);
}

static void all_shapes(const struct user_param *param)
{
	struct virt_queue *q = user_queue_open(param);
	unsigned int segs, out, slot = 0, len;
	struct device_end d;

	device_open(&d, q);
	for (segs = 1; segs <= q->max_segs; segs++) {
		for (out = 0; out <= segs; out++) {
			slot = (slot + 1) % q->slots;
			add(q, slot, out, segs - out);
			CHECK(virt_queue_in_use(q, slot));
			seen(&d, out, segs - out);
			CHECK_EQ(virt_queue_get(q, &len), slot);
			CHECK(!virt_queue_in_use(q, slot));
		}
	}
	CHECK_EQ(q->stats.added, (segs + 2) * (segs - 1) / 2);
	CHECK_EQ(q->stats.used, q->stats.added);
	user_queue_close(q);
}

TEST(one_to_all_segments)
{
	unsigned int kind;

	for (kind = 0; kind < USER_KINDS; kind++) {
		struct user_param param = user_kind(kind, 32, 12);

		all_shapes(&param);
	}
}

/* A table fills its page; one descriptor needs no table. */
TEST(extremes_of_max_segs)
{
	static const unsigned int max_segs[] = { 1, 2, 3, 255, 256 };
	unsigned int kind, i;

	for (i = 0; i < ARRAY_SIZE(max_segs); i++) {
		for (kind = 0; kind < USER_KINDS; kind += 5) {
			struct user_param param = user_kind(kind, 256,
							    max_segs[i]);

			all_shapes(&param);
		}
	}
}

/* All slots at once, each as full as it can be, in an order of their own. */
static void fill(const struct user_param *param)
{
	struct virt_queue *q = user_queue_open(param);
	unsigned int i, len, n = q->slots, segs = q->max_segs;
	struct device_end d;

	device_open(&d, q);
	for (i = 0; i < n; i++)
		add(q, (i * 5 + 3) % n, i % segs, segs - i % segs);
	for (i = 0; i < n; i++)
		seen(&d, i % segs, segs - i % segs);
	for (i = 0; i < n; i++)
		CHECK_EQ(virt_queue_get(q, &len), (i * 5 + 3) % n);
	CHECK_EQ(virt_queue_get(q, &len), -EAGAIN);
	user_queue_close(q);
}

TEST(all_slots_at_once)
{
	unsigned int kind;

	for (kind = 0; kind < USER_KINDS; kind++) {
		struct user_param param = user_kind(kind, 64, 4);

		fill(&param);
	}
}

static void refused(struct virt_queue *q, unsigned int slot, unsigned int out,
		    unsigned int in)
{
	unsigned long warnings = kernel.warnings;

	CHECK_EQ(user_add(q, slot, out, in), -EINVAL);
	CHECK_EQ(kernel.warnings, warnings + 1);
}

/* What only a wrong driver asks for: warned about, and nothing is changed. */
TEST(mistakes_of_a_driver)
{
	struct user_param param = user_kind(1, 8, 4);
	struct virt_queue *q = user_queue_open(&param);
	struct device_end d;
	unsigned int len;

	kernel.warnings_wanted = true;
	device_open(&d, q);
	CHECK_EQ(user_add(q, 3, 1, 1), 0);
	refused(q, 3, 1, 1);			/* in use */
	refused(q, q->slots, 1, 1);
	refused(q, ~0U, 1, 1);
	refused(q, 0, 0, 0);
	refused(q, 0, 5, 0);
	refused(q, 0, 2, 3);
	CHECK_EQ(q->stats.added, 1);
	CHECK_EQ(le16_to_cpu(q->split.avail->idx), 1);

	CHECK_EQ(device_serve(&d), 3);
	CHECK_EQ(virt_queue_get(q, &len), 3);
	CHECK_EQ(user_add(q, 3, 1, 1), 0);
	user_queue_close(q);
}

/* Numbers of slots without end are no slots. */
TEST(in_use_of_no_slot)
{
	struct user_param param = user_kind(0, 8, 1);
	struct virt_queue *q = user_queue_open(&param);

	CHECK(!virt_queue_in_use(q, 0));
	CHECK(!virt_queue_in_use(q, 8));
	CHECK(!virt_queue_in_use(q, ~0U));
	user_queue_close(q);
}
