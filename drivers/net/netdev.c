// SPDX-License-Identifier: GPL-2.0
/*
 * netdev.c - the interface: up, down, and what the network asks of it
 */
#include "net.h"

static int vnet_open(struct net_device *dev)
{
	struct vnet *vnet = netdev_priv(dev);
	unsigned int i;
	int err;

	/* the module, too, stays while an interface of its is up */
	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	err = virt_dev_use(vnet->vdev);
	if (err) {
		module_put(THIS_MODULE);
		return err;
	}
	for (i = 0; i < vnet->cur_pairs; i++)
		vnet_rx_on(&vnet->pairs[i].rx);
	vnet_link_update(vnet);
	netif_tx_start_all_queues(dev);
	vnet_stall_on(vnet);
	return 0;
}

/* What is being sent is reaped all the same. */
static int vnet_stop(struct net_device *dev)
{
	struct vnet *vnet = netdev_priv(dev);
	unsigned int i;

	vnet_stall_off(vnet);
	netif_tx_disable(dev);
	for (i = 0; i < vnet->nr_pairs; i++)
		vnet_rx_off(&vnet->pairs[i].rx);
	virt_dev_unuse(vnet->vdev);
	module_put(THIS_MODULE);
	return 0;
}

const struct net_device_ops vnet_netdev_ops = {
	.ndo_open = vnet_open,
	.ndo_stop = vnet_stop,
	.ndo_start_xmit = vnet_xmit,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_set_mac_address = vnet_set_mac,
	.ndo_set_rx_mode = vnet_set_rx_mode,
	.ndo_vlan_rx_add_vid = vnet_vlan_add,
	.ndo_vlan_rx_kill_vid = vnet_vlan_kill,
	.ndo_get_stats64 = vnet_get_stats64,
	.ndo_set_features = vnet_set_features,
	.ndo_features_check = passthru_features_check,
};
