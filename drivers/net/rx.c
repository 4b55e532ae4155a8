// SPDX-License-Identifier: GPL-2.0
/*
 * rx.c - receiving (virtio 1.2, 5.1.6.4)
 *
 * A small packet is copied, and its page used again at once. Of a large one the
 * Ethernet header is copied; the rest stays in its pages, which go back to their
 * pool when the packet was read.
 */
#include "net.h"

/* Room for headers that the network pulls out of the pages. */
#define PULL_ROOM	128

/* What became of the packets of one poll. */
struct outcome {
	unsigned int packets;
	unsigned int bytes;
	unsigned int dropped;
	unsigned int errors;
};

/* The whole packet, out of its page. */
static struct sk_buff *copy_small(struct vnet_rx *rx, const u8 *data,
				  unsigned int len)
{
	struct sk_buff *skb = napi_alloc_skb(&rx->napi, len);

	if (skb)
		skb_put_data(skb, data, len);
	return skb;
}

/* The Ethernet header; and the page, which the slot then has no more. */
static struct sk_buff *keep_page(struct vnet_rx *rx, unsigned int slot,
				 const u8 *data, unsigned int len)
{
	struct sk_buff *skb = napi_alloc_skb(&rx->napi, PULL_ROOM);

	if (!skb)
		return NULL;
	skb_mark_for_recycle(skb);
	skb_put_data(skb, data, ETH_HLEN);
	if (len > ETH_HLEN) {
		skb_add_rx_frag(skb, 0, rx->page[slot], VNET_HDR + ETH_HLEN,
				len - ETH_HLEN, PAGE_SIZE);
		rx->page[slot] = NULL;
	}
	return skb;
}

/* Another buffer of a packet; false: it does not fit. */
static bool add_page(struct vnet_rx *rx, struct sk_buff *skb, unsigned int slot,
		     unsigned int len)
{
	unsigned int n = skb_shinfo(skb)->nr_frags;

	if (n == MAX_SKB_FRAGS || skb->len + len > VNET_PACKET_MAX)
		return false;
	if (!len)
		return true;
	skb_add_rx_frag(skb, n, rx->page[slot], 0, len, PAGE_SIZE);
	rx->page[slot] = NULL;
	return true;
}

/* The other buffers; the device showed all of them at once. NULL: dropped. */
static struct sk_buff *add_rest(struct vnet_rx *rx, struct sk_buff *skb,
				unsigned int more, struct outcome *outcome)
{
	unsigned int len;
	int slot;

	while (more--) {
		slot = virt_queue_get(rx->q, &len);
		if (slot < 0) {
			if (slot == -EAGAIN)
				virt_dev_break(rx->vnet->vdev,
					       "queue %s: the last %u buffers of a packet are missing",
					       rx->q->name, more + 1);
			outcome->errors++;
			dev_kfree_skb_any(skb);
			return NULL;
		}
		if (skb && !add_page(rx, skb, slot, len)) {
			outcome->errors++;
			dev_kfree_skb_any(skb);
			skb = NULL;
		}
		vnet_buffer_put(rx, slot);
	}
	return skb;
}

static void deliver(struct vnet_rx *rx, struct sk_buff *skb,
		    const struct virtio_net_hdr_v1 *hdr,
		    struct outcome *outcome)
{
	struct vnet *vnet = rx->vnet;

	if (vnet_header_read(vnet, skb, hdr)) {
		outcome->errors++;
		dev_kfree_skb_any(skb);
		return;
	}
	outcome->packets++;
	outcome->bytes += skb->len;
	skb_record_rx_queue(skb, container_of(rx, struct vnet_pair, rx) -
				 vnet->pairs);
	skb->protocol = eth_type_trans(skb, vnet->dev);
	napi_gro_receive(&rx->napi, skb);
}

/* The buffer in @slot begins a packet; @len bytes of it were written. */
static void receive(struct vnet_rx *rx, unsigned int slot, unsigned int len,
		    struct outcome *outcome)
{
	const u8 *bytes = page_address(rx->page[slot]);
	struct virtio_net_hdr_v1 hdr;
	struct sk_buff *skb = NULL;
	unsigned int more = 0;

