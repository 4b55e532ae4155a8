// SPDX-License-Identifier: GPL-2.0
/*
 * shut.c - may the device go? The question that every door which can ask puts
 *
 * A device that nobody uses is shut in the same step: from then on nobody can
 * begin to use it, until it has gone or is opened again because it does not go
 * after all. Only one request at a time has a device shut. A refusal is answered
 * at once, told to everybody who may want to know, and not remembered: the host
 * or the admin asks again.
 */
#include <linux/delay.h>
#include <linux/kobject.h>
#include <linux/timekeeping.h>

#include "internal.h"
#include "trace.h"

/* Who asks waits no longer than this for a probe() or a remove(). */
#define SHUT_PATIENCE	HZ

/* Functions whose devices are shut, on the stacks of those who asked. */
static DEFINE_SPINLOCK(shut_lock);
static LIST_HEAD(shut_functions);	/* under shut_lock */

static const char *const door_names[] = {
	[VIRT_DOOR_REMOVE] = "remove",
	[VIRT_DOOR_UNBIND] = "unbind",
	[VIRT_DOOR_FUNCTION] = "unbind of its function",
	[VIRT_DOOR_EJECT] = "the host (device_del)",
	[VIRT_DOOR_OFFLINE] = "online",
};

/* 0, -EINTR, or -EBUSY: somebody has had it for all that time. */
static int lock_for_a_while(struct device *dev)
{
	unsigned long end = jiffies + SHUT_PATIENCE;

	while (!device_trylock(dev)) {
		if (time_after(jiffies, end))
			return -EBUSY;
		if (msleep_interruptible(5))
			return -EINTR;
	}
	return 0;
}

static void refused(struct virt_dev_core *core, const char *door,
		    const struct virt_why *why, const char *advice)
{
	char by[48], words[VIRT_WHY_MAX + 16];
	char *env[3] = { by, words };
	struct virt_dev *vdev = &core->vdev;

	spin_lock_irq(&core->state_lock);
	core->refusal.count++;
	core->refusal.time = ktime_get_real_seconds();
	core->refusal.door = door;
	core->refusal.why = *why;
	spin_unlock_irq(&core->state_lock);

	trace_virtbus_refused(core->name, door, why->text);
	dev_warn(&vdev->dev, "not removed: %s; asked by %s%s\n", why->text,
		 door, advice);
	snprintf(by, sizeof(by), "VIRTBUS_REFUSED=%s", door);
	snprintf(words, sizeof(words), "VIRTBUS_REASON=%s", why->text);
	kobject_uevent_env(&vdev->dev.kobj, KOBJ_CHANGE, env);
}

/* The first who comes has it: who has, or NULL. */
static const char *claim(struct virt_dev_core *core, const char *door)
{
	const char *before;

	spin_lock_irq(&core->state_lock);
	before = core->shut;
	if (!before)
		core->shut = door;
	spin_unlock_irq(&core->state_lock);
	return before;
}

/* True: a driver was turned away meanwhile. */
static bool unclaim(struct virt_dev_core *core)
{
	bool turned_away;

	spin_lock_irq(&core->state_lock);
	core->shut = NULL;
	core->closed = false;
	turned_away = core->turned_away;
	core->turned_away = false;
	spin_unlock_irq(&core->state_lock);
	return turned_away;
}

/* From here on virt_dev_use() says no; false: somebody was quicker. */
static bool close_unless_used(struct virt_dev_core *core, bool users_count)
{
	bool used;

	spin_lock_irq(&core->state_lock);
	used = users_count && core->users;
	if (!used)
		core->closed = true;
	spin_unlock_irq(&core->state_lock);
	return !used;
}

/* Its driver is asked, and has closed it if it says 0. */
static int ask_driver(struct virt_dev *vdev, struct virt_why *why)
{
	struct virt_driver *vdrv = to_virt_driver(vdev->dev.driver);
	int err;

	device_lock_assert(&vdev->dev);
	err = vdrv->idle(vdev, why);
	vdev->core->idled = !err;
	if (err && !why->text[0])
		virt_why(why, "its driver refuses (error %d)", err);
	return err;
}

/*
 * Whose answer counts. A lost device is of no use to anybody, and one without a
 * driver is used by nobody. Where there is no driver that can be asked, or somebody
 * has the lock (@locked is false: a probe() that waits for a silent device, a
 * remove(), the machine that goes to sleep), those who have begun to use it count.
 */
static int ask(struct virt_dev *vdev, bool locked, struct virt_why *why)
{
	const struct device_driver *drv = locked ? vdev->dev.driver : NULL;
	bool users_count = !locked;
	int err = 0;

	if (virt_dev_usable(vdev))
		users_count = false;
	else if (drv && to_virt_driver(drv)->idle)
		err = ask_driver(vdev, why);
	else if (drv)
		users_count = true;
	if (err)
		return err;
	if (close_unless_used(vdev->core, users_count))
		return 0;
	if (locked)
		virt_why(why, "it is in use");
	else
		virt_why(why, "it is in use, and its driver is busy with it");
	return -EBUSY;
}

