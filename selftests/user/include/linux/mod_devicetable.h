/* SPDX-License-Identifier: GPL-2.0 */
/* linux/mod_devicetable.h - in userspace */
#ifndef _USER_LINUX_MOD_DEVICETABLE_H
#define _USER_LINUX_MOD_DEVICETABLE_H

#include <linux/types.h>

struct virtio_device_id {
	__u32 device;
	__u32 vendor;
};

#endif
