// SPDX-License-Identifier: GPL-2.0
/*
 * indicator.c - how a device calls: bits in our memory, and an interrupt
 *
 * Adapter interrupts (virtio 1.2, 4.3.2.6.3): a bit for each queue in an area
 * that several devices share, and a summary byte for the area. Any number of
 * queues. Classic indicators (4.3.2.6.1): 64 bits of the device's own and an
 * interrupt of its subchannel, which always brings configuration changes.
 *
 * No bit is believed: one that belongs to no enabled queue leads nowhere, and
 * each is looked at no more than twice in an interrupt.
 */
#include <linux/bitops.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <asm/airq.h>
#include <asm/cache.h>
#include <asm/io.h>
#include <asm/irq.h>
#include <asm/tpi.h>

#include "ccw.h"

/* What AIRQ_IV_CACHELINE allows: an area never shares a cache line. */
#define VCCW_AREA_BITS	(L1_CACHE_BYTES * BITS_PER_BYTE)

/**
 * struct vccw_area - indicators that share a summary byte
 * @node: in the list of areas
 * @airq: the handler
 * @iv: the indicators
 * @users: devices that have some of them; areas_lock
 * @queue: where each leads
 */
struct vccw_area {
	struct list_head node;
	struct airq_struct airq;
	struct airq_iv *iv;
	unsigned int users;
	struct vccw_queue __rcu *queue[VCCW_AREA_BITS];
};

static LIST_HEAD(areas);
static DEFINE_MUTEX(areas_lock);

static void queue_event(struct vccw_queue *vq)
{
	struct virt_queue *q;

	spin_lock(&vq->lock);
	q = READ_ONCE(vq->queue);
	if (q)
		virt_queue_event(q);
	spin_unlock(&vq->lock);
}

static void scan(struct vccw_area *area)
{
	unsigned long bit = 0;
	struct vccw_queue *vq;

	for (;;) {
		bit = airq_iv_scan(area->iv, bit, airq_iv_end(area->iv));
		if (bit == -1UL)
			return;
		vq = rcu_dereference(area->queue[bit]);
		if (vq)
			queue_event(vq);
		bit++;
	}
}

/* Runs on any CPU, on several at once, in an RCU read side section. */
static void area_irq(struct airq_struct *airq, struct tpi_info *tpi)
{
	struct vccw_area *area = container_of(airq, struct vccw_area, airq);

	inc_irq_stat(IRQIO_VAI);
	scan(area);
	/*
	 * The host sets a bit, then the summary, and interrupts us only if the
	 * summary was clear. So the summary is cleared before the last look at
	 * the bits, with a full barrier in between: otherwise a bit set between
	 * the two would wait for the next interrupt.
	 */
	virt_store_mb(*airq->lsi_ptr, 0);
	scan(area);
}

static struct vccw_area *area_new(void)
{
	struct vccw_area *area = kvzalloc(sizeof(*area), GFP_KERNEL);

	if (!area)
		return NULL;
	area->iv = airq_iv_create(VCCW_AREA_BITS,
				  AIRQ_IV_ALLOC | AIRQ_IV_CACHELINE, NULL);
	if (!area->iv)
		goto free_area;
	area->airq.handler = area_irq;
	area->airq.isc = VCCW_ISC;
	/* lsi_ptr stays NULL: the summary byte is allocated for us. */
	if (register_adapter_interrupt(&area->airq))
		goto free_iv;
	list_add_tail(&area->node, &areas);
	return area;

free_iv:
	airq_iv_release(area->iv);
free_area:
	kvfree(area);
	return NULL;
}

static void area_put(struct vccw_area *area)
{
	mutex_lock(&areas_lock);
	if (!--area->users) {
		list_del(&area->node);
		unregister_adapter_interrupt(&area->airq);
		airq_iv_release(area->iv);
		kvfree(area);
	}
	mutex_unlock(&areas_lock);
}

/* Find room for @nr indicators in one area. */
static struct vccw_area *area_get(unsigned int nr, unsigned long *bit)
{
	struct vccw_area *area;

	mutex_lock(&areas_lock);
	list_for_each_entry(area, &areas, node) {
		*bit = airq_iv_alloc(area->iv, nr);
		if (*bit != -1UL)
			goto found;
	}
	area = area_new();
	if (!area)
		goto out;
	*bit = airq_iv_alloc(area->iv, nr);
found:
	area->users++;
out:
	mutex_unlock(&areas_lock);
	return area;
}

/* @keep: the device may still write there */
static void adapter_free(struct vccw_port *port, bool keep)
{
	struct vccw_events *ev = &port->ev;
	struct vccw_area *area = ev->area;
	unsigned int i;

	for (i = 0; i < ev->nr_queues; i++)
		RCU_INIT_POINTER(area->queue[ev->bit + i], NULL);
	/* The handler runs in an RCU read side section. */
	synchronize_rcu();
	ev->area = NULL;
	if (keep) {
		dev_warn(&port->cdev->dev,
			 "did not let go of its adapter interrupt indicators\n");
		return;
	}
	airq_iv_free(area->iv, ev->bit, ev->nr_queues);
	area_put(area);
}

static void adapter_close(struct vccw_port *port)
{
	u64 summary = virt_to_phys(port->ev.area->airq.lsi_ptr);
	int ret = vccw_set_adapter(port, summary, 0, 0);

	adapter_free(port, ret && !port->quiet && !port->gone);
}

