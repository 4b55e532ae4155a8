// SPDX-License-Identifier: GPL-2.0
/*
 * tx.c - output: bytes go into a ring, and from there to the device
 *
 * The device has one piece of the ring at a time, as a uart has its shift
 * register. What is written meanwhile is the next piece: the slower the host, the
 * larger the pieces and the fewer the calls. Nobody waits for the host in here.
 */
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "console.h"

static struct vcon *vcon_of(struct vcon_tx *tx)
{
	return container_of(tx, struct vcon, tx);
}

int vcon_tx_init(struct vcon_tx *tx)
{
	spin_lock_init(&tx->lock);
	tx->ring = kmalloc(VCON_TX_BYTES, GFP_KERNEL);
	return tx->ring ? 0 : -ENOMEM;
}

/* Nothing is sent any more; what waits is lost. Twice is harmless. */
void vcon_tx_stop(struct vcon_tx *tx)
{
	spin_lock_irq(&tx->lock);
	tx->q = NULL;
	tx->tail = tx->head;
	tx->with_device = 0;
	spin_unlock_irq(&tx->lock);
	tty_port_tty_wakeup(&vcon_of(tx)->port);
}

void vcon_tx_free(struct vcon_tx *tx)
{
	kfree(tx->ring);
}

/* Hand the next piece to the device; true when it must be notified. */
static bool push(struct vcon_tx *tx)
{
	u32 at = tx->tail % VCON_TX_BYTES;
	u32 n = min_t(u32, tx->head - tx->tail, VCON_TX_BYTES - at);
	struct scatterlist sg;

	lockdep_assert_held(&tx->lock);
	if (!tx->q || tx->with_device || !n)
		return false;
	sg_init_one(&sg, tx->ring + at, n);
	/*
	 * A broken queue: lost() follows. No memory to map it: the next write
	 * tries again.
	 */
	if (virt_queue_add(tx->q, 0, &sg, 1, 0))
		return false;
	tx->with_device = n;
	return virt_queue_kick_prepare(tx->q);
}

/**
 * vcon_tx_write() - put bytes into the ring; vcon_tx_send() sends them
 * @tx: output
 * @bytes: what
 * @count: how many
 *
 * Context: any.
 * Return: how many were taken: fewer when the ring is full, all when nobody will
 * ever read them.
 */
u32 vcon_tx_write(struct vcon_tx *tx, const u8 *bytes, u32 count)
{
	unsigned long flags;
	u32 n, at, first;

	spin_lock_irqsave(&tx->lock, flags);
	if (!tx->q) {
		spin_unlock_irqrestore(&tx->lock, flags);
		return count;
	}
	n = min_t(u32, count, VCON_TX_BYTES - (tx->head - tx->tail));
	at = tx->head % VCON_TX_BYTES;
	first = min_t(u32, n, VCON_TX_BYTES - at);
	memcpy(tx->ring + at, bytes, first);
	memcpy(tx->ring, bytes + first, n - first);
	tx->head += n;
	spin_unlock_irqrestore(&tx->lock, flags);
	return n;
}

/* Send what is in the ring, now or when the device has what it was given. */
void vcon_tx_send(struct vcon_tx *tx)
{
	unsigned long flags;
	bool notify;

	spin_lock_irqsave(&tx->lock, flags);
	notify = push(tx);
	/* under the lock: the queue may go right after it */
	if (notify)
		virt_queue_notify(tx->q);
	spin_unlock_irqrestore(&tx->lock, flags);
}

u32 vcon_tx_waiting(struct vcon_tx *tx)
{
	unsigned long flags;
	u32 n;

	spin_lock_irqsave(&tx->lock, flags);
	n = tx->head - tx->tail;
	spin_unlock_irqrestore(&tx->lock, flags);
	return n;
}

u32 vcon_tx_room(struct vcon_tx *tx)
{
	return VCON_TX_BYTES - vcon_tx_waiting(tx);
}

/* Forget what the device does not have yet. */
void vcon_tx_drop(struct vcon_tx *tx)
{
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	tx->head = tx->tail + tx->with_device;
	spin_unlock_irqrestore(&tx->lock, flags);
}

/* The device's call: it has read its piece. */
void vcon_tx_done(struct virt_queue *q)
{
	struct vcon *vcon = q->priv;
	struct vcon_tx *tx = &vcon->tx;
	unsigned long flags;
	unsigned int len;
	bool sent = false;

	spin_lock_irqsave(&tx->lock, flags);
	if (tx->q) {
		do {
			virt_queue_events_off(q);
			while (virt_queue_get(q, &len) >= 0) {
				tx->tail += tx->with_device;
				tx->with_device = 0;
				sent = true;
				if (push(tx))
					virt_queue_notify(q);
			}
		} while (!virt_queue_events_on(q));
	}
	spin_unlock_irqrestore(&tx->lock, flags);
	if (sent)
		tty_port_tty_wakeup(&vcon->port);
}
