/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compat.h - the only file that knows kernel versions
 *
 * Force-included into every file of ours. The sources are written for the
 * newest kernel; an entry here makes an older one look like it and names the
 * change that forced it. What only one kind of driver needs is under a switch
 * that its Kbuild sets, so that nobody else gets its headers.
 */
#ifndef _VIRTBUS_COMPAT_H
#define _VIRTBUS_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0) && !defined(VIRTBUS_ANY_KERNEL)
#error virtbus needs Linux 6.1 or newer (ANY_KERNEL=1 builds all the same)
#endif

/* 2a81ada32f0e, 6.3: bus_type.uevent takes a const struct device */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
#define compat_uevent_const const
#else
#define compat_uevent_const
#endif

/* 75cff725d956, 6.4: bus attributes take a const struct bus_type */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define compat_bus_attr_const const
#else
#define compat_bus_attr_const
#endif

/* d69d80484598, 6.11: bus_type.match takes a const struct device_driver */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
#define compat_match_const const
#else
#define compat_match_const
#endif

/*
 * cb3d1049f4ea, 7.0 and stable kernels: driver_override moved from struct
 * pci_dev into struct device. pci-glue/Kbuild looks where this kernel has it.
 */
#if defined(VIRTBUS_COMPAT_PCI) && defined(VIRTBUS_PCI_DEV_HAS_OVERRIDE)
#include <linux/pci.h>

static inline int device_set_driver_override(struct device *dev, const char *s)
{
	return driver_set_override(dev, &to_pci_dev(dev)->driver_override, s,
				   strlen(s));
}

/* Negative: none set; 0: another driver's; positive: this driver's. */
static inline int device_match_driver_override(struct device *dev,
					       const struct device_driver *drv)
{
	const char *override;
	int ret = -1;

	device_lock(dev);
	override = to_pci_dev(dev)->driver_override;
	if (override)
		ret = !strcmp(override, drv->name);
	device_unlock(dev);
	return ret;
}
#endif

#endif /* _VIRTBUS_COMPAT_H */
