// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - network cards on the virtual device bus (virtio 1.2, 5.1)
 *
 *	pairs.c		opening queues, and how many are used
 *	tx.c, rx.c	transmitting, receiving; buffer.c: pages for it
 *	header.c	what is in front of a packet
 *	control.c	commands to the device
 *	filter.c	which packets it lets through
 *	link.c		what it says of its link
 *	offload.c	what it does for us
 *	netdev.c	the interface; name.c, stats.c, ethtool.c: parts of it
 *	stall.c		packets that the device does not send
 *	idle.c		may the device go?
 *	sleep.c		while the machine sleeps
 *	hold.c		interfaces of the in-tree driver
 */
#include <linux/cpumask.h>
#include <linux/ethtool.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "net.h"

static const struct virtio_device_id vnet_ids[] = {
	{ VIRTIO_ID_NET, VIRTIO_DEV_ANY_ID },
	{ 0 }
};

static const unsigned int vnet_features[] = {
	VIRTIO_NET_F_CSUM,
	VIRTIO_NET_F_GUEST_CSUM,
	VIRTIO_NET_F_CTRL_GUEST_OFFLOADS,
	VIRTIO_NET_F_MTU,
	VIRTIO_NET_F_MAC,
	VIRTIO_NET_F_GUEST_TSO4,
	VIRTIO_NET_F_GUEST_TSO6,
	VIRTIO_NET_F_GUEST_ECN,
	VIRTIO_NET_F_HOST_TSO4,
	VIRTIO_NET_F_HOST_TSO6,
	VIRTIO_NET_F_HOST_ECN,
	VIRTIO_NET_F_MRG_RXBUF,
	VIRTIO_NET_F_STATUS,
	VIRTIO_NET_F_CTRL_VQ,
	VIRTIO_NET_F_CTRL_RX,
	VIRTIO_NET_F_CTRL_VLAN,
	VIRTIO_NET_F_GUEST_ANNOUNCE,
	VIRTIO_NET_F_MQ,
	VIRTIO_NET_F_CTRL_MAC_ADDR,
	VIRTIO_NET_F_SPEED_DUPLEX,
};

/* How many pairs the device has; vnet_choose() has seen to the number. */
static unsigned int count_pairs(struct virt_dev *vdev,
				const struct virtio_net_config *config)
{
	if (!virt_dev_has(vdev, VIRTIO_NET_F_MQ))
		return 1;
	return clamp_t(unsigned int,
		       le16_to_cpu((__force __le16)config->max_virtqueue_pairs),
		       1, VNET_PAIRS);
}

static struct vnet *alloc(struct virt_dev *vdev, unsigned int max_pairs)
{
	unsigned int n = min(max_pairs, num_possible_cpus());
	struct net_device *dev;
	struct vnet *vnet;

	dev = alloc_etherdev_mqs(sizeof(*vnet), n, n);
	if (!dev)
		return NULL;
	SET_NETDEV_DEV(dev, &vdev->dev);
	vnet = netdev_priv(dev);
	vnet->dev = dev;
	vnet->vdev = vdev;
	vnet->max_pairs = max_pairs;
	vnet->nr_pairs = n;
	vnet->cur_pairs = 1;
	vnet->mergeable = virt_dev_has(vdev, VIRTIO_NET_F_MRG_RXBUF);
	vnet->speed = SPEED_UNKNOWN;
	vnet->duplex = DUPLEX_UNKNOWN;
	vnet->tx_usecs = 1000;
	vnet->tx_frames = 32;
	vnet->rx_copybreak = 256;
	mutex_init(&vnet->control.lock);
	init_completion(&vnet->control.done);
	vnet_stall_init(vnet);
	vnet_filter_init(vnet);
	return vnet;
}

