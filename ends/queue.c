// SPDX-License-Identifier: GPL-2.0
/*
 * queue.c - the device's side of a split queue (virtio 1.2, 2.7): its life, and
 *	     the used ring
 *
 * One work item serves a queue. It runs when the driver kicks, and until
 * nothing new is available. Barriers pair with those of virtbus/queue*.c:
 *
 *	here				the driver
 *	publish: entry, WMB, used.idx	get: used.idx, RMB, entry
 *	publish: used.idx, MB, used_event	events_on: used_event, MB, used.idx
 *	kicks_on: avail_event, MB, avail.idx	kick_prepare: avail.idx, MB, avail_event
 *	chain.c: avail.idx, RMB, entry	add: entry, WMB, avail.idx
 *
 * virt_*() barriers: the two sides may be two guests, so that they are needed
 * on a kernel for one processor too.
 */
#include <linux/bitmap.h>
#include <linux/slab.h>
#include <linux/virtio_config.h>

#include "end.h"

bool virt_end_queue_running(const struct virt_end_queue *q)
{
	return READ_ONCE(q->running) && !test_bit(0, &q->end->core->needs_reset);
}

/* Where the driver says after which entry it wants an event (2.7.10). */
static u16 used_event(const struct virt_end_queue *q)
{
	return __virtio16_to_cpu(true, READ_ONCE(q->avail->ring[q->size]));
}

/* Where we say after which entry we want a kick (2.7.12). */
static __virtio16 *avail_event(struct virt_end_queue *q)
{
	return (__virtio16 *)&q->used->ring[q->size];
}

/* While a queue is served anyway. With event index the old mark does it. */
static void kicks_off(struct virt_end_queue *q)
{
	if (!q->event_idx)
		WRITE_ONCE(q->used->flags,
			   __cpu_to_virtio16(true, VRING_USED_F_NO_NOTIFY));
}

/* Gives true when the driver added more in the meantime: no kick will come. */
static bool kicks_on(struct virt_end_queue *q)
{
	if (q->event_idx)
		WRITE_ONCE(*avail_event(q),
			   __cpu_to_virtio16(true, q->avail_seen));
	else
		WRITE_ONCE(q->used->flags, 0);
	/* pairs with the driver's, between avail.idx and reading our mark */
	virt_mb();
	return virt_end_avail_idx(q) != q->avail_seen;
}

static void serve(struct work_struct *work)
{
	struct virt_end_queue *q = container_of(work, struct virt_end_queue,
						work);

	while (virt_end_queue_running(q)) {
		kicks_off(q);
		/* An end may leave buffers; they are not news then. */
		q->avail_seen = virt_end_avail_idx(q);
		q->end->ops->serve(q->end, q->index);
		if (!virt_end_queue_running(q) || !kicks_on(q))
			break;
		cond_resched();
	}
}

void virt_end_queue_init(struct virt_end *end, unsigned int index)
{
	struct virt_end_queue *q = &end->core->queue[index];

	q->end = end;
	q->index = index;
	mutex_init(&q->lock);
	INIT_WORK(&q->work, serve);
}

void virt_end_kick(struct virt_end *end, unsigned int queue)
{
	struct virt_end_queue *q = &end->core->queue[queue];

	if (queue < end->nr_queues && virt_end_queue_running(q))
		queue_work(virt_end_wq, &q->work);
}
EXPORT_SYMBOL_NS_GPL(virt_end_kick, "VIRTBUS_END");

void virt_end_queue_start(struct virt_end_queue *q)
{
	lockdep_assert_held(&q->end->core->lock);
	if (!q->size)
		return;
	WRITE_ONCE(q->running, true);
	/* Buffers may have been added before, without a kick. */
	queue_work(virt_end_wq, &q->work);
}

/* Touches no memory of the driver when it returns. */
void virt_end_queue_stop(struct virt_end_queue *q)
{
	lockdep_assert_held(&q->end->core->lock);
	WRITE_ONCE(q->running, false);
	cancel_work_sync(&q->work);

	mutex_lock(&q->lock);		/* a push from elsewhere */
	q->size = 0;
	q->kept = false;
	bitmap_free(q->held);
	q->held = NULL;
	kvfree(q->room);
	q->room = NULL;
	mutex_unlock(&q->lock);
}

static void *translate(struct virt_end *end, u64 addr, u64 size,
		       unsigned int align, bool write)
{
	if (!addr || !IS_ALIGNED(addr, align))
		return NULL;
	return end->core->host->translate(end, addr, size, write);
}

