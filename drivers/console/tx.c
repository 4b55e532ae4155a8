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

/**
 * vcon_tx_init() - make output possible
 * @tx: output; its lock is initialised
 * @q: its queue
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int vcon_tx_init(struct vcon_tx *tx, struct virt_queue *q)
{
	if (!tx->ring)
		tx->ring = kmalloc(VCON_TX_BYTES, GFP_KERNEL);
	if (!tx->ring)
		return -ENOMEM;
	spin_lock_irq(&tx->lock);
	tx->q = q;
	spin_unlock_irq(&tx->lock);
	return 0;
}

/* Hand the next piece to the device; true when it must be notified. */
static bool push(struct vcon_tx *tx)
{
	u32 at = tx->tail % VCON_TX_BYTES;
	u32 n = min_t(u32, tx->head - tx->tail, VCON_TX_BYTES - at);
	struct scatterlist sg;

	lockdep_assert_held(&tx->lock);
	/* after vcon_tx_rescue() it may have one that is not counted */
	if (!tx->q || tx->with_device || virt_queue_in_use(tx->q, 0) || !n)
		return false;
	sg_init_one(&sg, tx->ring + at, n);
	/*
	 * A broken queue: lost() follows. No memory to map it: the next write
	 * tries again, or who looks for lost interrupts.
	 */
	if (virt_queue_add(tx->q, 0, &sg, 1, 0))
		return false;
	tx->with_device = n;
	return virt_queue_kick_prepare(tx->q);
}

static void drop(struct vcon_tx *tx)
{
	lockdep_assert_held(&tx->lock);
	tx->head = tx->tail + tx->with_device;
}

/* Who may write from now on; what another one left is forgotten. */
void vcon_tx_attach(struct vcon_tx *tx, struct vcon_face *face)
{
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	tx->face = face;
	drop(tx);
	spin_unlock_irqrestore(&tx->lock, flags);
}

/* The machine goes to sleep, and the device is silent: what it had not read it gets again. */
void vcon_tx_freeze(struct vcon_tx *tx)
{
	unsigned int len;

	spin_lock_irq(&tx->lock);
	if (tx->q) {
		while (virt_queue_get(tx->q, &len) >= 0) {
			tx->tail += tx->with_device;
			tx->with_device = 0;
		}
		tx->with_device = 0;
		tx->q = NULL;
		tx->asleep = true;
	}
	spin_unlock_irq(&tx->lock);
}

/* It is awake again; vcon_tx_send() sends what waits when the device is ready. */
void vcon_tx_thaw(struct vcon_tx *tx, struct virt_queue *q)
{
	spin_lock_irq(&tx->lock);
	if (tx->asleep) {
		tx->q = q;
		tx->asleep = false;
	}
	spin_unlock_irq(&tx->lock);
}

/* Nothing is sent any more; what waits is lost. Twice is harmless. */
void vcon_tx_stop(struct vcon_tx *tx)
{
	spin_lock_irq(&tx->lock);
	tx->q = NULL;
	tx->asleep = false;
	tx->tail = tx->head;
	tx->with_device = 0;
	spin_unlock_irq(&tx->lock);
}

/* What this face writes is sent, or will be; else it goes nowhere. */
static bool may_write(const struct vcon_tx *tx, const struct vcon_face *face)
{
	lockdep_assert_held(&tx->lock);
	return (tx->q || tx->asleep) && tx->face == face;
}

/* Where the next bytes go and how many may; all goes nowhere without a queue. */
static u32 room_at_head(struct vcon_tx *tx, u8 **bytes)
{
	u32 at = tx->head % VCON_TX_BYTES;

	lockdep_assert_held(&tx->lock);
	*bytes = tx->ring + at;
	return min_t(u32, VCON_TX_BYTES - (tx->head - tx->tail),
		     VCON_TX_BYTES - at);
}

/**
 * vcon_tx_reserve() - where a writer that may sleep can put its next bytes
 * @tx: output
 * @face: whose; it has one such writer at a time, and no other
 * @bytes: the place
 *
 * Context: any.
 * Return: room there, in bytes; 0 when there is none, or never will be.
 */
u32 vcon_tx_reserve(struct vcon_tx *tx, struct vcon_face *face, u8 **bytes)
{
	unsigned long flags;
	u32 n = 0;

	spin_lock_irqsave(&tx->lock, flags);
	if (may_write(tx, face))
		n = room_at_head(tx, bytes);
	spin_unlock_irqrestore(&tx->lock, flags);
	return n;
}

/* They are there; @count is at most what vcon_tx_reserve() gave. */
void vcon_tx_commit(struct vcon_tx *tx, struct vcon_face *face, u32 count)
{
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	if (may_write(tx, face))
		tx->head += count;
	spin_unlock_irqrestore(&tx->lock, flags);
}

/* As much as there is room for. */
static u32 fill(struct vcon_tx *tx, const u8 *bytes, u32 count)
{
	u32 n, done = 0;
	u8 *to;

	lockdep_assert_held(&tx->lock);
	while (done < count) {
		n = min(room_at_head(tx, &to), count - done);
		if (!n)
			break;
		memcpy(to, bytes + done, n);
		tx->head += n;
		done += n;
	}
	return done;
}

/**
 * vcon_tx_write() - put bytes into the ring; vcon_tx_send() sends them
 * @tx: output
 * @face: whose
 * @bytes: what
 * @count: how many
 *
 * Context: any.
 * Return: how many were taken: fewer when the ring is full, all when nobody will
 * ever read them.
 */
