// SPDX-License-Identifier: GPL-2.0
/*
 * rx.c - input: the device fills buffers, the terminal layer gets them whole
 *
 * Input that nobody wants yet stays where it is. The device then has no buffer
 * left, and the host's end of the line waits: nothing is lost.
 */
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/tty_flip.h>

#include "console.h"

/* How soon what did not fit into the terminal's buffers is tried again. */
#define VCON_RETRY	(HZ / 50 + 1)

static struct vcon *vcon_of(struct vcon_rx *rx)
{
	return container_of(rx, struct vcon, rx);
}

/* Let the device fill a buffer. A broken queue says so to everybody itself. */
static void post(struct vcon_rx *rx, unsigned int slot)
{
	struct scatterlist sg;

	lockdep_assert_held(&rx->lock);
	sg_init_one(&sg, rx->buf[slot], VCON_RX_BYTES);
	if (virt_queue_add(rx->q, slot, &sg, 0, 1))
		return;
}

/* Bytes of a buffer to the terminal; false when not all of them fitted. */
static bool deliver(struct vcon_rx *rx)
{
	struct tty_port *port = &vcon_of(rx)->port;

	lockdep_assert_held(&rx->lock);
	rx->held_at += tty_insert_flip_string(port,
					      rx->buf[rx->held] + rx->held_at,
					      rx->held_len - rx->held_at);
	if (rx->held_at < rx->held_len)
		return false;
	post(rx, rx->held);
	rx->held = -1;
	return true;
}

static bool wanted(const struct vcon_rx *rx)
{
	return rx->q && rx->open && !rx->throttled;
}

/* Take what is there and wanted; gives whether there was any. */
static bool drain(struct vcon_rx *rx)
{
	bool some = false;
	unsigned int len;
	int slot;

	lockdep_assert_held(&rx->lock);
	while (wanted(rx)) {
		if (rx->held < 0) {
			slot = virt_queue_get(rx->q, &len);
			if (slot < 0)
				break;
			rx->held = slot;
			rx->held_at = 0;
			rx->held_len = len;
		}
		some = true;
		if (!deliver(rx)) {
			schedule_delayed_work(&rx->retry, VCON_RETRY);
			break;
		}
	}
	return some;
}

static void take(struct vcon_rx *rx)
{
	unsigned long flags;
	bool some = false;

	spin_lock_irqsave(&rx->lock, flags);
	while (wanted(rx)) {
		virt_queue_events_off(rx->q);
		some |= drain(rx);
		if (rx->held >= 0 || virt_queue_events_on(rx->q))
			break;
	}
	/* under the lock: the queue may go right after it */
	if (some && rx->q && virt_queue_kick_prepare(rx->q))
		virt_queue_notify(rx->q);
	spin_unlock_irqrestore(&rx->lock, flags);
	if (some)
		tty_flip_buffer_push(&vcon_of(rx)->port);
}

static void retry_work(struct work_struct *work)
{
	take(container_of(to_delayed_work(work), struct vcon_rx, retry));
}

/* The device's call: it has filled buffers. */
void vcon_rx_done(struct virt_queue *q)
{
	struct vcon *vcon = q->priv;

	take(&vcon->rx);
}

/* Somebody begins, or the last one ceases, to want input. */
void vcon_rx_open(struct vcon_rx *rx, bool open)
{
	spin_lock_irq(&rx->lock);
	rx->open = open;
	rx->throttled = false;
	spin_unlock_irq(&rx->lock);
	take(rx);
}

void vcon_rx_throttle(struct vcon_rx *rx, bool throttled)
{
	spin_lock_irq(&rx->lock);
	rx->throttled = throttled;
	spin_unlock_irq(&rx->lock);
	take(rx);
}

/* Before anything else, so that vcon_rx_stop() may always be called. */
void vcon_rx_prepare(struct vcon_rx *rx)
{
	spin_lock_init(&rx->lock);
	INIT_DELAYED_WORK(&rx->retry, retry_work);
	rx->held = -1;
}

/**
 * vcon_rx_init() - give the device its buffers
 * @rx: input; prepared
 * @q: the queue
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM; vcon_rx_free() frees what there is, in both cases.
 */
int vcon_rx_init(struct vcon_rx *rx, struct virt_queue *q)
{
	unsigned int i;

	rx->slots = min_t(unsigned int, q->slots, VCON_RX_SLOTS);
	for (i = 0; i < rx->slots; i++) {
		rx->buf[i] = kmalloc(VCON_RX_BYTES, GFP_KERNEL);
		if (!rx->buf[i])
			return -ENOMEM;
	}
	spin_lock_irq(&rx->lock);
	rx->q = q;
	for (i = 0; i < rx->slots; i++)
		post(rx, i);
	spin_unlock_irq(&rx->lock);
	return 0;
}

/* Nothing is taken any more. Twice is harmless. */
void vcon_rx_stop(struct vcon_rx *rx)
{
	spin_lock_irq(&rx->lock);
	rx->q = NULL;
	spin_unlock_irq(&rx->lock);
	cancel_delayed_work_sync(&rx->retry);
}

void vcon_rx_free(struct vcon_rx *rx)
{
	unsigned int i;

	for (i = 0; i < VCON_RX_SLOTS; i++)
		kfree(rx->buf[i]);
}
