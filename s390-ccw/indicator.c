// SPDX-License-Identifier: GPL-2.0
/*
 * indicator.c - how a device calls: bits in our memory, and an interrupt
 *
 * For queues there are adapter interrupts (airq.c) or, where the host has none,
 * classic indicators: 64 bits of the device's own and an interrupt of its
 * subchannel, which always brings configuration changes (virtio 1.2, 4.3.2.6).
 *
 * No bit is believed: one that belongs to no enabled queue leads nowhere, and
 * each is looked at no more than twice in an interrupt.
 */
#include <linux/bitops.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <asm/io.h>

#include "ccw.h"

/* A queue's indicator was set. Any interrupt; interrupts are off. */
void vccw_queue_event(struct vccw_queue *vq)
{
	struct virt_queue *q;

	spin_lock(&vq->lock);
	q = READ_ONCE(vq->queue);
	if (q)
		virt_queue_event(q);
	spin_unlock(&vq->lock);
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
		ret = vccw_adapter_open(port);
	/* A host without adapter interrupts rejects them. */
	if (ret == -EOPNOTSUPP)
		ret = classic_open(port);
	if (!ret)
		ret = conf_open(port);
	if (!ret)
		return 0;
	/* That a device vanishes on the way is nothing to tell. */
	if (!port->gone)
		dev_err(&port->cdev->dev,
			"cannot set up interrupts for %u queues (%d)\n",
			nr_queues, ret);
	vccw_events_close(vdev);
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
		vccw_adapter_close(port);
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
			vccw_queue_event(&ev->queues[i]);
	}
	if (ev->conf && (xchg(&port->ch.dma->conf_indicators, 0) & 1))
		virt_dev_config_event(port->vdev);
}
