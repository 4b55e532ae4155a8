// SPDX-License-Identifier: GPL-2.0
/*
 * header.c - the header in front of a packet (virtio 1.2, 5.1.6.1 to 5.1.6.4)
 *
 * What is in it is said the kernel's way by linux/virtio_net.h; here is what may be
 * in it.
 */
#include "net.h"

/* Fill in @hdr for a packet that is to be sent; 0 or -EINVAL. */
int vnet_header_write(const struct sk_buff *skb, struct virtio_net_hdr_v1 *hdr)
{
	hdr->num_buffers = 0;
	return virtio_net_hdr_from_skb(skb, (struct virtio_net_hdr *)hdr, true,
				       false, 0);
}

/* Which agreement allows the device to leave a packet so large? 0: none. */
static u64 needed_for(u8 gso_type)
{
	switch (gso_type & ~VIRTIO_NET_HDR_GSO_ECN) {
	case VIRTIO_NET_HDR_GSO_TCPV4:
		return BIT_ULL(VIRTIO_NET_F_GUEST_TSO4);
	case VIRTIO_NET_HDR_GSO_TCPV6:
		return BIT_ULL(VIRTIO_NET_F_GUEST_TSO6);
	default:
		return 0;
	}
}

/**
 * vnet_header_read() - what the device says of a packet that came
 * @vnet: the device
 * @skb: the packet, from its Ethernet header on
 * @hdr: its header; our copy
 *
 * Only what was agreed on is believed.
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int vnet_header_read(struct vnet *vnet, struct sk_buff *skb,
		     const struct virtio_net_hdr_v1 *hdr)
{
	if (hdr->gso_type != VIRTIO_NET_HDR_GSO_NONE &&
	    !(vnet->vdev->features & needed_for(hdr->gso_type)))
		return -EINVAL;
	/* GSO needs checksums, and was agreed on with them */
	if (!virt_dev_has(vnet->vdev, VIRTIO_NET_F_GUEST_CSUM))
		return 0;
	if (hdr->flags & VIRTIO_NET_HDR_F_DATA_VALID)
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	return virtio_net_hdr_to_skb(skb, (const struct virtio_net_hdr *)hdr,
				     true);
}
