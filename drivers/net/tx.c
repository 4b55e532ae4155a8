// SPDX-License-Identifier: GPL-2.0
/*
 * tx.c - transmitting
 *
 * The device calls nobody for what it has sent, as long as somebody else looks:
 * who sends the next packet, who receives one, or a timer. It is asked to call
 * only when a queue is full, or much of it is being sent.
 */
#include "net.h"

static unsigned int with_device(const struct vnet_tx *tx)
{
	return tx->nr_slots - tx->nr_free;
}

static void put_slot(struct vnet_tx *tx, unsigned int slot)
{
	tx->slots[slot].skb = NULL;
	tx->free[tx->nr_free++] = slot;
}

/* It is up, and the machine does not sleep: its queues may run. */
static bool may_send(const struct net_device *dev)
{
	return netif_running(dev) && netif_device_present(dev);
}

/* Free what was sent; under the queue's lock. @budget: that of NAPI, or 0. Gives
 * false when there was nothing.
 */
static bool reap(struct vnet_tx *tx, int budget)
{
	unsigned int len, packets = 0, bytes = 0;
	int slot;

	while ((slot = virt_queue_get(tx->q, &len)) >= 0) {
		struct sk_buff *skb = tx->slots[slot].skb;

		bytes += skb->len;
		packets++;
		napi_consume_skb(skb, budget);
		put_slot(tx, slot);
	}
	if (!packets)
		return false;
	/* its event may find nothing left to do, and nobody be called */
	tx->asked = false;
	u64_stats_update_begin(&tx->stats.sync);
	u64_stats_add(&tx->stats.packets, packets);
	u64_stats_add(&tx->stats.bytes, bytes);
	u64_stats_update_end(&tx->stats.sync);
	netdev_tx_completed_queue(tx->txq, packets, bytes);
	/* in batches: not for each slot that becomes free */
	if (netif_tx_queue_stopped(tx->txq) && may_send(tx->vnet->dev) &&
	    tx->nr_free > tx->nr_slots / 4)
		netif_tx_wake_queue(tx->txq);
	return true;
}

/* Somebody has to look at what is being sent; under the queue's lock. @soon: the timer
 * may do it; else the host is slower than that, and calls.
 */
static void see_to_the_rest(struct vnet_tx *tx, bool soon)
{
	unsigned int n = with_device(tx), usecs = READ_ONCE(tx->vnet->tx_usecs);
	u64 ns = (u64)usecs * NSEC_PER_USEC;

	if (!n || tx->asked)
		return;
	if (soon && usecs && n < READ_ONCE(tx->vnet->tx_frames) &&
	    !netif_xmit_stopped(tx->txq)) {
		if (!hrtimer_is_queued(&tx->timer))
			hrtimer_start_range_ns(&tx->timer, ns_to_ktime(ns),
					       ns / 2, HRTIMER_MODE_REL_SOFT);
		return;
	}
	tx->asked = true;
	if (!virt_queue_events_after(tx->q, usecs ? n / 2 : 0))
		napi_schedule(&tx->napi);
}

/* Somebody transmits; this processor, perhaps, and is interrupted. */
static bool is_transmitting(const struct vnet_tx *tx)
{
	return READ_ONCE(tx->txq->xmit_lock_owner) != -1;
}

static void look(struct vnet_tx *tx, int budget)
{
	tx->asked = false;
	virt_queue_events_off(tx->q);
	see_to_the_rest(tx, reap(tx, budget));
}

static int poll(struct napi_struct *napi, int budget)
{
	struct vnet_tx *tx = container_of(napi, struct vnet_tx, napi);

	if (budget) {
		__netif_tx_lock(tx->txq, smp_processor_id());
	} else {
		/* netconsole polls when it cannot send. Who has the lock may just want
		 * to log something, and waits for us. It is __netif_tx_trylock(), which
		 * sparse cannot follow.
		 */
		if (!spin_trylock(&tx->txq->_xmit_lock))
			return 0;
		WRITE_ONCE(tx->txq->xmit_lock_owner, smp_processor_id());
	}
	look(tx, budget);
	__netif_tx_unlock(tx->txq);
	/* what see_to_the_rest() scheduled meanwhile is not forgotten by this */
	napi_complete_done(napi, 0);
	return 0;
}

static enum hrtimer_restart time_is_up(struct hrtimer *timer)
{
	struct vnet_tx *tx = container_of(timer, struct vnet_tx, timer);

	napi_schedule(&tx->napi);
	return HRTIMER_NORESTART;
}

/* The queue's callback: any context with interrupts off. */
void vnet_tx_event(struct virt_queue *q)
{
	struct vnet_tx *tx = q->priv;

	napi_schedule_irqoff(&tx->napi);
}

/* Whoever receives looks too: an answer often means that the question was sent. */
void vnet_tx_reap(struct vnet_tx *tx)
{
	/* who transmits has just looked */
	if (READ_ONCE(tx->nr_free) == tx->nr_slots || is_transmitting(tx))
		return;
	__netif_tx_lock(tx->txq, smp_processor_id());
	reap(tx, 0);
	__netif_tx_unlock(tx->txq);
}

/* An event may have been lost: look. */
void vnet_tx_look(struct vnet_tx *tx)
{
	local_bh_disable();
	napi_schedule(&tx->napi);
	local_bh_enable();
}

/* One segment for header and packet, where there is room in front of it. */
static int fill_sg(struct vnet_tx *tx, struct sk_buff *skb,
		   struct vnet_tx_slot *slot)
{
	struct virtio_net_hdr_v1 *hdr = &slot->hdr;
	bool before = !skb_header_cloned(skb) &&
		      skb_headroom(skb) >= VNET_HDR &&
		      IS_ALIGNED((unsigned long)skb->data, __alignof__(*hdr));
	int err, segs, first = before ? 0 : 1;

