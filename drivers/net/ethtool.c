// SPDX-License-Identifier: GPL-2.0
/*
 * ethtool.c - what ethtool shows and changes
 */
#include <linux/ethtool.h>

#include "net.h"

static const char *const counters[] = {
	"packets", "bytes", "dropped", "errors", "kicks", "events",
};

static void get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	struct vnet *vnet = netdev_priv(dev);

	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->bus_info, virt_name(vnet->vdev), sizeof(info->bus_info));
}

static int get_link_ksettings(struct net_device *dev,
			      struct ethtool_link_ksettings *settings)
{
	struct vnet *vnet = netdev_priv(dev);

	settings->base.speed = vnet->speed;
	settings->base.duplex = vnet->duplex;
	settings->base.port = PORT_OTHER;
	return 0;
}

static void get_channels(struct net_device *dev, struct ethtool_channels *ch)
{
	struct vnet *vnet = netdev_priv(dev);

	ch->combined_count = vnet->cur_pairs;
	ch->max_combined = vnet->nr_pairs;
}

/* None, and more than get_channels() says, are refused before. */
static int set_channels(struct net_device *dev, struct ethtool_channels *ch)
{
	return vnet_pairs_set(netdev_priv(dev), ch->combined_count);
}

static void get_ringparam(struct net_device *dev, struct ethtool_ringparam *ring,
			  struct kernel_ethtool_ringparam *kernel,
			  struct netlink_ext_ack *extack)
{
	struct vnet *vnet = netdev_priv(dev);

	ring->rx_max_pending = vnet->pairs[0].rx.q->size;
	ring->tx_max_pending = vnet->pairs[0].tx.q->size;
	ring->rx_pending = ring->rx_max_pending;
	ring->tx_pending = ring->tx_max_pending;
}

static int get_coalesce(struct net_device *dev, struct ethtool_coalesce *ec,
			struct kernel_ethtool_coalesce *kernel,
			struct netlink_ext_ack *extack)
{
	struct vnet *vnet = netdev_priv(dev);

	ec->tx_coalesce_usecs = vnet->tx_usecs;
	ec->tx_max_coalesced_frames = vnet->tx_frames;
	return 0;
}

static int set_coalesce(struct net_device *dev, struct ethtool_coalesce *ec,
			struct kernel_ethtool_coalesce *kernel,
			struct netlink_ext_ack *extack)
{
	struct vnet *vnet = netdev_priv(dev);

	if (ec->tx_coalesce_usecs > USEC_PER_SEC) {
		NL_SET_ERR_MSG(extack, "tx-usecs: at most a second");
		return -EINVAL;
	}
	if (!ec->tx_max_coalesced_frames) {
		NL_SET_ERR_MSG(extack, "tx-frames: at least 1");
		return -EINVAL;
	}
	WRITE_ONCE(vnet->tx_usecs, ec->tx_coalesce_usecs);
	WRITE_ONCE(vnet->tx_frames, ec->tx_max_coalesced_frames);
	return 0;
}

static int get_tunable(struct net_device *dev, const struct ethtool_tunable *tuna,
		       void *data)
{
	struct vnet *vnet = netdev_priv(dev);

	if (tuna->id != ETHTOOL_RX_COPYBREAK)
		return -EOPNOTSUPP;
	*(u32 *)data = vnet->rx_copybreak;
	return 0;
}

static int set_tunable(struct net_device *dev, const struct ethtool_tunable *tuna,
		       const void *data)
{
	struct vnet *vnet = netdev_priv(dev);
	u32 value = *(const u32 *)data;

	if (tuna->id != ETHTOOL_RX_COPYBREAK)
		return -EOPNOTSUPP;
	if (value > SKB_WITH_OVERHEAD(PAGE_SIZE) / 2)
		return -EINVAL;
	WRITE_ONCE(vnet->rx_copybreak, value);
	return 0;
}

static int get_sset_count(struct net_device *dev, int set)
{
	struct vnet *vnet = netdev_priv(dev);

	if (set != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return 2 * vnet->nr_pairs * ARRAY_SIZE(counters);
}

static void get_strings(struct net_device *dev, u32 set, u8 *data)
{
	struct vnet *vnet = netdev_priv(dev);
	unsigned int i, k;

	if (set != ETH_SS_STATS)
		return;
	for (i = 0; i < 2 * vnet->nr_pairs; i++)
		for (k = 0; k < ARRAY_SIZE(counters); k++)
			ethtool_sprintf(&data, "%s%u_%s", i % 2 ? "tx" : "rx",
					i / 2, counters[k]);
}

static u64 *put_queue(u64 *at, const struct vnet_stats *stats,
		      const struct virt_queue *q)
{
	struct vnet_stats_values values;

	vnet_stats_read(stats, &values);
	*at++ = values.packets;
	*at++ = values.bytes;
	*at++ = values.dropped;
	*at++ = values.errors;
	*at++ = q->stats.kicks;
	*at++ = q->stats.events;
	return at;
}

static void get_stats(struct net_device *dev, struct ethtool_stats *stats,
		      u64 *data)
{
	struct vnet *vnet = netdev_priv(dev);
	unsigned int i;

	for (i = 0; i < vnet->nr_pairs; i++) {
		struct vnet_pair *pair = &vnet->pairs[i];

		data = put_queue(data, &pair->rx.stats, pair->rx.q);
		data = put_queue(data, &pair->tx.stats, pair->tx.q);
	}
}

const struct ethtool_ops vnet_ethtool_ops = {
	.supported_coalesce_params = ETHTOOL_COALESCE_TX_USECS |
				     ETHTOOL_COALESCE_TX_MAX_FRAMES,
	.get_drvinfo = get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_link_ksettings = get_link_ksettings,
	.get_channels = get_channels,
	.set_channels = set_channels,
	.get_ringparam = get_ringparam,
	.get_coalesce = get_coalesce,
	.set_coalesce = set_coalesce,
	.get_tunable = get_tunable,
	.set_tunable = set_tunable,
	.get_sset_count = get_sset_count,
	.get_strings = get_strings,
	.get_ethtool_stats = get_stats,
};
