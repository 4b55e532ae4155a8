/* SPDX-License-Identifier: GPL-2.0 */
/*
 * virt_queue.h - the queues of a device (virtio 1.2, 2.6): for drivers
 *
 * A queue has slots. A slot is where one buffer lives: it has room for a fixed
 * number of segments, prepared when the queue was opened, so that adding a
 * buffer allocates nothing and searches nothing. The driver says which slot it
 * uses (a block driver: the request's tag) and gets the slot's number back when
 * the device is done with the buffer.
 *
 * Locks: none in here. The adding side (add, kick_prepare) and the getting side
 * (get, events_on, events_off) share nothing that both write, so the driver
 * serialises each side against itself and needs no lock between the two.
 * virt_queue_notify() may run beside everything.
 */
#ifndef _VIRTBUS_VIRT_QUEUE_H
#define _VIRTBUS_VIRT_QUEUE_H

#include <linux/cpumask.h>
#include <linux/scatterlist.h>
#include <linux/types.h>

struct virt_dev;
struct virt_queue;
struct virt_queue_layout;
struct virt_slot;
struct virt_table_page;

/**
 * struct virt_queue_stats - what went through a queue since it was opened
 * @added: buffers made available to the device
 * @used: buffers that came back
 * @kicks: times the device was notified
 * @events: times the device called
 * @spurious: events with nothing behind them
 *
 * @added and @kicks belong to the adding side, the others to the getting side.
 */
struct virt_queue_stats {
	u64 added;
	u64 used;
	u64 kicks;
	u64 events;
	u64 spurious;
};

/**
 * struct virt_queue - one queue
 * @vdev: its device
 * @name: for people: "requests0"
 * @callback: the driver's; called when the device used buffers
 * @priv: the driver's own
 * @glue: the transport's own; set by its queue set-up
 * @index: the queue's number on the device
 * @size: descriptors in the ring; a power of two
 * @slots: buffers that it holds at once; slot numbers are below this
 * @max_segs: segments that a buffer may have; never more than @size
 * @stats: counters
 */
struct virt_queue {
	struct virt_dev *vdev;
	const char *name;
	void (*callback)(struct virt_queue *q);
	void *priv;
	void *glue;
	unsigned int index;
	unsigned int size;
	unsigned int slots;
	unsigned int max_segs;
	struct virt_queue_stats stats;
/* private: virtbus/queue*.c */
	const struct virt_queue_layout *layout;
	struct device *dma_dev;
	struct virt_slot *slot;
	bool broken;
	bool event_idx;
	bool indirect;
	/* the split layout; the getting side and the adding side each write
	 * only their own part
	 */
	struct {
		struct vring_desc *desc;
		struct vring_avail *avail;
		struct vring_used *used;
		u16 avail_idx;		/* adding side: next free place */
		u16 kicked_idx;		/* adding side: where we last kicked */
		u16 used_idx;		/* getting side: next to look at */
		u16 used_seen;		/* getting side: the device's, checked */
		u64 desc_addr;
		u64 avail_addr;
		u64 used_addr;
	} split;
	struct virt_table_page *tables;
	unsigned int nr_tables;
	void *attrs;			/* sysfs */
};

/**
 * struct virt_queue_param - what a driver wants of a queue
 * @name: for people; copied
 * @callback: called when the device used buffers, in any context with
 *	      interrupts off; NULL: the queue is polled
 * @priv: the driver's own, becomes virt_queue.priv
 * @max_segs: segments wanted in a buffer, at least 1; the queue's own max_segs
 *	      is less where the queue is shorter
 * @max_size: largest number of descriptors wanted, 0: what the device offers
 */
struct virt_queue_param {
	const char *name;
	void (*callback)(struct virt_queue *q);
	void *priv;
	unsigned int max_segs;
	unsigned int max_size;
};

/**
 * virt_queues_open() - set up queues 0 to @n - 1
 * @vdev: the device, in probe()
 * @n: how many
 * @params: what is wanted of each
 * @queues: the result, @n pointers
 *
 * All or none: on error nothing is left open.
 *
 * Context: process, may sleep.
 * Return: 0, -ENOENT when the device has fewer queues, -ENOMEM, or another
 * -errno of the transport.
 */
int __must_check virt_queues_open(struct virt_dev *vdev, unsigned int n,
				  const struct virt_queue_param *params,
				  struct virt_queue **queues);

/**
 * virt_queues_close() - free all queues of a device
 * @vdev: the device; virt_dev_stop() was called
 *
 * Buffers that the device had are taken back: as virt_queues_take_back(), so their
 * memory is freed after this, not before.
 *
 * Context: process, may sleep.
 */
void virt_queues_close(struct virt_dev *vdev);