	if (before)
		hdr = (struct virtio_net_hdr_v1 *)(skb->data - VNET_HDR);
	err = vnet_header_write(skb, hdr);
	if (err)
		return err;
	if (before)
		__skb_push(skb, VNET_HDR);
	else
		sg_set_buf(tx->sg, hdr, VNET_HDR);
	segs = skb_to_sgvec(skb, tx->sg + first, 0, skb->len);
	if (before)
		__skb_pull(skb, VNET_HDR);
	if (segs < 0)
		return segs;
	segs += first;
	/* the next packet may have more */
	sg_unmark_end(&tx->sg[segs - 1]);
	return segs;
}

static int add(struct vnet_tx *tx, struct sk_buff *skb)
{
	unsigned int slot = tx->free[tx->nr_free - 1];
	int segs, err;

	/* a short queue has no room for a packet in many pieces */
	if (skb_shinfo(skb)->nr_frags + 2 > tx->q->max_segs &&
	    skb_linearize(skb))
		return -ENOMEM;
	segs = fill_sg(tx, skb, &tx->slots[slot]);
	if (segs < 0)
		return segs;
	err = virt_queue_add(tx->q, slot, tx->sg, segs, 0);
	if (err)
		return err;
	tx->nr_free--;
	tx->slots[slot].skb = skb;
	return 0;
}

static void kick(struct vnet_tx *tx)
{
	if (virt_queue_kick_prepare(tx->q))
		virt_queue_notify(tx->q);
}

/**
 * vnet_xmit() - see net_device_ops.ndo_start_xmit()
 * @skb: the packet
 * @dev: the interface
 *
 * Context: bottom halves off, under the lock of the packet's queue.
 * Return: %NETDEV_TX_OK, or %NETDEV_TX_BUSY when there is no room.
 */
netdev_tx_t vnet_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vnet *vnet = netdev_priv(dev);
	struct vnet_tx *tx = &vnet->pairs[skb_get_queue_mapping(skb)].tx;
	bool more = netdev_xmit_more();

	reap(tx, 0);
	if (unlikely(!tx->nr_free)) {
		netif_tx_stop_queue(tx->txq);
		kick(tx);
		see_to_the_rest(tx, true);
		return NETDEV_TX_BUSY;
	}
	skb_tx_timestamp(skb);
	if (unlikely(add(tx, skb))) {
		vnet_count(&tx->stats, &tx->stats.dropped);
		dev_kfree_skb_any(skb);
		if (!more)
			kick(tx);
		return NETDEV_TX_OK;
	}
	nf_reset_ct(skb);
	if (!tx->nr_free)
		netif_tx_stop_queue(tx->txq);
	if (__netdev_tx_sent_queue(tx->txq, skb->len, more))
		kick(tx);
	see_to_the_rest(tx, true);
	return NETDEV_TX_OK;
}

/* The device is silent for good: nothing that it has will be sent. */
void vnet_tx_fail(struct vnet_tx *tx)
{
	unsigned int i;

	local_bh_disable();
	__netif_tx_lock(tx->txq, smp_processor_id());
	for (i = 0; i < tx->nr_slots; i++) {
		if (!tx->slots[i].skb)
			continue;
		vnet_count(&tx->stats, &tx->stats.dropped);
		dev_kfree_skb_any(tx->slots[i].skb);
		put_slot(tx, i);
	}
	netdev_tx_reset_queue(tx->txq);
	__netif_tx_unlock(tx->txq);
	local_bh_enable();
}

/* The queue has just been opened. */
void vnet_tx_on(struct vnet_tx *tx)
{
	tx->on = true;
	tx->asked = false;
	tx->waiting = false;
	virt_queue_events_off(tx->q);
	napi_enable(&tx->napi);
}

/* The device is silent, and nobody transmits. Once more is harmless. */
void vnet_tx_off(struct vnet_tx *tx)
{
	if (!tx->on)
		return;
	tx->on = false;
	/* either may start the other */
	napi_disable(&tx->napi);
	hrtimer_cancel(&tx->timer);
}

static unsigned int tx_number(const struct vnet_tx *tx)
{
	return container_of(tx, struct vnet_pair, tx) - tx->vnet->pairs;
}

/**
 * vnet_tx_init() - prepare a transmit queue
 * @tx: the queue; @vnet and @q are set
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM; vnet_tx_exit() frees what there is, in both cases.
 */
int vnet_tx_init(struct vnet_tx *tx)
{
	unsigned int i, n = tx->q->slots;

	tx->txq = netdev_get_tx_queue(tx->vnet->dev, tx_number(tx));
	u64_stats_init(&tx->stats.sync);
	sg_init_table(tx->sg, ARRAY_SIZE(tx->sg));
	hrtimer_setup(&tx->timer, time_is_up, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
	netif_napi_add_tx(tx->vnet->dev, &tx->napi, poll);
	/* not kvcalloc: the device reads the headers in there */
	tx->slots = kcalloc(n, sizeof(*tx->slots), GFP_KERNEL);
	tx->free = kcalloc(n, sizeof(*tx->free), GFP_KERNEL);
	if (!tx->slots || !tx->free)
		return -ENOMEM;
	/* the first slot is the first to be taken */
	for (i = n; i--; )
		tx->free[tx->nr_free++] = i;
	tx->nr_slots = n;
	vnet_tx_on(tx);
	return 0;
}

/* The device is silent, and the interface gone. */
void vnet_tx_exit(struct vnet_tx *tx)
{
	if (!tx->txq)
		return;
	vnet_tx_off(tx);
	netif_napi_del(&tx->napi);
	vnet_tx_fail(tx);
	kfree(tx->slots);
	kfree(tx->free);
}
