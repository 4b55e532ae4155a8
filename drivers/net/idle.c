// SPDX-License-Identifier: GPL-2.0
/*
 * idle.c - may the device go?
 */
#include <linux/delay.h>
#include <linux/rtnetlink.h>

#include "net.h"

/* Others have that lock for as long as a silent card lets them wait: whoever asks does
 * not wait as long.
 */
static bool lock_network(void)
{
	int tries = 50;

	while (!rtnl_trylock()) {
		if (!tries--)
			return false;
		msleep(20);
	}
	return true;
}

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

	if (!lock_network()) {
		virt_why(why, "the network is being configured, and %s cannot be asked",
			 dev->name);
		return -EBUSY;
	}
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