u32 vcon_tx_write(struct vcon_tx *tx, struct vcon_face *face, const u8 *bytes,
		  u32 count)
{
	unsigned long flags;
	u32 done = count;

	spin_lock_irqsave(&tx->lock, flags);
	if (may_write(tx, face))
		done = fill(tx, bytes, count);
	spin_unlock_irqrestore(&tx->lock, flags);
	return done;
}

/* Send what is in the ring, now or when the device has what it was given. */
void vcon_tx_send(struct vcon_tx *tx)
{
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	/* under the lock: the queue may go right after it */
	if (push(tx))
		virt_queue_notify(tx->q);
	spin_unlock_irqrestore(&tx->lock, flags);
}

/* Without the lock, which may be held below us: what it was a moment ago. */
u32 vcon_tx_waiting(struct vcon_tx *tx)
{
	/* in this order: head never falls behind a tail that was read before */
	u32 tail = READ_ONCE(tx->tail);

	smp_rmb();	/* pairs with the release of the lock by who moved them */
	return min_t(u32, READ_ONCE(tx->head) - tail, VCON_TX_BYTES);
}

u32 vcon_tx_room(struct vcon_tx *tx)
{
	return VCON_TX_BYTES - vcon_tx_waiting(tx);
}

/* Forget what the device does not have yet. */
void vcon_tx_drop(struct vcon_tx *tx, struct vcon_face *face)
{
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	if (tx->face == face)
		drop(tx);
	spin_unlock_irqrestore(&tx->lock, flags);
}

/* The device has read its piece. */
static bool pop(struct vcon_tx *tx)
{
	unsigned int len;
	bool sent = false;

	lockdep_assert_held(&tx->lock);
	do {
		virt_queue_events_off(tx->q);
		while (virt_queue_get(tx->q, &len) >= 0) {
			tx->tail += tx->with_device;
			tx->with_device = 0;
			sent = true;
			if (push(tx))
				virt_queue_notify(tx->q);
		}
	} while (!virt_queue_events_on(tx->q));
	/* there was no memory to map it, a while ago */
	if (push(tx))
		virt_queue_notify(tx->q);
	return sent;
}

/* What is written waits until the machine is awake; without the lock, too. */
bool vcon_tx_sleeps(struct vcon_tx *tx)
{
	return READ_ONCE(tx->asleep);
}

/* There is a device to send to; without the lock, too. */
bool vcon_tx_alive(struct vcon_tx *tx)
{
	return READ_ONCE(tx->q);
}

/**
 * vcon_tx_try() - write and send from where nothing can be waited for
 * @tx: output
 * @face: whose
 * @bytes: what
 * @count: how many; 0 to see what the device has read
 *
 * The lock may be held below us on this CPU, or on one that has been stopped.
 *
 * Context: any, even in a panic.
 * Return: how many were taken; none when the lock cannot be had.
 */
u32 vcon_tx_try(struct vcon_tx *tx, struct vcon_face *face, const u8 *bytes,
		u32 count)
{
	unsigned long flags;
	u32 done = 0;

	if (!spin_trylock_irqsave(&tx->lock, flags))
		return 0;
	if (may_write(tx, face)) {
		/* who waits for room is told by the event of the same piece */
		if (tx->q)
			tx->unsaid |= pop(tx);
		done = fill(tx, bytes, count);
		if (push(tx))
			virt_queue_notify(tx->q);
	}
	spin_unlock_irqrestore(&tx->lock, flags);
	return done;
}

/**
 * vcon_tx_rescue() - give somebody else what the device has not read
 * @tx: output
 * @face: whose
 * @write: takes bytes, and gives how many; 0 ends it. The lock is held
 *
 * The device keeps the piece that it has, and may read it in the end.
 *
 * Context: any, even in a panic.
 * Return: bytes that were taken; none when the lock cannot be had.
 */
u32 vcon_tx_rescue(struct vcon_tx *tx, struct vcon_face *face,
		   u32 (*write)(struct vcon_face *face, const u8 *bytes, u32 n))
{
	unsigned long flags;
	u32 at, n, done = 0;

	if (!spin_trylock_irqsave(&tx->lock, flags))
		return 0;
	while (may_write(tx, face) && tx->head != tx->tail) {
		at = tx->tail % VCON_TX_BYTES;
		n = write(face, tx->ring + at,
			  min_t(u32, tx->head - tx->tail, VCON_TX_BYTES - at));
		if (!n)
			break;
		tx->tail += n;
		tx->with_device -= min(tx->with_device, n);
		done += n;
	}
	spin_unlock_irqrestore(&tx->lock, flags);
	return done;
}

/**
 * vcon_tx_event() - the queue's callback
 * @q: the queue of a port's output
 *
 * Context: any.
 */
void vcon_tx_event(struct virt_queue *q)
{
	struct vcon_port *port = q->priv;
	struct vcon_tx *tx = &port->tx;
	bool sent = false, empty;
	unsigned long flags;

	spin_lock_irqsave(&tx->lock, flags);
	if (tx->q)
		sent = pop(tx) || tx->unsaid;
	tx->unsaid = false;
	empty = tx->head == tx->tail;
	spin_unlock_irqrestore(&tx->lock, flags);
	if (!sent)
		return;
	vcon_port_sent(port);
	/* a port that was closed is closed for the host when all is sent */
	if (empty && port->vcon->multiport && !READ_ONCE(port->opened))
		vcon_control_run(port->vcon);
}
