// SPDX-License-Identifier: GPL-2.0
/*
 * hold.c - before a device is taken from another driver: is it in use?
 *
 * Only a driver of that kind can tell what the other driver made of it, so the
 * one that would drive it afterwards is asked.
 */
#include <linux/device.h>
#include <linux/kmod.h>
#include <linux/module.h>

#include "internal.h"

struct find_driver {
	u32 type;
	struct virt_driver *vdrv;
};

static int find_driver(struct device_driver *driver, void *data)
{
	struct virt_driver *vdrv = to_virt_driver(driver);
	const struct virtio_device_id *id = vdrv->ids;
	struct find_driver *find = data;

	for (; id->device; id++) {
		if (id->device != find->type || !try_module_get(driver->owner))
			continue;
		find->vdrv = vdrv;
		return 1;
	}
	return 0;
}

int virt_hold(struct device *foreign, u32 type, struct virt_hold *hold,
	      struct virt_why *why)
{
	struct find_driver find = { .type = type };

	bus_for_each_drv(&virt_bus.bus, NULL, &find, find_driver);
	if (!find.vdrv) {
		/* no device of ours has asked for it yet, as its uevent would */
		request_module("virtbus:t%uv0", type);
		bus_for_each_drv(&virt_bus.bus, NULL, &find, find_driver);
	}
	if (!find.vdrv || !find.vdrv->hold) {
		virt_why(why, "no virtbus driver for this kind of device (virtio id %u) is loaded; load it first",
			 type);
		if (find.vdrv)
			module_put(find.vdrv->driver.owner);
		return -ENODEV;
	}
	hold->vdrv = find.vdrv;
	hold->cookie = find.vdrv->hold(foreign, why);
	if (IS_ERR(hold->cookie)) {
		module_put(find.vdrv->driver.owner);
		return PTR_ERR(hold->cookie);
	}
	return 0;
}
EXPORT_SYMBOL_NS_GPL(virt_hold, "VIRTBUS_GLUE");

void virt_unhold(struct virt_hold *hold)
{
	hold->vdrv->unhold(hold->cookie);
	module_put(hold->vdrv->driver.owner);
}
EXPORT_SYMBOL_NS_GPL(virt_unhold, "VIRTBUS_GLUE");
