// SPDX-License-Identifier: GPL-2.0
/*
 * rx.c - input: the device fills buffers, readers take them one after the other
 *
 * Input that nobody wants yet stays where it is. The device then has no buffer
 * left, and the host's end of the line waits: nothing is lost.
 */
#include <linux/bitops.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include "console.h"

/*
 * Let the device fill the buffers that nobody has. A broken queue says so to
 * everybody itself; one that cannot be mapped now is tried again next time.
 */
static void post(struct vcon_rx *rx)
{
	struct scatterlist sg;
	unsigned long slot;

	lockdep_assert_held(&rx->lock);
	if (!rx->q || !rx->idle)
		return;
	for_each_set_bit(slot, &rx->idle, rx->slots) {
		sg_init_one(&sg, rx->buf[slot], VCON_RX_BYTES);
		if (!virt_queue_add(rx->q, slot, &sg, 0, 1))
			__clear_bit(slot, &rx->idle);
	}
	if (virt_queue_kick_prepare(rx->q))
		virt_queue_notify(rx->q);
}

static struct vcon_piece piece_of(struct vcon_rx *rx, int slot, u32 len)
{
	return (struct vcon_piece){
		.slot = slot,
		.len = len,
		.bytes = rx->buf[slot],
	};
}

/**
 * vcon_rx_init() - give the device its buffers
 * @rx: input; its lock is initialised
 * @q: its queue; the device does not look before it is ready
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int vcon_rx_init(struct vcon_rx *rx, struct virt_queue *q)
{
	unsigned int i, slots = min_t(unsigned int, q->slots, VCON_RX_SLOTS);

	for (i = 0; i < slots; i++) {
		if (!rx->buf[i])
			rx->buf[i] = kmalloc(VCON_RX_BYTES, GFP_KERNEL);
		if (!rx->buf[i])
			return -ENOMEM;
	}
	spin_lock_irq(&rx->lock);
	rx->slots = slots;
	rx->q = q;
	rx->next.slot = -1;
	rx->idle = GENMASK(slots - 1, 0);
	post(rx);
	spin_unlock_irq(&rx->lock);
	return 0;
}

/* The machine goes to sleep, and the device is silent: what came is kept for readers. */
void vcon_rx_freeze(struct vcon_rx *rx)
{
	unsigned int i, len;
	int slot;

	spin_lock_irq(&rx->lock);
	while (rx->q && rx->nr_kept < rx->slots &&
	       (slot = virt_queue_get(rx->q, &len)) >= 0)
		if (len)
			rx->kept[rx->nr_kept++] = piece_of(rx, slot, len);
		else
			__set_bit(slot, &rx->idle);
	for (i = 0; rx->q && i < rx->slots; i++)
		if (virt_queue_in_use(rx->q, i))
			__set_bit(i, &rx->idle);
	if (rx->q)
		rx->asleep = true;
	rx->q = NULL;
	spin_unlock_irq(&rx->lock);
}

/* It is awake again; the device does not look before it is ready. 0 or -EINVAL. */
int vcon_rx_thaw(struct vcon_rx *rx, struct virt_queue *q)
{
	int err = 0;

	spin_lock_irq(&rx->lock);
	if (rx->asleep && q->slots < rx->slots) {
		err = -EINVAL;
	} else if (rx->asleep) {
		rx->asleep = false;
		rx->q = q;
		post(rx);
	}
	spin_unlock_irq(&rx->lock);
	return err;
}

/* Nothing is taken any more. Twice is harmless. */
void vcon_rx_stop(struct vcon_rx *rx)
{
	spin_lock_irq(&rx->lock);
	rx->q = NULL;
	rx->asleep = false;
	rx->nr_kept = 0;
	rx->next.slot = -1;
	spin_unlock_irq(&rx->lock);
}

/* Have something in @next, if there is anything; it ends: nothing is posted. */
static bool fetch(struct vcon_rx *rx)
{
	unsigned int len;
	int slot;

	lockdep_assert_held(&rx->lock);
	while (rx->q && rx->next.slot < 0) {
		if (rx->nr_kept) {
			rx->next = rx->kept[0];
			memmove(rx->kept, rx->kept + 1,
				--rx->nr_kept * sizeof(*rx->kept));
			break;
		}
		slot = virt_queue_get(rx->q, &len);
		if (slot >= 0 && len)
			rx->next = piece_of(rx, slot, len);
		else if (slot >= 0)
			__set_bit(slot, &rx->idle);
		else if (slot != -EAGAIN || virt_queue_events_on(rx->q))
			break;
	}
	return rx->q && rx->next.slot >= 0;
}

static bool fetch_for(struct vcon_rx *rx, struct vcon_face *face)
{
	bool some;

	if (rx->face != face)
		return false;
	some = fetch(rx);
	if (!some)
		post(rx);
	return some;
}

/* Is there something for this reader? When not, an event comes as soon as there is. */
bool vcon_rx_waiting(struct vcon_rx *rx, struct vcon_face *face)
{
	unsigned long flags;
	bool some;

	spin_lock_irqsave(&rx->lock, flags);
	some = fetch_for(rx, face);
	spin_unlock_irqrestore(&rx->lock, flags);
	return some;
}

/**
 * vcon_rx_take() - take what is next
 * @rx: input
 * @face: whose; it takes one piece at a time
 * @piece: what there is; goes back with vcon_rx_put()
 *
 * Context: any.
 * Return: true when there was something; else an event comes when there is.
 */
bool vcon_rx_take(struct vcon_rx *rx, struct vcon_face *face,
		  struct vcon_piece *piece)
{
	unsigned long flags;
	bool some;

	spin_lock_irqsave(&rx->lock, flags);
	some = fetch_for(rx, face);
	if (some) {
		*piece = rx->next;
		rx->next.slot = -1;
	}
	spin_unlock_irqrestore(&rx->lock, flags);
	return some;
}

/**
 * vcon_rx_put() - give back a piece
 * @rx: input
 * @face: whose
 * @piece: what vcon_rx_take() gave, with @at where the next read begins
 *
 * Context: any.
 */
void vcon_rx_put(struct vcon_rx *rx, struct vcon_face *face,
		 const struct vcon_piece *piece)
{
	unsigned long flags;

	spin_lock_irqsave(&rx->lock, flags);
	if (rx->face == face && piece->at < piece->len)
		rx->next = *piece;
	else
		__set_bit(piece->slot, &rx->idle);
	post(rx);
	spin_unlock_irqrestore(&rx->lock, flags);
}

/* What is there now is not wanted. */
void vcon_rx_discard(struct vcon_rx *rx, struct vcon_face *face)
{
	unsigned long flags;

	spin_lock_irqsave(&rx->lock, flags);
	if (rx->face == face) {
		while (fetch(rx)) {
			__set_bit(rx->next.slot, &rx->idle);
			rx->next.slot = -1;
		}
		post(rx);
	}
	spin_unlock_irqrestore(&rx->lock, flags);
}

/* Who may read from now on. */
void vcon_rx_attach(struct vcon_rx *rx, struct vcon_face *face)
{
	unsigned long flags;

	spin_lock_irqsave(&rx->lock, flags);
	rx->face = face;
	spin_unlock_irqrestore(&rx->lock, flags);
}

/* The queue's callback: any context. */
void vcon_rx_event(struct virt_queue *q)
{
	vcon_port_input(q->priv);
}
