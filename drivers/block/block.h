/* SPDX-License-Identifier: GPL-2.0 */
/*
 * block.h - what the files of the disk driver share: private to this directory
 */
#ifndef _VIRTBUS_BLOCK_H
#define _VIRTBUS_BLOCK_H

#include <linux/blk-mq.h>
#include <linux/scatterlist.h>
#include <linux/spinlock.h>
#include <linux/virtio_blk.h>
#include <linux/workqueue.h>

#include <virtbus/virt_dev.h>
#include <virtbus/virt_queue.h>

/* Data segments of one request; with header and status a table is 2 KiB. */
#define VBLK_DATA_SEGS	126
#define VBLK_SEGS	(VBLK_DATA_SEGS + 2)
/* The same without indirect descriptors: a ring of 256 holds 8 requests. */
#define VBLK_DIRECT_SEGS	30

/**
 * struct vblk_queue - one hardware queue
 * @vblk: its disk
 * @q: the queue of the device
 * @tags: finds a request by its tag
 * @submit_lock: serialises the adding side of @q; protects @sg. Never taken in
 *		 an interrupt.
 * @sg: room to describe one request while it is added
 * @done_lock: serialises the getting side of @q; taken with interrupts off
 */
struct vblk_queue {
	struct vblk *vblk;
	struct virt_queue *q;
	struct blk_mq_tags *tags;
	spinlock_t submit_lock;
	struct scatterlist sg[VBLK_SEGS];
	spinlock_t done_lock ____cacheline_aligned_in_smp;
};

/**
 * struct vblk - one disk
 * @vdev: the device; a reference is held until the disk is freed
 * @disk: its face in the block layer; frees us with its last reference
 * @tags: its requests; a tag is the slot in the queue
 * @queues: @nr_queues of them
 * @nr_queues: how many
 * @added: add_disk() has succeeded
 * @closed: nobody may open it any more; under disk->open_mutex
 * @write_cache: the device has a volatile cache
 * @serial: what the device says it is, for the serial attribute
 * @check_work: asks a silent device how it is
 * @stalled: requests that were reported as stalled
 */
struct vblk {
	struct virt_dev *vdev;
	struct gendisk *disk;
	struct blk_mq_tag_set tags;
	struct vblk_queue *queues;
	unsigned int nr_queues;
	bool added;
	bool closed;
	bool write_cache;
	char serial[VIRTIO_BLK_ID_BYTES + 1];
	struct work_struct check_work;
	atomic_t stalled;
};

/* A status that no device has: it did not write one. */
#define VBLK_S_NONE	0xff

/**
 * struct vblk_req - what travels with a request
 * @hdr: read by the device
 * @range: read by the device for discard and write zeroes
 * @start: when the device got it, in jiffies
 * @reports: how often it was reported as stalled
 * @in_len: bytes that the device must write, the status included
 * @status: written by the device
 */
struct vblk_req {
	struct virtio_blk_outhdr hdr;
	struct virtio_blk_discard_write_zeroes range;
	unsigned long start;
	u32 reports;
	u32 in_len;
	u8 status ____cacheline_aligned;
};

/* main.c */
int vblk_open_queues(struct vblk *vblk, struct queue_limits *lim);

/* sleep.c */
int vblk_freeze(struct virt_dev *vdev, struct virt_why *why);
int vblk_thaw(struct virt_dev *vdev);

/* request.c */
extern const struct blk_mq_ops vblk_mq_ops;
void vblk_done(struct virt_queue *q);
void vblk_poll(struct vblk_queue *vq);
void vblk_fail_all(struct vblk *vblk);

/* stall.c */
enum blk_eh_timer_return vblk_timeout(struct request *rq,
				      struct vblk_queue *vq);
void vblk_check_work(struct work_struct *work);
unsigned int vblk_stall_interval(void);

/* limits.c */
int vblk_read_limits(struct vblk *vblk, struct queue_limits *lim,
		     sector_t *capacity, bool *read_only);
int vblk_read_capacity(struct vblk *vblk, sector_t *capacity);

/* disk.c */
extern const struct block_device_operations vblk_fops;
int vblk_idle(struct virt_dev *vdev, struct virt_why *why);
void vblk_reopen(struct virt_dev *vdev);
int vblk_read_serial(struct vblk *vblk);
extern const struct attribute_group *vblk_disk_groups[];

/* hold.c */
void *vblk_hold(struct device *foreign, struct virt_why *why);
void vblk_unhold(void *hold);

#endif /* _VIRTBUS_BLOCK_H */