int virt_dev_shut(struct virt_dev *vdev, enum virt_door door,
		  struct virt_why *why)
{
	static const char advice[] =
		"; free it first, or write force to its remove to lose what is not saved";
	const char *name = door_names[door], *before;
	struct virt_dev_core *core = vdev->core;
	struct virt_why local = {};
	int err, lock;

	lock = lock_for_a_while(&vdev->dev);
	if (lock == -EINTR)
		return -EINTR;
	before = claim(core, name);
	if (before) {
		virt_why(&local, "it is being taken away already, by %s",
			 before);
		err = -EBUSY;
	} else {
		err = ask(vdev, !lock, &local);
		if (err)
			unclaim(core);
	}
	if (!lock)
		device_unlock(&vdev->dev);
	if (err) {
		refused(core, name, &local, before ? "" : advice);
		virt_why(why, "%s", local.text);
	}
	return err;
}
EXPORT_SYMBOL_NS_GPL(virt_dev_shut, "VIRTBUS_GLUE");

void virt_dev_reopen(struct virt_dev *vdev)
{
	struct virt_dev_core *core = vdev->core;

	/* only who has it shut writes and reads @idled */
	if (core->idled) {
		device_lock(&vdev->dev);
		core->idled = false;
		if (vdev->dev.driver)
			to_virt_driver(vdev->dev.driver)->reopen(vdev);
		unclaim(core);
		device_unlock(&vdev->dev);
	} else if (unclaim(core) && device_attach(&vdev->dev) < 0) {
		/* nobody else would have tried it again */
		dev_warn(&vdev->dev, "it stays, but has no driver: one came while it was asked for, and does not take it now\n");
	}
}
EXPORT_SYMBOL_NS_GPL(virt_dev_reopen, "VIRTBUS_GLUE");

static int find_device(struct device *dev, void *data)
{
	struct virt_dev **found = data;

	if (dev->bus != &virt_bus.bus)
		return 0;
	get_device(dev);
	*found = to_virt_dev(dev);
	return 1;
}

/**
 * virt_function_device() - the device that a function is
 * @function: any device
 *
 * Context: process.
 * Return: the device, with a reference; NULL: it is none of the bus's.
 */
struct virt_dev *virt_function_device(struct device *function)
{
	struct virt_dev *vdev = NULL;

	device_for_each_child(function, &vdev, find_device);
	return vdev;
}

/* It cannot be asked: neither can the device that it is. */
static int refuse_locked(struct device *function, enum virt_door door,
			 struct virt_why *why)
{
	struct virt_dev *vdev = virt_function_device(function);
	struct virt_why local = {};

	virt_why(&local, "a driver is just being bound to %s, or unbound from it",
		 dev_name(function));
	if (vdev) {
		refused(vdev->core, door_names[door], &local, "");
		put_device(&vdev->dev);
	}
	virt_why(why, "%s", local.text);
	return -EBUSY;
}

int virt_function_shut(struct virt_shut *shut, struct device *function,
		       enum virt_door door, struct virt_why *why)
{
	int err;

	err = lock_for_a_while(function);
	if (err == -EBUSY)
		return refuse_locked(function, door, why);
	if (err)
		return err;
	shut->function = function;
	shut->vdev = virt_function_device(function);
	if (shut->vdev)
		err = virt_dev_shut(shut->vdev, door, why);
	if (!err) {
		get_device(function);
		spin_lock(&shut_lock);
		list_add(&shut->entry, &shut_functions);
		spin_unlock(&shut_lock);
	} else {
		put_device(&shut->vdev->dev);
	}
	device_unlock(function);
	return err;
}
EXPORT_SYMBOL_NS_GPL(virt_function_shut, "VIRTBUS_GLUE");

void virt_function_reopen(struct virt_shut *shut)
{
	spin_lock(&shut_lock);
	list_del(&shut->entry);
	spin_unlock(&shut_lock);
	if (shut->vdev) {
		virt_dev_reopen(shut->vdev);
		put_device(&shut->vdev->dev);
	}
	put_device(shut->function);
}
EXPORT_SYMBOL_NS_GPL(virt_function_reopen, "VIRTBUS_GLUE");

/**
 * virt_function_is_shut() - is this function on its way out?
 * @function: parent of a device that is to be added
 *
 * Context: process, under the function's device lock.
 * Return: true if no device may be made of it now.
 */
bool virt_function_is_shut(const struct device *function)
{
	const struct virt_shut *shut;
	bool found = false;

	spin_lock(&shut_lock);
	list_for_each_entry(shut, &shut_functions, entry)
		found |= shut->function == function;
	spin_unlock(&shut_lock);
	return found;
}
