// SPDX-License-Identifier: GPL-2.0
/*
 * sleep.c - devices while the machine sleeps, or when it stops
 *
 * Asleep, a device forgets everything: it is found reset, or is another one that only
 * looks the same. So its driver holds back I/O, the device is reset as before a removal,
 * and it is taken anew, with the features that were agreed on, when the machine wakes up.
 * Users notice nothing. A device whose driver cannot do that keeps the machine awake, for
 * its I/O would be lost.
 *
 * A machine that stops or starts anew goes the first half of that way: another kernel may
 * take its place and its memory (kexec), and no device may write there any more.
 */
#include <linux/pm.h>

#include "internal.h"

static int freeze(struct virt_dev *vdev, struct virt_why *why)
{
	struct virt_driver *vdrv = to_virt_driver(vdev->dev.driver);
	int err;

	if (!vdrv->freeze) {
		virt_why(why, "the driver %s cannot sleep yet; remove %s first",
			 vdrv->driver.name, virt_name(vdev));
		return -EBUSY;
	}
	err = vdrv->freeze(vdev, why);
	if (err)
		return err;
	virt_dev_stop(vdev);
	virt_queues_close(vdev);
	if (!virt_dev_usable(vdev) && virt_state_set(vdev->core, VIRT_FROZEN))
		dev_dbg(&vdev->dev, "lost on its way to sleep\n");
	return 0;
}

/* Without a driver, or lost: nothing is under way. */
static bool is_at_work(const struct device *dev, const struct virt_dev *vdev)
{
	return dev->driver && virt_dev_state(vdev) == VIRT_CONNECTED;
}

static int virt_bus_suspend(struct device *dev)
{
	struct virt_dev *vdev = to_virt_dev(dev);
	struct virt_why why = {};
	int err;

	if (!is_at_work(dev, vdev))
		return 0;
	err = freeze(vdev, &why);
	if (err)
		dev_warn(dev, "the machine stays awake: %s\n", why.text);
	return err;
}

/* Whoever uses it gets errors from now on: no device is notified that was just reset. */
static void cut_off(struct virt_dev_core *core)
{
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&core->state_lock, flags);
	for (i = 0; i < core->nr_queues; i++)
		WRITE_ONCE(core->queues[i]->broken, true);
	spin_unlock_irqrestore(&core->state_lock, flags);

	mutex_lock(&core->lock);
	virt_reset(core);
	mutex_unlock(&core->lock);
}

/* The machine stops whatever happens here; the device lock is held. */
void virt_bus_shutdown(struct device *dev)
{
	struct virt_dev *vdev = to_virt_dev(dev);
	struct virt_why why = {};

	if (!is_at_work(dev, vdev) || !freeze(vdev, &why))
		return;
	dev_warn(dev, "the machine stops, and what is under way is lost: %s\n",
		 why.text);
	cut_off(vdev->core);
}

/* It is there, but not as it was: its users get errors, and it can be removed. */
static void give_up(struct virt_dev *vdev, int err)
{
	virt_dev_break(vdev, "it did not come back from sleep as it was (error %d)",
		       err);
	virt_dev_stop(vdev);
	virt_queues_close(vdev);
	to_virt_driver(vdev->dev.driver)->lost(vdev);
}

static int virt_bus_resume(struct device *dev)
{
	struct virt_dev *vdev = to_virt_dev(dev);
	struct virt_driver *vdrv = to_virt_driver(dev->driver);
	int err;

	if (!dev->driver || virt_dev_state(vdev) != VIRT_FROZEN)
		return 0;
	err = virt_renegotiate(vdev->core);
	if (!err)
		err = vdrv->thaw(vdev);
	if (!err)
		err = virt_dev_ready(vdev);
	if (err)
		give_up(vdev, err);
	else if (vdrv->config_changed)
		vdrv->config_changed(vdev);
	/* the machine is awake all the same */
	return 0;
}

const struct dev_pm_ops virt_bus_pm = {
	SYSTEM_SLEEP_PM_OPS(virt_bus_suspend, virt_bus_resume)
};
