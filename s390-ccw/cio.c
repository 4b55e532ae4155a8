// SPDX-License-Identifier: GPL-2.0
/*
 * cio.c - going online and offline through cio, which may forget who waits
 *
 * A device that vanishes while cio itself verifies its paths is declared not
 * operational without a wake-up (ccw_device_set_notoper(), read in 6.1): who
 * waits for the end of the verification in ccw_device_set_online() would sleep
 * for ever, with the device lock. Everybody who sleeps in the kernel
 * checks his condition again when he is woken, so now and then we wake the one
 * who waits for cio.
 */
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "ccw.h"

#define VCCW_NUDGE	HZ

/**
 * struct nudge - wakes a task now and then; on its stack
 * @work: does it, and queues itself again
 * @task: who waits for cio
 */
struct nudge {
	struct delayed_work work;
	struct task_struct *task;
};

static void nudge_work(struct work_struct *work)
{
	struct nudge *n = container_of(to_delayed_work(work), struct nudge,
				       work);

	wake_up_process(n->task);
	schedule_delayed_work(&n->work, VCCW_NUDGE);
}

static int nudged(struct ccw_device *cdev, int (*call)(struct ccw_device *cdev))
{
	struct nudge n = { .task = current };
	int ret;

	INIT_DELAYED_WORK_ONSTACK(&n.work, nudge_work);
	schedule_delayed_work(&n.work, VCCW_NUDGE);
	ret = call(cdev);
	cancel_delayed_work_sync(&n.work);
	destroy_delayed_work_on_stack(&n.work);
	return ret;
}

/**
 * vccw_cio_online() - ccw_device_set_online(), which ends
 * @cdev: the device; its device lock is held
 *
 * Context: process, sleeps.
 * Return: as ccw_device_set_online().
 */
int vccw_cio_online(struct ccw_device *cdev)
{
	return nudged(cdev, ccw_device_set_online);
}

/**
 * vccw_cio_offline() - ccw_device_set_offline(), which ends
 * @cdev: the device; its device lock is held
 *
 * Context: process, sleeps.
 * Return: as ccw_device_set_offline().
 */
int vccw_cio_offline(struct ccw_device *cdev)
{
	return nudged(cdev, ccw_device_set_offline);
}
