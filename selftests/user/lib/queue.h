/* SPDX-License-Identifier: GPL-2.0 */
/* queue.h - a queue under test, opened as queue_open.c opens it */
#ifndef _USER_QUEUE_H
#define _USER_QUEUE_H

#include <linux/virtio_ring.h>

#include <virtbus/virt_glue.h>
#include <virtbus/virt_queue.h>

#include "harness.h"
#include "kernel.h"

/**
 * struct user_param - which queue
 * @size: descriptors
 * @max_segs: segments of a buffer
 * @indirect: INDIRECT_DESC was agreed on
 * @event_idx: EVENT_IDX was agreed on
 * @dma: ACCESS_PLATFORM was agreed on
 * @start: where the indexes start, as if so many buffers had gone through
 */
struct user_param {
	unsigned int size;
	unsigned int max_segs;
	bool indirect;
	bool event_idx;
	bool dma;
	u16 start;
};

/* 0 and a queue, or what the layout says */
int user_queue_try(const struct user_param *param, struct virt_queue **q);
struct virt_queue *user_queue_open(const struct user_param *param);
/* also checks that nothing is left of it */
void user_queue_close(struct virt_queue *q);

/* out segments of 16 bytes, then in segments of 32; any memory will do */
int user_add(struct virt_queue *q, unsigned int slot, unsigned int out,
	     unsigned int in);

#define USER_OUT_LEN	16
#define USER_IN_LEN	32

/* Sixteen queues: direct and indirect, event index or flags, DMA, wrapping. */
#define USER_KINDS	16
struct user_param user_kind(unsigned int kind, unsigned int size,
			    unsigned int max_segs);

#endif