/**
 * virt_queues_take_back() - the device has no buffer any more
 * @vdev: the device; lost, in virt_driver.lost(), or virt_dev_stop() was called
 *
 * For a driver that gives memory back to others which the device had and will not
 * return. Where DMA goes through a bounce buffer what the device wrote there is
 * copied when the memory is unmapped, and that must not happen later than this.
 *
 * Context: process; nobody adds a buffer or gets one.
 */
void virt_queues_take_back(struct virt_dev *vdev);

/**
 * virt_queue_cpus() - CPUs whose events of this queue arrive close by
 * @q: the queue
 *
 * A hint: nothing depends on it.
 *
 * Context: process.
 * Return: a mask that lives as long as the queue, or NULL: no preference.
 */
const struct cpumask *virt_queue_cpus(struct virt_queue *q);

/**
 * virt_queue_aim() - have a queue's events arrive on one of some CPUs
 * @q: the queue
 * @cpus: where whoever waits for them runs; copied
 *
 * A hint, for as far as that can be chosen: a vector of its own, and none that the
 * kernel manages. An admin can change it (/proc/irq).
 *
 * Context: process, may sleep.
 */
void virt_queue_aim(struct virt_queue *q, const struct cpumask *cpus);

/**
 * virt_queue_max_bytes() - how long a buffer may be
 * @vdev: the device, in probe() or later
 *
 * Where DMA goes through a bounce buffer (in guests with encrypted memory), a
 * segment that is longer than that has room for can never be mapped.
 *
 * Context: process.
 * Return: the limit in bytes; at least a page.
 */
size_t virt_queue_max_bytes(struct virt_dev *vdev);

/**
 * virt_queue_add() - make a buffer available to the device
 * @q: the queue
 * @slot: a slot that is not in use
 * @sg: @out + @in entries of a plain array (not chained), what the device
 *	reads first, what it writes after that; may be reused on return
 * @out: entries that the device reads
 * @in: entries that it writes
 *
 * The device may not look before virt_queue_kick_prepare(). Virtio 1.2, 2.7.13.
 *
 * Context: any; the driver serialises the adding side.
 * Return: 0, -EIO when the queue is broken, -EINVAL for a bad slot or count,
 * -ENOMEM when a segment cannot be mapped for DMA (try again later).
 */
int virt_queue_add(struct virt_queue *q, unsigned int slot,
		   struct scatterlist *sg, unsigned int out, unsigned int in);

/**
 * virt_queue_kick_prepare() - must the device be notified?
 * @q: the queue
 *
 * Context: any; the driver serialises the adding side.
 * Return: true if virt_queue_notify() must follow.
 */
bool virt_queue_kick_prepare(struct virt_queue *q);

/**
 * virt_queue_notify() - notify the device
 * @q: the queue
 *
 * Context: any; needs no serialisation.
 */
void virt_queue_notify(struct virt_queue *q);

/**
 * virt_queue_get() - take a buffer that the device has used
 * @q: the queue
 * @len: bytes that it says it wrote; never more than it was offered
 *
 * Every number from the device is checked here; a violation breaks the device.
 * Virtio 1.2, 2.7.14.
 *
 * Context: any; the driver serialises the getting side.
 * Return: the buffer's slot, -EAGAIN when there is none, -EIO when the queue is
 * broken.
 */
int virt_queue_get(struct virt_queue *q, unsigned int *len);

/**
 * virt_queue_events_off() - no events, please; a hint to the device
 * @q: the queue
 *
 * Context: any; the driver serialises the getting side.
 */
void virt_queue_events_off(struct virt_queue *q);

/**
 * virt_queue_events_on() - events again
 * @q: the queue
 *
 * Context: any; the driver serialises the getting side.
 * Return: true when nothing is waiting; false: look again, no event may come
 * for what is there already.
 */
bool virt_queue_events_on(struct virt_queue *q);

/**
 * virt_queue_events_after() - an event when more than @n buffers are used
 * @q: the queue
 * @n: fewer than are with the device
 *
 * For a driver that need not know of each buffer at once. Without EVENT_IDX the
 * device cannot count, and calls for the next buffer already.
 *
 * Context: any; the driver serialises the getting side.
 * Return: true when @n or fewer are waiting to be taken; false: look again, no
 * event may come for what is there already.
 */
bool virt_queue_events_after(struct virt_queue *q, unsigned int n);

/**
 * virt_queue_in_use() - is a slot with the device?
 * @q: the queue
 * @slot: the slot
 *
 * Context: any; a snapshot.
 * Return: true if it is.
 */
bool virt_queue_in_use(struct virt_queue *q, unsigned int slot);

#endif /* _VIRTBUS_VIRT_QUEUE_H */
