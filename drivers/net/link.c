// SPDX-License-Identifier: GPL-2.0
/*
 * link.c - what the device says of its link (virtio 1.2, 5.1.4 and 5.1.6.5.4)
 */
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>

#include "net.h"

/* The guest has moved: switches learn it from what is sent now. */
static void announce(struct vnet *vnet)
{
	__netdev_notify_peers(vnet->dev);
	if (vnet_command(vnet, VIRTIO_NET_CTRL_ANNOUNCE,
			 VIRTIO_NET_CTRL_ANNOUNCE_ACK, NULL, 0))
		dev_warn(&vnet->vdev->dev, "the host was not told of the announcement that it asked for\n");
}

static void set_speed(struct vnet *vnet, const struct virtio_net_config *config)
{
	u32 speed = le32_to_cpu((__force __le32)config->speed);

	if (!virt_dev_has(vnet->vdev, VIRTIO_NET_F_SPEED_DUPLEX))
		return;
	if (ethtool_validate_speed(speed))
		vnet->speed = speed;
	if (ethtool_validate_duplex(config->duplex))
		vnet->duplex = config->duplex;
}

/**
 * vnet_link_update() - look at what the device says, and tell the network
 * @vnet: the device
 *
 * A device that says nothing of its link has one.
 *
 * Context: process, may sleep; under rtnl.
 */
void vnet_link_update(struct vnet *vnet)
{
	struct virtio_net_config config;
	u16 status = VIRTIO_NET_S_LINK_UP;

	ASSERT_RTNL();
	if (READ_ONCE(vnet->lost) ||
	    virt_dev_read_config(vnet->vdev, &config, sizeof(config)))
		return;
	set_speed(vnet, &config);
	if (virt_dev_has(vnet->vdev, VIRTIO_NET_F_STATUS))
		status = le16_to_cpu((__force __le16)config.status);
	if (status & VIRTIO_NET_S_LINK_UP)
		netif_carrier_on(vnet->dev);
	else
		netif_carrier_off(vnet->dev);
	if ((status & VIRTIO_NET_S_ANNOUNCE) &&
	    virt_dev_has(vnet->vdev, VIRTIO_NET_F_GUEST_ANNOUNCE))
		announce(vnet);
	/* lost() does not wait for rtnl: it may have been before the last lines */
	if (READ_ONCE(vnet->lost))
		netif_carrier_off(vnet->dev);
}
