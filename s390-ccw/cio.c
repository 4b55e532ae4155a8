// SPDX-License-Identifier: GPL-2.0
/*
 * cio.c - going online and offline through cio, which has its ways
 *
 * It may forget who waits: a device that vanishes while cio itself verifies its
 * paths is declared not operational without a wake-up (ccw_device_set_notoper(),
 * read in 6.1). Who waits for the end of the verification in
 * ccw_device_set_online() would sleep for ever, with the device lock. Everybody who
 * sleeps in the kernel checks his condition again when he is woken, so now and then
 * we wake the one who waits for cio.
 *
 * And it may unregister a device twice: see vccw_cio_leave().
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

/**
 * vccw_cio_leave() - what cio takes away is offline already
 * @cdev: a device of which cio has said that it is gone; in remove()
 *
 * cio puts a device offline after remove() when it is online. One that is not
 * operational it declares to be so again by that, and unregisters a second time,
 * later on. What was plugged into its place by then is cut off from its interrupts
 * for ever, and who puts that online never comes back (ccw_device_todo(), read in
 * 6.1). All there is to do for such a device is to give back the reference of
 * ccw_device_set_online().
 *
 * Context: process; its device lock is held.
 */
void vccw_cio_leave(struct ccw_device *cdev)
{
	bool online;

	spin_lock_irq(get_ccwdev_lock(cdev));
	online = cdev->online;
	cdev->online = 0;
	spin_unlock_irq(get_ccwdev_lock(cdev));
	if (online)
		put_device(&cdev->dev);
}
