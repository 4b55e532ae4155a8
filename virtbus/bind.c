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
	else if (!drv->bus->match(dev, drv))
		err = -ENODEV;
	else
		err = device_driver_attach(drv, dev);
	put_device(dev);
	return err ?: count;
}
static DRIVER_ATTR_WO(bind);

/* A device of the bus, or the function of one. */
static int unbind(struct device *dev)
{
	struct virt_shut shut;
	int err;

	if (dev->bus == &virt_bus.bus) {
		err = virt_dev_shut(to_virt_dev(dev), VIRT_DOOR_UNBIND, NULL);
		if (err)
			return err;
		device_release_driver(dev);
		virt_dev_reopen(to_virt_dev(dev));
		return 0;
	}
	err = virt_function_shut(&shut, dev, VIRT_DOOR_FUNCTION, NULL);
	if (err)
		return err;
	device_release_driver(dev);
	virt_function_reopen(&shut);
	return 0;
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
		device_release_driver(dev);
	else
		err = unbind(dev);
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