	/* a copy: the device could write there still */
	memcpy(&hdr, bytes, sizeof(hdr));
	if (len >= VNET_HDR && rx->vnet->mergeable) {
		more = le16_to_cpu((__force __le16)hdr.num_buffers);
		if (!more) {
			virt_dev_break(rx->vnet->vdev,
				       "queue %s: a packet in 0 buffers",
				       rx->q->name);
			vnet_buffer_put(rx, slot);
			return;
		}
		more--;
	}
	if (len < VNET_HDR + ETH_HLEN) {
		outcome->errors++;
	} else {
		len -= VNET_HDR;
		bytes += VNET_HDR;
		if (!more && len <= READ_ONCE(rx->vnet->rx_copybreak))
			skb = copy_small(rx, bytes, len);
		else
			skb = keep_page(rx, slot, bytes, len);
		if (!skb)
			outcome->dropped++;
	}
	vnet_buffer_put(rx, slot);
	if (more)
		skb = add_rest(rx, skb, more, outcome);
	if (skb)
		deliver(rx, skb, &hdr, outcome);
}

static void account(struct vnet_rx *rx, const struct outcome *outcome)
{
	u64_stats_update_begin(&rx->stats.sync);
	u64_stats_add(&rx->stats.packets, outcome->packets);
	u64_stats_add(&rx->stats.bytes, outcome->bytes);
	u64_stats_add(&rx->stats.dropped, outcome->dropped);
	u64_stats_add(&rx->stats.errors, outcome->errors);
	u64_stats_update_end(&rx->stats.sync);
}

static int poll(struct napi_struct *napi, int budget)
{
	struct vnet_rx *rx = container_of(napi, struct vnet_rx, napi);
	struct vnet_pair *pair = container_of(rx, struct vnet_pair, rx);
	struct outcome outcome = {};
	unsigned int len;
	int slot, done = 0;

	/* netconsole polls what transmits, and all the others too */
	if (!budget)
		return 0;
	vnet_tx_reap(&pair->tx);
	virt_queue_events_off(rx->q);
	do {
		while (done < budget &&
		       (slot = virt_queue_get(rx->q, &len)) >= 0) {
			receive(rx, slot, len, &outcome);
			done++;
		}
		if (done)
			account(rx, &outcome);
		outcome = (struct outcome){};
		vnet_buffers_fill(rx);
	} while (done < budget && !virt_queue_events_on(rx->q));
	/* an event that comes from here on is not forgotten by it */
	if (done < budget)
		napi_complete_done(napi, done);
	return done;
}

/* The queue's callback: any context with interrupts off. */
void vnet_rx_event(struct virt_queue *q)
{
	struct vnet_rx *rx = q->priv;

	napi_schedule_irqoff(&rx->napi);
}

/* An event may have been lost: look. */
void vnet_rx_look(struct vnet_rx *rx)
{
	local_bh_disable();
	napi_schedule(&rx->napi);
	local_bh_enable();
}

/* What came while nobody listened is of no use any more. */
static void discard(struct vnet_rx *rx)
{
	unsigned int len;
	int slot;

	while ((slot = virt_queue_get(rx->q, &len)) >= 0)
		vnet_buffer_put(rx, slot);
}

/* The interface comes up, or the queue comes into use. Under rtnl. */
void vnet_rx_on(struct vnet_rx *rx)
{
	ASSERT_RTNL();
	if (rx->on)
		return;
	rx->on = true;
	discard(rx);
	napi_enable(&rx->napi);
	/* it fills the queue */
	vnet_rx_look(rx);
}

/* The interface goes down. Under rtnl. */
void vnet_rx_off(struct vnet_rx *rx)
{
	ASSERT_RTNL();
	if (!rx->on)
		return;
	rx->on = false;
	/* either may start the other */
	napi_disable(&rx->napi);
	cancel_delayed_work_sync(&rx->refill);
}

/**
 * vnet_rx_init() - prepare a receive queue
 * @rx: the queue; @vnet and @q are set
 *
 * Context: process, may sleep.
 * Return: 0 or -errno; vnet_rx_exit() frees what there is, in both cases.
 */
int vnet_rx_init(struct vnet_rx *rx)
{
	u64_stats_init(&rx->stats.sync);
	netif_napi_add(rx->vnet->dev, &rx->napi, poll);
	virt_queue_events_off(rx->q);
	return vnet_buffers_init(rx);
}

/* The device is silent, and the interface gone. */
void vnet_rx_exit(struct vnet_rx *rx)
{
	if (!rx->vnet)
		return;
	netif_napi_del(&rx->napi);
	vnet_buffers_exit(rx);
}
