// SPDX-License-Identifier: GPL-2.0
/* Memory that runs out at any point of opening leaves nothing behind. */
#include "device.h"

/* Fails each allocation in turn; true until there are none left to fail. */
static bool fail(const struct user_param *param, unsigned long nth)
{
	struct virt_queue *q;
	int err;

	kernel.allocs = 0;
	kernel.fail_alloc = nth;
	err = user_queue_try(param, &q);
	kernel.fail_alloc = 0;
	if (!err) {
		user_queue_close(q);
		CHECK(kernel.allocs < nth);
		return false;
	}
	CHECK_EQ(err, -ENOMEM);
	CHECK_EQ(kernel.live, 0);
	return true;
}

TEST(each_allocation_in_turn)
{
	unsigned int kind, nth;

	for (kind = 0; kind < 8; kind++) {
		struct user_param param = user_kind(kind, 64, 12);

		for (nth = 1; fail(&param, nth); nth++)
			;
		/* rings and slots; the tables' pages; a map for each slot */
		CHECK_EQ(nth - 1, 4 + (param.indirect ? 1 + 4 : 0) +
			 (!param.dma ? 0 : param.indirect ? 64 : 5));
	}
}

/* Memory comes back: the same queue opens, works and closes. */
TEST(again_after_a_failure)
{
	unsigned int kind, len;

	for (kind = 0; kind < USER_KINDS; kind++) {
		struct user_param param = user_kind(kind, 64, 12);
		struct virt_queue *q;
		struct device_end d;

		fail(&param, 3);
		q = user_queue_open(&param);
		device_open(&d, q);
		CHECK_EQ(user_add(q, 1, 6, 6), 0);
		device_serve(&d);
		CHECK_EQ(virt_queue_get(q, &len), 1);
		user_queue_close(q);
	}
}
