// SPDX-License-Identifier: GPL-2.0
/*
 * bind.c - "bind" and "unbind" of drivers, as files that can refuse
 *
 * Those of the driver core cannot: when a driver hears that it is unbound, that is
 * decided. Ours take their place, for the drivers of the bus and for those of the
 * glues, whose functions are devices of the bus.
 */
#include <linux/device.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "internal.h"

/* NAME, or NAME force; the device, with a reference, if this driver may have it. */
static struct device *find(struct device_driver *drv, const char *buf,
			   bool *force)
{
	struct device *dev = ERR_PTR(-EINVAL);
	char *copy, *word, *name;

	copy = kstrdup(buf, GFP_KERNEL);
	if (!copy)
		return ERR_PTR(-ENOMEM);
	word = strim(copy);
	name = strsep(&word, " ");
	*force = word;
	if (!word || !strcmp(word, "force"))
		dev = bus_find_device_by_name(drv->bus, NULL, name) ?:
		      ERR_PTR(-ENODEV);
	kfree(copy);
	return dev;
}

/* Under its lock: driver_override of a PCI function may be freed without. */
static bool matches(struct device *dev, struct device_driver *drv)
{
	bool match;

	device_lock(dev);
	match = drv->bus->match(dev, drv);
	device_unlock(dev);
	return match;
}

static ssize_t bind_store(struct device_driver *drv, const char *buf,
			  size_t count)
{
	struct device *dev;
	bool force;
	int err;

	dev = find(drv, buf, &force);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	if (force)
		err = -EINVAL;
	else if (!matches(dev, drv))
		err = -ENODEV;
	else
		err = device_driver_attach(drv, dev);
	put_device(dev);
	return err ?: count;
}
static DRIVER_ATTR_WO(bind);

/*
 * A probe() that waits for a silent device has the lock that we need: it gets as
 * long as a remove().
 */
static void release(struct device *dev, struct virt_dev *vdev)
{
	if (vdev)
		virt_deadline_start(vdev->core);
	device_release_driver(dev);
	if (vdev)
		cancel_delayed_work_sync(&vdev->core->deadline_work);
}

static int unbind_device(struct virt_dev *vdev, struct device_driver *drv)
{
	int err;

	err = virt_dev_shut(vdev, VIRT_DOOR_UNBIND, NULL);
	if (err)
		return err;
	/* somebody may have unbound it, and bound it to another one, meanwhile */
	if (READ_ONCE(vdev->dev.driver) == drv)
		release(&vdev->dev, vdev);
	else
		err = -ENODEV;
	virt_dev_reopen(vdev);
	return err;
}

static int unbind_function(struct device *function, struct device_driver *drv)
{
	struct virt_shut shut;
	int err;

	err = virt_function_shut(&shut, function, VIRT_DOOR_FUNCTION, NULL);
	if (err)
		return err;
	if (READ_ONCE(function->driver) == drv)
		release(function, shut.vdev);
	else
		err = -ENODEV;
	virt_function_reopen(&shut);
	return err;
}

static void unbind_by_force(struct device *dev)
{
	struct virt_dev *vdev;

	if (dev->bus == &virt_bus.bus) {
		release(dev, to_virt_dev(dev));
		return;
	}
	vdev = virt_function_device(dev);
	release(dev, vdev);
	if (vdev)
		put_device(&vdev->dev);
}

static ssize_t unbind_store(struct device_driver *drv, const char *buf,
			    size_t count)
{
	struct device *dev;
	bool force;
	int err = 0;

	dev = find(drv, buf, &force);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	if (dev->driver != drv)
		err = -ENODEV;
	else if (force)
		unbind_by_force(dev);
	else if (dev->bus == &virt_bus.bus)
		err = unbind_device(to_virt_dev(dev), drv);
	else
		err = unbind_function(dev, drv);
	put_device(dev);
	return err ?: count;
}
static DRIVER_ATTR_WO(unbind);

static struct attribute *virt_bind_attrs[] = {
	&driver_attr_bind.attr,
	&driver_attr_unbind.attr,
	NULL
};

static const struct attribute_group virt_bind_group = {
	.attrs = virt_bind_attrs,
};

const struct attribute_group *virt_bind_groups[] = {
	&virt_bind_group,
	NULL
};
EXPORT_SYMBOL_NS_GPL(virt_bind_groups, "VIRTBUS_GLUE");
