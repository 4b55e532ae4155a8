/* SPDX-License-Identifier: GPL-2.0 */
/* linux/device.h - just enough of the driver model for virt_dev.h */
#ifndef _USER_LINUX_DEVICE_H
#define _USER_LINUX_DEVICE_H

#include <linux/kernel.h>

struct device {
	const char *name;
	void *driver_data;
};

struct device_driver {
	const char *name;
};

static inline const char *dev_name(const struct device *dev)
{
	return dev->name;
}

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->driver_data;
}

static inline void dev_set_drvdata(struct device *dev, void *data)
{
	dev->driver_data = data;
}

#endif
