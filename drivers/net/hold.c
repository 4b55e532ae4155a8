// SPDX-License-Identifier: GPL-2.0
/*
 * hold.c - interfaces of the in-tree driver, before their device is taken from it
 *
 * An interface that is down is detached: nobody brings it up any more.
 */
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "net.h"

/**
 * struct held_netdev - an interface that stays down
 * @list: in the cookie
 * @dev: the interface; its memory stays, and nothing waits for us to let it go
 */
struct held_netdev {
	struct list_head list;
	struct net_device *dev;
};

/**
 * struct held - all interfaces of one foreign device; the cookie of vnet_hold()
 * @netdevs: the interfaces
 * @why: who uses one of them
 */
struct held {
	struct list_head netdevs;
	struct virt_why *why;
};

static int hold_netdev(struct held *held, struct net_device *dev)
{
	struct held_netdev *netdev;

	ASSERT_RTNL();
	if (dev->reg_state != NETREG_REGISTERED)
		return 0;
	if (netif_running(dev)) {
		virt_why(held->why, "its interface %s is up (ip link set %s down)",
			 dev->name, dev->name);
		return -EBUSY;
	}
	netdev = kzalloc(sizeof(*netdev), GFP_KERNEL);
	if (!netdev)
		return -ENOMEM;
	netif_device_detach(dev);
	get_device(&dev->dev);
	netdev->dev = dev;
	list_add(&netdev->list, &held->netdevs);
	return 0;
}

/* The interfaces hang somewhere below the function: virtio0, then eth0. */
static int hold_below(struct device *dev, void *data)
{
	if (dev->class && !strcmp(dev->class->name, "net"))
		return hold_netdev(data, to_net_dev(dev));
	return device_for_each_child(dev, data, hold_below);
}

/**
 * vnet_hold() - see virt_driver.hold()
 * @foreign: a device of the in-tree driver
 * @why: who uses something of it
 *
 * Context: process, may sleep.
 * Return: the cookie, or ERR_PTR(-errno).
 */
void *vnet_hold(struct device *foreign, struct virt_why *why)
{
	struct held *held;
	int err;

	held = kzalloc(sizeof(*held), GFP_KERNEL);
	if (!held)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&held->netdevs);
	held->why = why;
	rtnl_lock();
	err = device_for_each_child(foreign, held, hold_below);
	rtnl_unlock();
	if (!err)
		return held;
	vnet_unhold(held);
	return ERR_PTR(err);
}

void vnet_unhold(void *hold)
{
	struct held_netdev *netdev, *next;
	struct held *held = hold;

	rtnl_lock();
	list_for_each_entry_safe(netdev, next, &held->netdevs, list) {
		/* the one that is still there was not taken after all */
		if (netdev->dev->reg_state == NETREG_REGISTERED)
			netif_device_attach(netdev->dev);
		put_device(&netdev->dev->dev);
		kfree(netdev);
	}
	rtnl_unlock();
	kfree(held);
}
