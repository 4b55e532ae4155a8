// SPDX-License-Identifier: GPL-2.0
/*
 * offload.c - what the device does for us: checksums, and packets that are larger
 * than the network's (virtio 1.2, 5.1.3.1 and 5.1.6.5.6)
 */
#include "net.h"

/* What we receive because of it; can be turned off with a command. */
#define GUEST_LARGE	(BIT_ULL(VIRTIO_NET_F_GUEST_TSO4) | \
			 BIT_ULL(VIRTIO_NET_F_GUEST_TSO6) | \
			 BIT_ULL(VIRTIO_NET_F_GUEST_ECN))

#define HOST_LARGE	(BIT_ULL(VIRTIO_NET_F_HOST_TSO4) | \
			 BIT_ULL(VIRTIO_NET_F_HOST_TSO6) | \
			 BIT_ULL(VIRTIO_NET_F_HOST_ECN))

/* All that is of no use without a control queue. */
#define NEED_CONTROL	(BIT_ULL(VIRTIO_NET_F_CTRL_RX) | \
			 BIT_ULL(VIRTIO_NET_F_CTRL_VLAN) | \
			 BIT_ULL(VIRTIO_NET_F_CTRL_MAC_ADDR) | \
			 BIT_ULL(VIRTIO_NET_F_CTRL_GUEST_OFFLOADS) | \
			 BIT_ULL(VIRTIO_NET_F_GUEST_ANNOUNCE) | \
			 BIT_ULL(VIRTIO_NET_F_MQ))

/* How many pairs the device has can be used, and its MTU. */
static u64 refuse_for_config(struct virt_dev *vdev, u64 features)
{
	struct virtio_net_config config;
	unsigned int pairs, mtu;
	u64 refused = 0;

	/* probe() reads it again, and says what is wrong */
	if (virt_dev_read_config(vdev, &config, sizeof(config)))
		return 0;
	pairs = le16_to_cpu((__force __le16)config.max_virtqueue_pairs);
	mtu = le16_to_cpu((__force __le16)config.mtu);
	if ((features & BIT_ULL(VIRTIO_NET_F_MQ)) &&
	    (!pairs || pairs > VNET_PAIRS)) {
		dev_warn(&vdev->dev, "it has %u pairs of queues; only one is used: give it 1 to %u on the host\n",
			 pairs, VNET_PAIRS);
		refused |= BIT_ULL(VIRTIO_NET_F_MQ);
	}
	if ((features & BIT_ULL(VIRTIO_NET_F_MTU)) && mtu < ETH_MIN_MTU) {
		dev_warn(&vdev->dev, "the host's MTU of %u bytes is below %u: ignored\n",
			 mtu, ETH_MIN_MTU);
		refused |= BIT_ULL(VIRTIO_NET_F_MTU);
	}
	return refused;
}

/**
 * vnet_choose() - see virt_driver.choose()
 * @vdev: the device
 * @features: what both know
 *
 * 5.1.3.1 says what needs what. Packets larger than a page come in several buffers
 * or not at all.
 *
 * Context: process, may sleep.
 * Return: what is agreed on.
 */
u64 vnet_choose(struct virt_dev *vdev, u64 features)
{
	if (!(features & BIT_ULL(VIRTIO_NET_F_CTRL_VQ)))
		features &= ~NEED_CONTROL;
	if (!(features & BIT_ULL(VIRTIO_NET_F_CSUM)))
		features &= ~HOST_LARGE;
	if (!(features & BIT_ULL(VIRTIO_NET_F_GUEST_CSUM)) ||
	    !(features & BIT_ULL(VIRTIO_NET_F_MRG_RXBUF)))
		features &= ~GUEST_LARGE;
	if (!(features & BIT_ULL(VIRTIO_NET_F_STATUS)))
		features &= ~BIT_ULL(VIRTIO_NET_F_GUEST_ANNOUNCE);
	return features & ~refuse_for_config(vdev, features);
}

/* What the device does when nothing else was said. */
static u64 agreed_offloads(const struct virt_dev *vdev)
{
	return vdev->features & (GUEST_LARGE | BIT_ULL(VIRTIO_NET_F_GUEST_CSUM));
}

/* What the interface can do, from what was agreed on. */
void vnet_offload_init(struct vnet *vnet)
{
	struct virt_dev *vdev = vnet->vdev;
	struct net_device *dev = vnet->dev;

	dev->features |= NETIF_F_HIGHDMA | NETIF_F_SG;
	dev->hw_features |= NETIF_F_SG;
	if (virt_dev_has(vdev, VIRTIO_NET_F_CSUM))
		dev->hw_features |= NETIF_F_HW_CSUM;
	if (virt_dev_has(vdev, VIRTIO_NET_F_HOST_TSO4))
		dev->hw_features |= NETIF_F_TSO;
	if (virt_dev_has(vdev, VIRTIO_NET_F_HOST_TSO6))
		dev->hw_features |= NETIF_F_TSO6;
	if (virt_dev_has(vdev, VIRTIO_NET_F_HOST_ECN))
		dev->hw_features |= NETIF_F_TSO_ECN;
	dev->features |= dev->hw_features;
	if (virt_dev_has(vdev, VIRTIO_NET_F_GUEST_CSUM))
		dev->features |= NETIF_F_RXCSUM;
	vnet->guest_offloads = agreed_offloads(vdev);
	if (vnet->guest_offloads & GUEST_LARGE) {
		dev->features |= NETIF_F_GRO_HW;
		if (virt_dev_has(vdev, VIRTIO_NET_F_CTRL_GUEST_OFFLOADS))
			dev->hw_features |= NETIF_F_GRO_HW;
	}
	if (virt_dev_has(vdev, VIRTIO_NET_F_CTRL_VLAN))
		dev->features |= NETIF_F_HW_VLAN_CTAG_FILTER;
	dev->vlan_features = dev->features & ~NETIF_F_HW_VLAN_CTAG_FILTER;
}

static int tell(struct vnet *vnet, u64 offloads)
{
	__virtio64 wire = __cpu_to_virtio64(true, offloads);

	return vnet_command(vnet, VIRTIO_NET_CTRL_GUEST_OFFLOADS,
			    VIRTIO_NET_CTRL_GUEST_OFFLOADS_SET, &wire,
			    sizeof(wire));
}

/* A device that was reset does all that was agreed on. Under rtnl; 0 or -errno. */
int vnet_offload_restore(struct vnet *vnet)
{
	ASSERT_RTNL();
	if (vnet->guest_offloads == agreed_offloads(vnet->vdev))
		return 0;
	return tell(vnet, vnet->guest_offloads);
}

/**
 * vnet_set_features() - see net_device_ops.ndo_set_features
 * @dev: the interface
 * @features: what is wanted
 *
 * Context: process, may sleep; under rtnl.
 * Return: 0 or -errno.
 */
int vnet_set_features(struct net_device *dev, netdev_features_t features)
{
	struct vnet *vnet = netdev_priv(dev);
	u64 offloads = vnet->guest_offloads & ~GUEST_LARGE;
	int err;

	if (!((dev->features ^ features) & NETIF_F_GRO_HW))
		return 0;
	if (features & NETIF_F_GRO_HW)
		offloads |= vnet->vdev->features & GUEST_LARGE;
	err = tell(vnet, offloads);
	if (!err)
		vnet->guest_offloads = offloads;
	return err;
}
