/* SPDX-License-Identifier: GPL-2.0 */
/*
 * net.h - what the files of the network driver share: private to this directory
 *
 * A network device has pairs of queues, one to receive and one to transmit, and
 * perhaps a control queue.
 *
 * Locks, outermost first: rtnl, then vnet.control.lock; a transmit queue's two
 * sides, its slots and its counters are under the lock of its netdev_queue. A
 * receive queue belongs to its NAPI instance, or under rtnl to who has disabled
 * that.
 */
#ifndef _VIRTBUS_NET_H
#define _VIRTBUS_NET_H

#include <linux/completion.h>
#include <linux/etherdevice.h>
#include <linux/hrtimer.h>
#include <linux/if_vlan.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/scatterlist.h>
#include <linux/skbuff.h>
#include <linux/u64_stats_sync.h>
#include <linux/virtio_byteorder.h>
#include <linux/virtio_net.h>
#include <linux/workqueue.h>

#include <virtbus/virt_dev.h>
#include <virtbus/virt_queue.h>

/* 5.1.6: before each packet, both ways; since virtio 1.0 always of this size. */
#define VNET_HDR	sizeof(struct virtio_net_hdr_v1)

/* Pairs of a device that we can use, and descriptors of a queue. */
#define VNET_PAIRS	64
#define VNET_QUEUE_SIZE	1024

/* A packet to send: its header, its linear part, and its fragments. */
#define VNET_TX_SEGS	(MAX_SKB_FRAGS + 2)

/* What is in front of the IP header and is not counted in the MTU. */
#define VNET_LINK_BYTES	(ETH_HLEN + VLAN_HLEN)

/* The largest packet that a device may give us: 64 KiB of IP. */
#define VNET_PACKET_MAX	(65535 + VNET_LINK_BYTES)

struct page_pool;
struct vnet;

/**
 * struct vnet_stats - what a queue has counted
 * @sync: makes the rest one snapshot
 * @packets: packets
 * @bytes: their bytes, without the device's header
 * @dropped: no memory for them, or the device was lost
 * @errors: malformed
 */
struct vnet_stats {
	struct u64_stats_sync sync;
	u64_stats_t packets;
	u64_stats_t bytes;
	u64_stats_t dropped;
	u64_stats_t errors;
};

/**
 * struct vnet_stats_values - a snapshot of them
 * @packets: packets
 * @bytes: their bytes
 * @dropped: no memory, or lost
 * @errors: malformed
 */
struct vnet_stats_values {
	u64 packets;
	u64 bytes;
	u64 dropped;
	u64 errors;
};

/**
 * struct vnet_tx_slot - a packet that the device is sending
 * @skb: the packet; NULL: none
 * @hdr: its header, when there was no room for it in front of the packet
 */
struct vnet_tx_slot {
	struct sk_buff *skb;
	struct virtio_net_hdr_v1 hdr;
};

/**
 * struct vnet_tx - a transmit queue
 * @vnet: the device
 * @q: the queue
 * @txq: the network's idea of it, and its lock
 * @napi: reaps what was sent; enabled while @on
 * @on: the queue is open, and the interface there; not while the machine sleeps
 * @timer: runs @napi when nothing else did for a while
 * @nr_slots: packets that the device can have
 * @slots: a packet each
 * @free: numbers of slots that are not in use
 * @nr_free: how many
 * @asked: the device was asked to call
 * @waiting: packets were with the device when stall.c looked
 * @seen: packets that had been sent at that time
 * @stalled: seconds since then
 * @sg: of the packet that is being added
 * @stats: counters
 */
struct vnet_tx {
	struct vnet *vnet;
	struct virt_queue *q;
	struct netdev_queue *txq;
	struct napi_struct napi;
	bool on;
	struct hrtimer timer;
	unsigned int nr_slots;
	struct vnet_tx_slot *slots;
	u16 *free;
	unsigned int nr_free;
	bool asked;
	bool waiting;
	u64 seen;
	unsigned int stalled;
	struct scatterlist sg[VNET_TX_SEGS];
	struct vnet_stats stats;
};

/**
 * struct vnet_rx - a receive queue
 * @vnet: the device
 * @q: the queue
 * @napi: takes what came; enabled while @on
 * @on: the interface is up, and the queue is or was in use since
 * @pool: where pages come from
 * @nr_slots: buffers that the device can have
 * @page: a page for each slot; NULL: it has none
 * @free: numbers of slots that the device does not have
 * @nr_free: how many
 * @refill: tries again when there was no memory
 * @stats: counters
 */
struct vnet_rx {
	struct vnet *vnet;
	struct virt_queue *q;
	struct napi_struct napi;
	bool on;
	struct page_pool *pool;
	unsigned int nr_slots;
	struct page **page;
	u16 *free;
	unsigned int nr_free;
	struct delayed_work refill;
	struct vnet_stats stats;
};

/**
 * struct vnet_pair - a pair of queues
 * @rx: receives
 * @tx: transmits
 */
struct vnet_pair {
	struct vnet_rx rx;
	struct vnet_tx tx;
};

/**
 * struct vnet_control - the control queue (5.1.6.5)
 * @lock: one command at a time
 * @q: the queue; NULL: the device has none
 * @page: the command, its data, and the answer
 * @done: the device has answered, or is lost
 */
struct vnet_control {
	struct mutex lock;		/* see above */
	struct virt_queue *q;
	void *page;
	struct completion done;
};

