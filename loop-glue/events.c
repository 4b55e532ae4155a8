// SPDX-License-Identifier: GPL-2.0
/*
 * events.c - kicks to the device end, events from it, and its view of memory
 */
#include <linux/memory_hotplug.h>
#include <linux/mm.h>

#include "loop.h"

/* In any context: the end has a work item for each queue. */
void loop_kick(struct virt_queue *q)
{
	struct loop_port *port = q->glue;

	virt_end_kick(port->end, q->index);
}

int loop_events_open(struct virt_dev *vdev, unsigned int nr_queues)
{
	struct loop_port *port = loop_port(vdev);

	if (nr_queues > port->end->nr_queues)
		return -ENOENT;
	spin_lock_irq(&port->lock);
	port->events = true;
	spin_unlock_irq(&port->lock);
	return 0;
}

/* An event is delivered under the lock that is taken here. */
void loop_events_close(struct virt_dev *vdev)
{
	struct loop_port *port = loop_port(vdev);
	unsigned int i;

	spin_lock_irq(&port->lock);
	port->events = false;
	spin_unlock_irq(&port->lock);
	for (i = 0; i < port->end->nr_queues; i++) {
		spin_lock_irq(&port->queues[i].lock);
		port->queues[i].queue = NULL;
		spin_unlock_irq(&port->queues[i].lock);
	}
}

/* The driver expects interrupts off, as in an interrupt; we are a work item. */
static void queue_event(struct virt_end *end, unsigned int queue)
{
	struct loop_port *port = end->host_data;
	struct loop_queue *lq = &port->queues[queue];
	unsigned long flags;

	spin_lock_irqsave(&lq->lock, flags);
	if (lq->queue)
		virt_queue_event(lq->queue);
	spin_unlock_irqrestore(&lq->lock, flags);
}

static void config_event(struct virt_end *end)
{
	struct loop_port *port = end->host_data;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	if (port->events)
		virt_dev_config_event(port->vdev);
	spin_unlock_irqrestore(&port->lock, flags);
}

static void gone(struct virt_end *end)
{
	struct loop_port *port = end->host_data;

	virt_dev_gone(port->vdev);
}

/*
 * Addresses are physical, and memory is where the kernel maps all of it. What is
 * in no page of ours (kernel image, holes, the page of zeros) is marked reserved:
 * never to be written, and to be read if it is memory at all.
 */
static bool usable(unsigned long pfn, bool write)
{
	struct page *page = pfn_to_online_page(pfn);

	if (!page)
		return false;
	return !PageReserved(page) || (!write && page_is_ram(pfn));
}

static void *translate(struct virt_end *end, u64 addr, u64 size, bool write)
{
	u64 pfn, last;

	if (addr + size - 1 < addr)
		return NULL;
	last = (addr + size - 1) >> PAGE_SHIFT;
	for (pfn = addr >> PAGE_SHIFT; pfn <= last; pfn++)
		if (!usable(pfn, write))
			return NULL;
	return __va(addr);
}

static const char *const keys[] = { "platform", NULL };

const struct virt_end_host loop_host = {
	.keys = keys,
	.queue_event = queue_event,
	.config_event = config_event,
	.gone = gone,
	.translate = translate,
};
