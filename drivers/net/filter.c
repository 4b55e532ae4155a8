// SPDX-License-Identifier: GPL-2.0
/*
 * filter.c - which packets the device lets through (virtio 1.2, 5.1.6.5.1 to
 * 5.1.6.5.3)
 *
 * The network says so where nobody may sleep; a work item tells the device.
 */
#include <linux/slab.h>

#include "net.h"

/* Of each sort; with more than that the device lets all of the sort through. */
#define ADDRESSES	256

/**
 * struct table - addresses, as the device wants them
 * @entries: how many; little-endian
 * @macs: the addresses
 */
struct table {
	__virtio32 entries;
	u8 macs[][ETH_ALEN];
};

/* Both tables, one after the other, in the form of a command. */
#define TABLES_MAX	(2 * (sizeof(struct table) + ADDRESSES * ETH_ALEN))

/* Copies a list; gives what comes behind it. */
static void *copy_list(void *at, const struct netdev_hw_addr_list *list,
		       bool left_out)
{
	const struct netdev_hw_addr *ha;
	struct table *table = at;
	unsigned int n = 0;

	if (!left_out)
		list_for_each_entry(ha, &list->list, list)
			ether_addr_copy(table->macs[n++], ha->addr);
	table->entries = __cpu_to_virtio32(true, n);
	return table->macs[n];
}

/* A command failed: because the host did not want it? A lost device has refused nothing. */
static bool refused(struct vnet *vnet, int err)
{
	return err && !virt_dev_usable(vnet->vdev);
}

/* A switch with two positions. */
static void tell_switch(struct vnet *vnet, u8 command, bool on, const char *what)
{
	u8 value = on;
	int err;

	err = vnet_command(vnet, VIRTIO_NET_CTRL_RX, command, &value,
			   sizeof(value));
	if (refused(vnet, err))
		dev_warn_ratelimited(&vnet->vdev->dev,
				     "the host refused to turn %s %s: packets may be missing, or too many\n",
				     what, on ? "on" : "off");
}

static void tell_tables(struct vnet *vnet, const void *tables, size_t len)
{
	int err;

	err = vnet_command(vnet, VIRTIO_NET_CTRL_MAC,
			   VIRTIO_NET_CTRL_MAC_TABLE_SET, tables, len);
	if (refused(vnet, err))
		dev_warn_ratelimited(&vnet->vdev->dev,
				     "the host refused the list of addresses to receive: packets may be missing, or too many\n");
}

static int tell_address(struct vnet *vnet, const void *addr)
{
	return vnet_command(vnet, VIRTIO_NET_CTRL_MAC,
			    VIRTIO_NET_CTRL_MAC_ADDR_SET, addr, ETH_ALEN);
}

static void tell(struct vnet *vnet, void *tables)
{
	struct net_device *dev = vnet->dev;
	bool promisc, all_multi, many_uc, many_mc;
	void *end;

	netif_addr_lock_bh(dev);
	many_uc = netdev_uc_count(dev) > ADDRESSES;
	many_mc = netdev_mc_count(dev) > ADDRESSES;
	promisc = (dev->flags & IFF_PROMISC) || many_uc;
	all_multi = (dev->flags & IFF_ALLMULTI) || many_mc;
	end = copy_list(tables, &dev->uc, many_uc);
	end = copy_list(end, &dev->mc, many_mc);
	netif_addr_unlock_bh(dev);

	tell_switch(vnet, VIRTIO_NET_CTRL_RX_PROMISC, promisc, "promiscuous mode");
	tell_switch(vnet, VIRTIO_NET_CTRL_RX_ALLMULTI, all_multi,
		    "reception of all multicast packets");
	tell_tables(vnet, tables, end - tables);
}

static void filter_work(struct work_struct *work)
{
	struct vnet *vnet = container_of(work, struct vnet, filter_work);
	void *tables = kmalloc(TABLES_MAX, GFP_KERNEL);

	/* the kernel says so itself; the host lets through what it did before */
	if (!tables)
		return;
	/* a lost device lets nothing through */
	if (!virt_dev_usable(vnet->vdev))
		tell(vnet, tables);
	kfree(tables);
}

/* See net_device_ops.ndo_set_rx_mode: any context, under the address lock. */
void vnet_set_rx_mode(struct net_device *dev)
{
	struct vnet *vnet = netdev_priv(dev);

	if (virt_dev_has(vnet->vdev, VIRTIO_NET_F_CTRL_RX))
		/* a host that is slow to answer holds up nobody else */
		queue_work(system_long_wq, &vnet->filter_work);
}

static int tell_vlan(struct net_device *dev, u8 command, u16 vid)
{
	__virtio16 wire = __cpu_to_virtio16(true, vid);

	return vnet_command(netdev_priv(dev), VIRTIO_NET_CTRL_VLAN, command,
			    &wire, sizeof(wire));
}

int vnet_vlan_add(struct net_device *dev, __be16 proto, u16 vid)
{
	return tell_vlan(dev, VIRTIO_NET_CTRL_VLAN_ADD, vid);
}

int vnet_vlan_kill(struct net_device *dev, __be16 proto, u16 vid)
{
	return tell_vlan(dev, VIRTIO_NET_CTRL_VLAN_DEL, vid);
}

/* @vlan is the interface of that VLAN, if it has one. */
static int add_again(struct net_device *vlan, int vid, void *dev)
{
	return vnet_vlan_add(dev, htons(ETH_P_8021Q), vid);
}

/* The device learns our address, if it wants to know. */
void vnet_filter_address(struct vnet *vnet)
{
	if (virt_dev_has(vnet->vdev, VIRTIO_NET_F_CTRL_MAC_ADDR) &&
	    refused(vnet, tell_address(vnet, vnet->dev->dev_addr)))
		dev_warn(&vnet->vdev->dev, "the host did not take the address\n");
}

/* A device that was reset lets its own address through only; vnet_set_rx_mode() does the
 * rest. Under rtnl; 0 or -errno.
 */
int vnet_filter_restore(struct vnet *vnet)
{
	ASSERT_RTNL();
	vnet_filter_address(vnet);
	if (!virt_dev_has(vnet->vdev, VIRTIO_NET_F_CTRL_VLAN))
		return 0;
	return vlan_for_each(vnet->dev, add_again, vnet->dev);
}

/* See net_device_ops.ndo_set_mac_address: under rtnl, may sleep. */
int vnet_set_mac(struct net_device *dev, void *addr)
{
	struct vnet *vnet = netdev_priv(dev);
	struct sockaddr *sa = addr;
	int err;

	err = eth_prepare_mac_addr_change(dev, addr);
	if (err)
		return err;
	/* without the command the host has no filter that would know it */
	if (virt_dev_has(vnet->vdev, VIRTIO_NET_F_CTRL_MAC_ADDR))
		err = tell_address(vnet, sa->sa_data);
	if (!err)
		eth_commit_mac_addr_change(dev, addr);
	return err;
}

void vnet_filter_init(struct vnet *vnet)
{
	INIT_WORK(&vnet->filter_work, filter_work);
}

/* The interface is gone. */
void vnet_filter_exit(struct vnet *vnet)
{
	cancel_work_sync(&vnet->filter_work);
}
