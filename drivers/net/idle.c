// SPDX-License-Identifier: GPL-2.0
/*
 * idle.c - may the device go?
 */
#include <linux/rtnetlink.h>

#include "net.h"

/**
 * vnet_idle() - see virt_driver.idle()
 * @vdev: the device
 * @why: who uses it
 *
 * Check and close in one step: an interface is brought up under the same lock.
 *
 * Context: process, may sleep.
 * Return: 0 or -EBUSY.
 */
int vnet_idle(struct virt_dev *vdev, struct virt_why *why)
{
	struct vnet *vnet = virt_dev_get_drvdata(vdev);
	struct net_device *dev = vnet->dev;
	int err = 0;

	rtnl_lock();
	if (netif_running(dev)) {
		virt_why(why, "interface %s is up (ip link set %s down)",
			 dev->name, dev->name);
		err = -EBUSY;
	} else {
		netif_device_detach(dev);
	}
	rtnl_unlock();
	return err;
}

void vnet_reopen(struct virt_dev *vdev)
{
	struct vnet *vnet = virt_dev_get_drvdata(vdev);

	rtnl_lock();
	netif_device_attach(vnet->dev);
	rtnl_unlock();
}
