// SPDX-License-Identifier: GPL-2.0
/*
 * stats.c - what the queues have counted
 */
#include "net.h"

/* One more; who counts is serialised for a queue. */
void vnet_count(struct vnet_stats *stats, u64_stats_t *what)
{
	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(what);
	u64_stats_update_end(&stats->sync);
}

/* One snapshot of a queue. */
void vnet_stats_read(const struct vnet_stats *stats,
		     struct vnet_stats_values *values)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&stats->sync);
		values->packets = u64_stats_read(&stats->packets);
		values->bytes = u64_stats_read(&stats->bytes);
		values->dropped = u64_stats_read(&stats->dropped);
		values->errors = u64_stats_read(&stats->errors);
	} while (u64_stats_fetch_retry(&stats->sync, start));
}

/* See net_device_ops.ndo_get_stats64: any context. */
void vnet_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *total)
{
	struct vnet *vnet = netdev_priv(dev);
	struct vnet_stats_values rx, tx;
	unsigned int i;

	for (i = 0; i < vnet->nr_pairs; i++) {
		vnet_stats_read(&vnet->pairs[i].rx.stats, &rx);
		vnet_stats_read(&vnet->pairs[i].tx.stats, &tx);
		total->rx_packets += rx.packets;
		total->rx_bytes += rx.bytes;
		total->rx_dropped += rx.dropped;
		total->rx_errors += rx.errors;
		total->tx_packets += tx.packets;
		total->tx_bytes += tx.bytes;
		total->tx_dropped += tx.dropped;
		total->tx_errors += tx.errors;
	}
}
