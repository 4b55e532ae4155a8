// SPDX-License-Identifier: GPL-2.0
/*
 * errand.c - things to do about a device without its lock, one at a time
 */
#include <linux/slab.h>

#include "ccw.h"

/* Ordered: a device is given back before it is taken again. */
static struct workqueue_struct *errand_wq;

/**
 * struct errand - something to do about a device without its lock
 * @work: the work item
 * @cdev: the device; referenced
 * @run: what to do
 */
struct errand {
	struct work_struct work;
	struct ccw_device *cdev;
	void (*run)(struct ccw_device *cdev);
};

static void do_errand(struct work_struct *work)
{
	struct errand *e = container_of(work, struct errand, work);

	e->run(e->cdev);
	put_device(&e->cdev->dev);
	kfree(e);
}

/**
 * vccw_errand() - do something about a device when its lock is free again
 * @cdev: the device
 * @run: what to do; one at a time, in order
 *
 * Context: process, the device lock may be held.
 * Return: 0 or -ENOMEM.
 */
int vccw_errand(struct ccw_device *cdev,
		void (*run)(struct ccw_device *cdev))
{
	struct errand *e = kmalloc(sizeof(*e), GFP_KERNEL);

	if (!e)
		return -ENOMEM;
	INIT_WORK(&e->work, do_errand);
	get_device(&cdev->dev);
	e->cdev = cdev;
	e->run = run;
	queue_work(errand_wq, &e->work);
	return 0;
}

/* What is on its way back arrives there before it is asked for again. */
void vccw_errands_wait(void)
{
	flush_workqueue(errand_wq);
}

int vccw_errand_init(void)
{
	errand_wq = alloc_ordered_workqueue("virtbus_ccw_errand", 0);
	return errand_wq ? 0 : -ENOMEM;
}

/* Everything is done, above all given back, when this returns. */
void vccw_errand_exit(void)
{
	destroy_workqueue(errand_wq);
}
