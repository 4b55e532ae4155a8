// SPDX-License-Identifier: GPL-2.0
/*
 * config.c - a device's configuration, one consistent snapshot at a time
 */
#include <linux/device.h>
#include <linux/string.h>

#include "internal.h"

int virt_dev_read_config(struct virt_dev *vdev, void *config, size_t size)
{
	struct virt_xfer_config xfer = { .size = size, .data = config };
	long ret;

	memset(config, 0, size);
	mutex_lock(&vdev->core->lock);
	ret = virt_transfer(vdev->core, &xfer, sizeof(xfer),
			    VIRT_XFER_READ_CONFIG);
	mutex_unlock(&vdev->core->lock);
	if (ret < 0)
		return ret;
	/* what the device does not have is zero, whatever the glue left there */
	if (ret < size)
		memset(config + ret, 0, size - ret);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(virt_dev_read_config, "VIRTBUS");

int virt_dev_write_config(struct virt_dev *vdev, unsigned int offset,
			  const void *data, size_t size)
{
	struct virt_xfer_config xfer = {
		.offset = offset,
		.size = size,
		.data = (void *)data,
	};
	long ret;

	mutex_lock(&vdev->core->lock);
	ret = virt_transfer(vdev->core, &xfer, sizeof(xfer),
			    VIRT_XFER_WRITE_CONFIG);
	mutex_unlock(&vdev->core->lock);
	return ret < 0 ? ret : 0;
}
EXPORT_SYMBOL_NS_GPL(virt_dev_write_config, "VIRTBUS");

int virt_dev_write_config_now(struct virt_dev *vdev, unsigned int offset,
			      const void *data, size_t size)
{
	if (!vdev->transport->write_now)
		return -EOPNOTSUPP;
	if (virt_dev_state(vdev) == VIRT_GONE)
		return -ENODEV;
	return vdev->transport->write_now(vdev, offset, data, size);
}
EXPORT_SYMBOL_NS_GPL(virt_dev_write_config_now, "VIRTBUS");