/* Virtio 1.2, 2.7: sizes and alignment of the three areas. */
static int set_up(struct virt_end_queue *q, unsigned int size, u64 desc,
		  u64 driver, u64 device)
{
	struct virt_end *end = q->end;

	q->desc = translate(end, desc, sizeof(*q->desc) * size,
			    VRING_DESC_ALIGN_SIZE, false);
	q->avail = translate(end, driver,
			     struct_size(q->avail, ring, size + 1),
			     VRING_AVAIL_ALIGN_SIZE, false);
	q->used = translate(end, device,
			    struct_size(q->used, ring, size) +
			    sizeof(__virtio16),
			    VRING_USED_ALIGN_SIZE, true);
	if (!q->desc || !q->avail || !q->used)
		return -EINVAL;

	q->held = bitmap_zalloc(size, GFP_KERNEL);
	q->room = kvcalloc(size, sizeof(*q->room), GFP_KERNEL);
	if (!q->held || !q->room) {
		bitmap_free(q->held);
		kvfree(q->room);
		q->held = NULL;
		q->room = NULL;
		return -ENOMEM;
	}
	q->event_idx = end->core->accepted & BIT_ULL(VIRTIO_RING_F_EVENT_IDX);
	q->indirect = end->core->accepted & BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC);
	q->avail_idx = 0;
	q->avail_seen = 0;
	q->used_idx = 0;
	q->published = 0;
	q->size = size;
	return 0;
}

unsigned int virt_end_queue_size(const struct virt_end *end,
				 unsigned int queue)
{
	return queue < end->nr_queues ? end->queue_size : 0;
}
EXPORT_SYMBOL_NS_GPL(virt_end_queue_size, "VIRTBUS_END");

int virt_end_queue_enable(struct virt_end *end, unsigned int queue,
			  unsigned int size, u64 desc, u64 driver, u64 device)
{
	struct virt_end_core *core = end->core;
	int ret = -EBUSY;

	if (!is_power_of_2(size) || size > virt_end_queue_size(end, queue))
		return -EINVAL;

	mutex_lock(&core->lock);
	if ((core->status & VIRTIO_CONFIG_S_FEATURES_OK) &&
	    !(core->status & VIRTIO_CONFIG_S_DRIVER_OK) &&
	    !core->queue[queue].size)
		ret = set_up(&core->queue[queue], size, desc, driver, device);
	mutex_unlock(&core->lock);
	return ret;
}
EXPORT_SYMBOL_NS_GPL(virt_end_queue_enable, "VIRTBUS_END");

/* Write one used entry; the driver does not see it before it is published. */
void virt_end_queue_put(struct virt_end_queue *q, unsigned int id, u32 len)
{
	struct vring_used_elem *elem;

	lockdep_assert_held(&q->lock);
	elem = &q->used->ring[q->used_idx++ & (q->size - 1)];
	WRITE_ONCE(elem->id, __cpu_to_virtio32(true, id));
	WRITE_ONCE(elem->len, __cpu_to_virtio32(true, len));
}

/* Does the driver want an event for what came after @old? (2.7.7, 2.7.10) */
static bool wanted(const struct virt_end_queue *q, u16 old)
{
	if (q->event_idx)
		return vring_need_event(used_event(q), q->used_idx, old);
	return !(READ_ONCE(q->avail->flags) &
		 __cpu_to_virtio16(true, VRING_AVAIL_F_NO_INTERRUPT));
}

/* Let the driver see what was put, and tell it if @event and it wants that. */
void virt_end_queue_publish(struct virt_end_queue *q, bool event)
{
	u16 old = q->published;

	lockdep_assert_held(&q->lock);
	q->published = q->used_idx;
	/* pairs with the driver's, between used.idx and the entries */
	virt_wmb();
	WRITE_ONCE(q->used->idx, __cpu_to_virtio16(true, q->used_idx));
	/* pairs with the driver's, between used_event and used.idx */
	virt_mb();
	if (event && wanted(q, old))
		q->end->core->host->queue_event(q->end, q->index);
}

/* Was it popped? Then it is the driver's again. */
static bool take_back(struct virt_end_queue *q, unsigned int head)
{
	lockdep_assert_held(&q->lock);
	return virt_end_queue_running(q) &&
	       !WARN_ON_ONCE(head >= q->size ||
			     !test_and_clear_bit(head, q->held));
}

void virt_end_push_part(struct virt_end *end, unsigned int queue,
			unsigned int head, size_t len)
{
	struct virt_end_queue *q = &end->core->queue[queue];

	if (WARN_ON_ONCE(queue >= end->nr_queues))
		return;

	mutex_lock(&q->lock);
	if (take_back(q, head))
		virt_end_queue_put(q, head, len);
	mutex_unlock(&q->lock);
}
EXPORT_SYMBOL_NS_GPL(virt_end_push_part, "VIRTBUS_END");

void virt_end_push(struct virt_end *end, unsigned int queue, unsigned int head,
		   size_t len)
{
	struct virt_end_queue *q = &end->core->queue[queue];

	if (WARN_ON_ONCE(queue >= end->nr_queues))
		return;

	mutex_lock(&q->lock);
	if (take_back(q, head)) {
		if (unlikely(READ_ONCE(end->core->faults.armed) || q->kept)) {
			virt_fault_push(q, head, len);
		} else {
			virt_end_queue_put(q, head, len);
			virt_end_queue_publish(q, true);
		}
	}
	mutex_unlock(&q->lock);
}
EXPORT_SYMBOL_NS_GPL(virt_end_push, "VIRTBUS_END");
