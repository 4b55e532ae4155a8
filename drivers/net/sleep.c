// SPDX-License-Identifier: GPL-2.0
/*
 * sleep.c - a network card while the machine sleeps
 *
 * For the network the interface is detached: it sends nothing, and nobody can set
 * anything. What the device was told is told once more when the machine is awake again.
 */
#include <linux/delay.h>
#include <linux/rtnetlink.h>

#include "net.h"

/* How long what is being sent may take, in milliseconds; what is left then is lost. */
#define PATIENCE	200
#define STEP		5

/* Nothing is sent, received or counted any more; the queues are as they were. */
static void detach(struct vnet *vnet)
{
	struct net_device *dev = vnet->dev;
	unsigned int i;

	rtnl_lock();
	netif_device_detach(dev);
	/* whoever sends just now has ended after this */
	netif_tx_disable(dev);
	if (netif_running(dev))
		vnet_stall_off(vnet);
	for (i = 0; i < vnet->nr_pairs; i++)
		vnet_rx_off(&vnet->pairs[i].rx);
	rtnl_unlock();
	cancel_work_sync(&vnet->filter_work);
}

static bool is_sending(struct vnet *vnet)
{
	unsigned int i;

	for (i = 0; i < vnet->nr_pairs; i++) {
		struct vnet_tx *tx = &vnet->pairs[i].tx;

		vnet_tx_look(tx);
		if (READ_ONCE(tx->nr_free) != tx->nr_slots)
			return true;
	}
	return false;
}

int vnet_freeze(struct virt_dev *vdev, struct virt_why *why)
{
	struct vnet *vnet = virt_dev_get_drvdata(vdev);
	unsigned int i, waited;

	detach(vnet);
	for (waited = 0; waited < PATIENCE && is_sending(vnet); waited += STEP)
		msleep(STEP);
	virt_dev_stop(vdev);
	for (i = 0; i < vnet->nr_pairs; i++) {
		vnet_tx_off(&vnet->pairs[i].tx);
		vnet_tx_fail(&vnet->pairs[i].tx);
	}
	return 0;
}

/* The device learns what it does not know any more, then the network that it is there. */
static int restore(struct vnet *vnet)
{
	struct net_device *dev = vnet->dev;
	const char *what = "VLANs";
	unsigned int i;
	int err;

	err = vnet_filter_restore(vnet);
	if (!err) {
		what = "offloads";
		err = vnet_offload_restore(vnet);
	}
	if (!err) {
		what = "number of queues";
		err = vnet_pairs_set(vnet, vnet->cur_pairs);
	}
	if (err) {
		dev_err(&vnet->vdev->dev, "the host refuses the %s that it took before the machine slept\n",
			what);
		return err;
	}
	if (netif_running(dev)) {
		for (i = 0; i < vnet->cur_pairs; i++)
			vnet_rx_on(&vnet->pairs[i].rx);
		vnet_stall_on(vnet);
	}
	netif_device_attach(dev);
	vnet_set_rx_mode(dev);
	vnet_link_update(vnet);
	return 0;
}

/* Where it fails the interface stays detached, nobody uses a queue, and vnet_lost() follows. */
int vnet_thaw(struct virt_dev *vdev)
{
	struct vnet *vnet = virt_dev_get_drvdata(vdev);
	unsigned int i;
	int err;

	err = vnet_pairs_reopen(vnet);
	if (!err)
		err = virt_dev_ready(vdev);
	if (!err) {
		rtnl_lock();
		err = restore(vnet);
		rtnl_unlock();
	}
	if (!err)
		return 0;
	for (i = 0; i < vnet->nr_pairs; i++)
		vnet_tx_off(&vnet->pairs[i].tx);
	/* under rtnl: who looks at a change of the configuration may give a command */
	rtnl_lock();
	vnet->control.q = NULL;
	rtnl_unlock();
	return err;
}