static void init_netdev(struct vnet *vnet,
			const struct virtio_net_config *config)
{
	struct virt_dev *vdev = vnet->vdev;
	struct net_device *dev = vnet->dev;
	unsigned int mtu = le16_to_cpu((__force __le16)config->mtu);

	dev->netdev_ops = &vnet_netdev_ops;
	dev->ethtool_ops = &vnet_ethtool_ops;
	dev->needed_headroom = VNET_HDR;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
	if (virt_dev_has(vdev, VIRTIO_NET_F_CTRL_RX))
		dev->priv_flags |= IFF_UNICAST_FLT;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = vnet->mergeable ? ETH_MAX_MTU :
		       PAGE_SIZE - VNET_HDR - VNET_LINK_BYTES;
	if (virt_dev_has(vdev, VIRTIO_NET_F_MTU)) {
		dev->max_mtu = min(dev->max_mtu, mtu);
		dev->mtu = dev->max_mtu;
	}
	if (virt_dev_has(vdev, VIRTIO_NET_F_MAC) &&
	    is_valid_ether_addr(config->mac)) {
		eth_hw_addr_set(dev, config->mac);
	} else {
		eth_hw_addr_random(dev);
		dev_info(&vdev->dev, "the host gives it no address: %pM was chosen\n",
			 dev->dev_addr);
	}
	vnet_offload_init(vnet);
}

/* The device is ready: it knows of our address and of one pair. */
static int start(struct vnet *vnet)
{
	unsigned int n = min(vnet->nr_pairs, num_online_cpus());
	int err;

	err = virt_dev_ready(vnet->vdev);
	if (err)
		return err;
	if (vnet->dev->addr_assign_type == NET_ADDR_RANDOM)
		vnet_filter_address(vnet);
	netif_carrier_off(vnet->dev);
	err = netif_set_real_num_queues(vnet->dev, 1, 1);
	if (!err)
		err = vnet_register(vnet);
	if (err)
		return err;
	rtnl_lock();
	err = vnet_pairs_set(vnet, n);
	if (err)
		dev_warn(&vnet->vdev->dev, "only one pair of queues is used: %u could not be set up (error %d)\n",
			 n, err);
	vnet_link_update(vnet);
	rtnl_unlock();
	return 0;
}

static int vnet_probe(struct virt_dev *vdev)
{
	struct virtio_net_config config;
	struct vnet *vnet;
	int err;

	err = virt_dev_read_config(vdev, &config, sizeof(config));
	if (err)
		return err;
	vnet = alloc(vdev, count_pairs(vdev, &config));
	if (!vnet)
		return -ENOMEM;
	virt_dev_set_drvdata(vdev, vnet);
	init_netdev(vnet, &config);
	err = vnet_pairs_open(vnet);
	if (!err)
		err = start(vnet);
	if (err) {
		vnet_pairs_close(vnet);
		free_netdev(vnet->dev);
	}
	return err;
}

static void vnet_lost(struct virt_dev *vdev)
{
	struct vnet *vnet = virt_dev_get_drvdata(vdev);
	unsigned int i;

	WRITE_ONCE(vnet->lost, true);
	/* first of all: who waits for a command may hold rtnl */
	vnet_control_fail(vnet);
	netif_carrier_off(vnet->dev);
	for (i = 0; i < vnet->nr_pairs; i++)
		vnet_tx_fail(&vnet->pairs[i].tx);
}

static void vnet_remove(struct virt_dev *vdev)
{
	struct vnet *vnet = virt_dev_get_drvdata(vdev);

	unregister_netdev(vnet->dev);
	vnet_filter_exit(vnet);
	vnet_pairs_close(vnet);
	free_netdev(vnet->dev);
}

static void vnet_config_changed(struct virt_dev *vdev)
{
	struct vnet *vnet = virt_dev_get_drvdata(vdev);

	rtnl_lock();
	/* before that nobody sees it, and start() looks afterwards */
	if (vnet->dev->reg_state == NETREG_REGISTERED)
		vnet_link_update(vnet);
	rtnl_unlock();
}

static struct virt_driver vnet_driver = {
	.driver.name = "virtbus_net",
	.ids = vnet_ids,
	.features = vnet_features,
	.nr_features = ARRAY_SIZE(vnet_features),
	.choose = vnet_choose,
	.probe = vnet_probe,
	.remove = vnet_remove,
	.lost = vnet_lost,
	.config_changed = vnet_config_changed,
	.idle = vnet_idle,
	.reopen = vnet_reopen,
	.freeze = vnet_freeze,
	.thaw = vnet_thaw,
	.hold = vnet_hold,
	.unhold = vnet_unhold,
};

static int __init vnet_init(void)
{
	return virt_driver_register(&vnet_driver);
}

static void __exit vnet_exit(void)
{
	virt_driver_unregister(&vnet_driver);
}

module_init(vnet_init);
module_exit(vnet_exit);
MODULE_DESCRIPTION("network cards on the virtual device bus");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("VIRTBUS");
MODULE_ALIAS_VIRT_DEV(1);
