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

#ifdef VIRTBUS_COMPAT_CCW
#include <linux/io.h>
#include <asm/ccwdev.h>

/* 1bcf7f48b7d4, 6.8: addresses for channel I/O have types of their own */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
typedef u32 dma32_t;
#define virt_to_dma32(ptr) ((dma32_t)virt_to_phys(ptr))
#define ccw_device_dma_zalloc(cdev, size, dma) \
	ccw_device_dma_zalloc(cdev, size)
#endif
#endif /* VIRTBUS_COMPAT_CCW */

#endif /* _VIRTBUS_COMPAT_H */
