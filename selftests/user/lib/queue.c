// SPDX-License-Identifier: GPL-2.0
/* queue.c - opens and closes a queue under test */
#include <stdlib.h>

#include <virtbus/virt_dev.h>

#include "queue_layout.h"

#include "queue.h"

static struct virt_dev vdev = {
	.dev = { .name = "test0" },
};

static struct device iommu = { .name = "iommu" };

/* As if @start buffers had gone through already. */
static void set_indexes(struct virt_queue *q, u16 start)
{
	u16 *used_event = &q->split.avail->ring[q->size];
	u16 *avail_event = (u16 *)&q->split.used->ring[q->size];

	/* both sides start from nothing */
	CHECK(!q->split.avail->flags && !q->split.avail->idx && !*used_event);
	CHECK(!q->split.used->flags && !q->split.used->idx && !*avail_event);
	CHECK(!q->split.avail_idx && !q->split.kicked_idx);
	CHECK(!q->split.used_idx && !q->split.used_seen);

	q->split.avail_idx = start;
	q->split.kicked_idx = start;
	q->split.used_idx = start;
	q->split.used_seen = start;
	q->split.avail->idx = cpu_to_le16(start);
	q->split.used->idx = cpu_to_le16(start);
	if (q->event_idx) {
		*used_event = cpu_to_le16(start);
		*avail_event = cpu_to_le16(start);
	}
}

int user_queue_try(const struct user_param *param, struct virt_queue **result)
{
	struct virt_queue *q = calloc(1, sizeof(*q));
	int err;

	q->vdev = &vdev;
	q->name = "requests0";
	q->layout = &virt_split_layout;
	q->size = param->size;
	q->max_segs = param->max_segs;
	q->indirect = param->indirect;
	q->event_idx = param->event_idx;
	q->dma_dev = param->dma ? &iommu : NULL;
	err = q->layout->alloc(q);
	if (err) {
		CHECK(!q->split.desc && !q->split.avail && !q->split.used);
		CHECK(!q->slot && !q->tables);
		free(q);
		return err;
	}
	set_indexes(q, param->start);
	*result = q;
	return 0;
}

struct virt_queue *user_queue_open(const struct user_param *param)
{
	struct virt_queue *q;

	CHECK_EQ(user_queue_try(param, &q), 0);
	return q;
}

void user_queue_close(struct virt_queue *q)
{
	q->layout->free(q);
	free(q);
	CHECK_EQ(kernel.live, 0);
	CHECK_EQ(kernel.mapped, 0);
}

int user_add(struct virt_queue *q, unsigned int slot, unsigned int out,
	     unsigned int in)
{
	static char mem[PAGE_SIZE];
	struct scatterlist sg[512];
	unsigned int i;

	for (i = 0; i < out + in; i++)
		sg_set_buf(&sg[i], mem, i < out ? USER_OUT_LEN : USER_IN_LEN);
	return virt_queue_add(q, slot, sg, out, in);
}

struct user_param user_kind(unsigned int kind, unsigned int size,
			    unsigned int max_segs)
{
	return (struct user_param) {
		.size = size,
		.max_segs = max_segs,
		.indirect = kind & 1,
		.event_idx = kind & 2,
		.dma = kind & 4,
		.start = kind & 8 ? 65530 : 0,
	};
}
