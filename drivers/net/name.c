// SPDX-License-Identifier: GPL-2.0
/*
 * name.c - the interface asks for its device's name
 */
#include "net.h"

/**
 * vnet_register() - let the network see the interface
 * @vnet: the device
 *
 * When another driver's interface has the name, it gets the next free one.
 *
 * Context: process, may sleep.
 * Return: 0 or -errno.
 */
int vnet_register(struct vnet *vnet)
{
	struct net_device *dev = vnet->dev;
	int err;

	strscpy(dev->name, virt_name(vnet->vdev), IFNAMSIZ);
	dev->name_assign_type = NET_NAME_ENUM;
	err = register_netdev(dev);
	if (err != -EEXIST)
		return err;
	strscpy(dev->name, "eth%d", IFNAMSIZ);
	err = register_netdev(dev);
	if (!err)
		dev_info(&vnet->vdev->dev, "another interface is called %s: this one is %s\n",
			 virt_name(vnet->vdev), dev->name);
	return err;
}
