// SPDX-License-Identifier: GPL-2.0
/*
 * stall.c - requests that the device does not answer
 *
 * A host whose storage stalls for a minute must not cost a guest its journal:
 * a request waits as long as the device lives. The timer looks for an interrupt
 * that was lost and for a device that is gone or asks to be reset, tells the
 * admin, and waits on. Only io_timeout= or a forced removal ends the wait.
 */
#include <linux/module.h>

#include "block.h"

static unsigned int io_timeout;
module_param(io_timeout, uint, 0644);
MODULE_PARM_DESC(io_timeout,
		 "seconds after which an unanswered request breaks the device (0, the default: never)");

static unsigned int stall_report = 30;
module_param(stall_report, uint, 0444);
MODULE_PARM_DESC(stall_report,
		 "seconds after which an unanswered request is reported (default 30)");

/* How often the timer looks, when nobody asked for more, in seconds. */
#define LOOK_SECONDS	5
/* A device that does not tell its serial for so long will not do better later. */
#define SERIAL_SECONDS	30

static unsigned int report_seconds(void)
{
	return clamp(stall_report, 1U, 3600U);
}

/**
 * vblk_stall_interval() - how often the timer looks at a request
 *
 * Context: any.
 * Return: the interval in jiffies.
 */
unsigned int vblk_stall_interval(void)
{
	return min_t(unsigned int, report_seconds(), LOOK_SECONDS) * HZ;
}

void vblk_check_work(struct work_struct *work)
{
	struct vblk *vblk = container_of(work, struct vblk, check_work);

	/* a device that is gone or wants a reset is dealt with in there */
	if (virt_dev_check(vblk->vdev))
		dev_dbg(&vblk->vdev->dev, "stalled because it is lost\n");
}

static bool waited_too_long(unsigned int seconds)
{
	unsigned int limit = READ_ONCE(io_timeout);

	return limit && seconds >= limit;
}

static void report(struct vblk *vblk, struct request *rq, unsigned int seconds)
{
	atomic_inc(&vblk->stalled);
	dev_warn_ratelimited(&vblk->vdev->dev,
			     "stalled: request %d (sector %llu) waits for the host for %u s and waits on; to give up: echo force > /sys/bus/virtbus/devices/%s/remove\n",
			     rq->tag, (u64)blk_rq_pos(rq), seconds,
			     virt_name(vblk->vdev));
}

/**
 * vblk_timeout() - a request has waited for another interval
 * @rq: the request
 * @vq: its queue
 *
 * Context: process.
 * Return: %BLK_EH_DONE when it was answered after all, else
 * %BLK_EH_RESET_TIMER: it waits on.
 */
enum blk_eh_timer_return vblk_timeout(struct request *rq,
				      struct vblk_queue *vq)
{
	struct vblk_req *req = blk_mq_rq_to_pdu(rq);
	struct virt_dev *vdev = vq->vblk->vdev;
	unsigned int seconds = (jiffies - req->start) / HZ;

	if (blk_mq_rq_state(rq) != MQ_RQ_IN_FLIGHT)
		return BLK_EH_DONE;
	vblk_poll(vq);
	if (blk_mq_rq_state(rq) != MQ_RQ_IN_FLIGHT) {
		dev_warn_ratelimited(&vdev->dev,
				     "an interrupt of queue %s was lost; request %d was answered all the same\n",
				     vq->q->name, rq->tag);
		return BLK_EH_DONE;
	}
	if (virt_dev_usable(vdev))
		return BLK_EH_RESET_TIMER;

	if (blk_rq_is_passthrough(rq) && seconds >= SERIAL_SECONDS) {
		virt_dev_break(vdev, "it did not tell its serial within %u s",
			       seconds);
		return BLK_EH_RESET_TIMER;
	}
	if (waited_too_long(seconds)) {
		virt_dev_break(vdev,
			       "request %d was not answered for %u s (io_timeout=%u)",
			       rq->tag, seconds, READ_ONCE(io_timeout));
		return BLK_EH_RESET_TIMER;
	}
	schedule_work(&vq->vblk->check_work);
	if (seconds / report_seconds() > req->reports) {
		req->reports = seconds / report_seconds();
		report(vq->vblk, rq, seconds);
	}
	return BLK_EH_RESET_TIMER;
}
