// SPDX-License-Identifier: GPL-2.0
/*
 * sleep.c - a disk while the machine sleeps
 *
 * No request may be with a device that forgets them: what is under way is waited for,
 * what comes later waits before the queue until the machine is awake again.
 */
#include <linux/blkdev.h>

#include "block.h"

/* How long what is under way may keep the machine awake. */
#define PATIENCE_SECONDS	5

int vblk_freeze(struct virt_dev *vdev, struct virt_why *why)
{
	struct vblk *vblk = virt_dev_get_drvdata(vdev);
	struct request_queue *q = vblk->disk->queue;

	compat_freeze_queue_start(q);
	if (!blk_mq_freeze_queue_wait_timeout(q, PATIENCE_SECONDS * HZ)) {
		compat_unfreeze_queue(q);
		virt_why(why, "the host has not answered all requests of %s for %d s",
			 virt_name(vdev), PATIENCE_SECONDS);
		return -EBUSY;
	}
	virt_dev_stop(vdev);
	cancel_work_sync(&vblk->check_work);
	return 0;
}

/* Where it fails the queue stays frozen: vblk_lost() follows, and nothing enters a dead disk. */
int vblk_thaw(struct virt_dev *vdev)
{
	struct vblk *vblk = virt_dev_get_drvdata(vdev);
	struct request_queue *q = vblk->disk->queue;
	struct queue_limits lim = { .max_segments = queue_max_segments(q) };
	unsigned int i;
	int err;

	err = vblk_open_queues(vblk, &lim);
	if (err)
		return err;
	for (i = 0; i < vblk->nr_queues; i++)
		if (vblk->queues[i].q->slots < vblk->tags.queue_depth)
			err = -EINVAL;
	if (lim.max_segments < queue_max_segments(q))
		err = -EINVAL;
	if (err) {
		dev_err(&vdev->dev, "its queues have become smaller in its sleep\n");
		return err;
	}
	err = virt_dev_ready(vdev);
	if (!err)
		compat_unfreeze_queue(q);
	return err;
}