static int adapter_open(struct vccw_port *port)
{
	struct vccw_events *ev = &port->ev;
	unsigned int i;
	int ret;

	if (ev->nr_queues > VCCW_AREA_BITS)
		return -ENOSPC;
	ev->area = area_get(ev->nr_queues, &ev->bit);
	if (!ev->area)
		return -ENOMEM;
	for (i = 0; i < ev->nr_queues; i++)
		rcu_assign_pointer(ev->area->queue[ev->bit + i],
				   &ev->queues[i]);
	ret = vccw_set_adapter(port, virt_to_phys(ev->area->airq.lsi_ptr),
			       virt_to_phys(ev->area->iv->vector), ev->bit);
	if (ret)
		adapter_free(port, !port->quiet && !port->gone);
	return ret;
}

static void set_open(struct vccw_port *port, bool open)
{
	spin_lock_irq(get_ccwdev_lock(port->cdev));
	port->ev.open = open;
	spin_unlock_irq(get_ccwdev_lock(port->cdev));
}

static void set_classic(struct vccw_port *port, bool on)
{
	spin_lock_irq(get_ccwdev_lock(port->cdev));
	port->ch.dma->indicators = 0;
	port->ev.classic = on;
	spin_unlock_irq(get_ccwdev_lock(port->cdev));
}

static int classic_open(struct vccw_port *port)
{
	int ret;

	if (port->ev.nr_queues > VCCW_CLASSIC_QUEUES)
		return -ENOSPC;
	set_classic(port, true);
	ret = vccw_set_address(port, VCCW_CMD_SET_IND,
			       virt_to_phys(&port->ch.dma->indicators));
	if (ret)
		set_classic(port, false);
	return ret;
}

static void classic_close(struct vccw_port *port)
{
	vccw_set_address(port, VCCW_CMD_SET_IND, 0);
	set_classic(port, false);
}

static void set_conf(struct vccw_port *port, bool on)
{
	spin_lock_irq(get_ccwdev_lock(port->cdev));
	port->ch.dma->conf_indicators = 0;
	port->ev.conf = on;
	spin_unlock_irq(get_ccwdev_lock(port->cdev));
}

static int conf_open(struct vccw_port *port)
{
	set_conf(port, true);
	return vccw_set_address(port, VCCW_CMD_SET_CONF_IND,
				virt_to_phys(&port->ch.dma->conf_indicators));
}

static void conf_close(struct vccw_port *port)
{
	vccw_set_address(port, VCCW_CMD_SET_CONF_IND, 0);
	set_conf(port, false);
}

/* virt_transport.events_open() */
int vccw_events_open(struct virt_dev *vdev, unsigned int nr_queues)
{
	struct vccw_glue *glue = virt_dev_glue(vdev);
	struct vccw_port *port = glue->port;
	struct vccw_events *ev = &port->ev;
	unsigned int i;
	int ret = -EOPNOTSUPP;

	ev->queues = kvcalloc(nr_queues, sizeof(*ev->queues), GFP_KERNEL);
	if (!ev->queues)
		return -ENOMEM;
	ev->nr_queues = nr_queues;
	for (i = 0; i < nr_queues; i++)
		spin_lock_init(&ev->queues[i].lock);
	set_open(port, true);

	if (!vccw_classic)
		ret = adapter_open(port);
	/* A host without adapter interrupts rejects them. */
	if (ret == -EOPNOTSUPP)
		ret = classic_open(port);
	if (!ret)
		ret = conf_open(port);
	if (ret) {
		dev_err(&port->cdev->dev,
			"cannot set up interrupts for %u queues (%d)\n",
			nr_queues, ret);
		vccw_events_close(vdev);
	}
	return ret;
}

/* virt_transport.events_close() */
void vccw_events_close(struct virt_dev *vdev)
{
	struct vccw_glue *glue = virt_dev_glue(vdev);
	struct vccw_port *port = glue->port;
	struct vccw_events *ev = &port->ev;

	set_open(port, false);
	if (ev->conf)
		conf_close(port);
	if (ev->classic)
		classic_close(port);
	if (ev->area)
		adapter_close(port);
	kvfree(ev->queues);
	ev->queues = NULL;
	ev->nr_queues = 0;
}

/* The core enables a queue: from now on its indicator leads somewhere. */
int vccw_events_enable(struct vccw_port *port, struct virt_queue *q)
{
	if (q->index >= port->ev.nr_queues)
		return -EINVAL;
	q->glue = NULL;
	WRITE_ONCE(port->ev.queues[q->index].queue, q);
	return 0;
}

/* An interrupt of the subchannel: whatever its reason, look at the bits. */
void vccw_events_irq(struct vccw_port *port)
{
	struct vccw_events *ev = &port->ev;
	unsigned long bits;
	unsigned int i;

	lockdep_assert_held(get_ccwdev_lock(port->cdev));
	if (ev->classic) {
		bits = xchg(&port->ch.dma->indicators, 0);
		for_each_set_bit(i, &bits, min_t(unsigned int, ev->nr_queues,
						 VCCW_CLASSIC_QUEUES))
			queue_event(&ev->queues[i]);
	}
	if (ev->conf && (xchg(&port->ch.dma->conf_indicators, 0) & 1))
		virt_dev_config_event(port->vdev);
}

/*
 * What a device keeps that never confirmed a reset: it may write there, but
 * nobody listens any more.
 */
void vccw_events_exit(void)
{
	struct vccw_area *area;

	list_for_each_entry(area, &areas, node) {
		area->airq.flags &= ~AIRQ_PTR_ALLOCATED;
		unregister_adapter_interrupt(&area->airq);
	}
}