/**
 * struct vnet - a network device; the private part of its net_device
 * @vdev: the device
 * @dev: the interface
 * @pairs: the pairs that are used at most
 * @nr_pairs: how many
 * @max_pairs: how many the device has
 * @cur_pairs: how many are used now; under rtnl
 * @mergeable: a packet may come in several buffers
 * @lost: the device is Broken or Gone
 * @control: the control queue
 * @filter_work: tells the device what to let through
 * @stall_work: looks for packets that wait too long
 * @guest_offloads: bits of VIRTIO_NET_F_GUEST_* that are on; under rtnl
 * @speed: as ethtool tells it; under rtnl
 * @duplex: as ethtool tells it; under rtnl
 * @tx_usecs: reap what was sent after this time at the latest
 * @tx_frames: ask the device to call when this many are being sent
 * @rx_copybreak: packets up to this size are copied out of their page
 */
struct vnet {
	struct virt_dev *vdev;
	struct net_device *dev;
	struct vnet_pair *pairs;
	unsigned int nr_pairs;
	unsigned int max_pairs;
	unsigned int cur_pairs;
	bool mergeable;
	bool lost;
	struct vnet_control control;
	struct work_struct filter_work;
	struct delayed_work stall_work;
	u64 guest_offloads;
	u32 speed;
	u8 duplex;
	u32 tx_usecs;
	u32 tx_frames;
	u32 rx_copybreak;
};

/* pairs.c: opening queues, and how many of them are used */
int vnet_pairs_open(struct vnet *vnet);
int vnet_pairs_reopen(struct vnet *vnet);
void vnet_pairs_close(struct vnet *vnet);
int vnet_pairs_set(struct vnet *vnet, unsigned int n);

/* tx.c: transmitting */
int vnet_tx_init(struct vnet_tx *tx);
void vnet_tx_exit(struct vnet_tx *tx);
void vnet_tx_on(struct vnet_tx *tx);
void vnet_tx_off(struct vnet_tx *tx);
void vnet_tx_event(struct virt_queue *q);
void vnet_tx_reap(struct vnet_tx *tx);
void vnet_tx_look(struct vnet_tx *tx);
void vnet_tx_fail(struct vnet_tx *tx);
netdev_tx_t vnet_xmit(struct sk_buff *skb, struct net_device *dev);

/* rx.c: receiving; buffer.c: the pages for it */
int vnet_rx_init(struct vnet_rx *rx);
void vnet_rx_exit(struct vnet_rx *rx);
void vnet_rx_event(struct virt_queue *q);
void vnet_rx_look(struct vnet_rx *rx);
void vnet_rx_on(struct vnet_rx *rx);
void vnet_rx_off(struct vnet_rx *rx);
int vnet_buffers_init(struct vnet_rx *rx);
void vnet_buffers_exit(struct vnet_rx *rx);
void vnet_buffers_reset(struct vnet_rx *rx);
void vnet_buffers_fill(struct vnet_rx *rx);
void vnet_buffer_put(struct vnet_rx *rx, unsigned int slot);

/* header.c: the header in front of a packet */
int vnet_header_write(const struct sk_buff *skb,
		      struct virtio_net_hdr_v1 *hdr);
int vnet_header_read(struct vnet *vnet, struct sk_buff *skb,
		     const struct virtio_net_hdr_v1 *hdr);

/* control.c: commands */
int vnet_control_init(struct vnet *vnet, struct virt_queue *q);
void vnet_control_exit(struct vnet *vnet);
void vnet_control_event(struct virt_queue *q);
void vnet_control_fail(struct vnet *vnet);
int vnet_command(struct vnet *vnet, u8 class, u8 command, const void *data,
		 size_t len);

/* filter.c: which packets the device lets through */
void vnet_filter_init(struct vnet *vnet);
void vnet_filter_exit(struct vnet *vnet);
void vnet_set_rx_mode(struct net_device *dev);
int vnet_vlan_add(struct net_device *dev, __be16 proto, u16 vid);
int vnet_vlan_kill(struct net_device *dev, __be16 proto, u16 vid);
void vnet_filter_address(struct vnet *vnet);
int vnet_filter_restore(struct vnet *vnet);
int vnet_set_mac(struct net_device *dev, void *addr);

/* link.c: what the device says of its link */
void vnet_link_update(struct vnet *vnet);

/* offload.c: what the device does for us */
u64 vnet_choose(struct virt_dev *vdev, u64 features);
void vnet_offload_init(struct vnet *vnet);
int vnet_set_features(struct net_device *dev, netdev_features_t features);
int vnet_offload_restore(struct vnet *vnet);

/* netdev.c: the interface */
extern const struct net_device_ops vnet_netdev_ops;

/* name.c: its name */
int vnet_register(struct vnet *vnet);

/* stats.c */
void vnet_count(struct vnet_stats *stats, u64_stats_t *what);
void vnet_stats_read(const struct vnet_stats *stats,
		     struct vnet_stats_values *values);
void vnet_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *total);

/* ethtool.c */
extern const struct ethtool_ops vnet_ethtool_ops;

/* stall.c: packets that the device does not send */
void vnet_stall_init(struct vnet *vnet);
void vnet_stall_on(struct vnet *vnet);
void vnet_stall_off(struct vnet *vnet);

/* idle.c: may it go? */
int vnet_idle(struct virt_dev *vdev, struct virt_why *why);
void vnet_reopen(struct virt_dev *vdev);

/* sleep.c: while the machine sleeps */
int vnet_freeze(struct virt_dev *vdev, struct virt_why *why);
int vnet_thaw(struct virt_dev *vdev);

/* hold.c: interfaces of the in-tree driver */
void *vnet_hold(struct device *foreign, struct virt_why *why);
void vnet_unhold(void *hold);

#endif /* _VIRTBUS_NET_H */
