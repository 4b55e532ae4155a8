/* SPDX-License-Identifier: GPL-2.0 */
/*
 * loop.h - private to loop-glue/: a port joins a device end to a device
 *
 * Locks: loop_lock (main.c) protects the list of ports and who tears each down;
 * nothing is called under it. A queue's and a port's spinlock are held while an
 * event is delivered, so that none is running once they were taken to close
 * them.
 */
#ifndef _VIRTBUS_LOOP_H
#define _VIRTBUS_LOOP_H

#include <linux/completion.h>
#include <linux/device.h>
#include <linux/list.h>
#include <linux/spinlock.h>

#include <virtbus/virt_end_host.h>
#include <virtbus/virt_glue.h>

#undef pr_fmt
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

/**
 * struct loop_queue - where the events of a queue go
 * @lock: held while an event is delivered
 * @queue: the queue; NULL: nobody wants to know
 */
struct loop_queue {
	spinlock_t lock;		/* held while an event is delivered */
	struct virt_queue *queue;
};

/**
 * struct loop_port - a device end and its device
 * @dev: /sys/devices/virtbus_loop/NAME
 * @node: in the list of ports
 * @leaving: somebody tears it down
 * @made: complete once config() is through with it, well or not
 * @plugged: virt_dev_add() has succeeded; read after @made
 * @shown: device_add() has succeeded
 * @platform: the driver is asked to use the DMA API (ACCESS_PLATFORM)
 * @dma_mask: all of it
 * @end: the device end
 * @vdev: the device
 * @lock: held while a configuration event is delivered
 * @events: between events_open() and events_close()
 * @queues: as many as the end has
 */
struct loop_port {
	struct device dev;
	struct list_head node;
	bool leaving;
	struct completion made;
	bool plugged;
	bool shown;
	bool platform;
	u64 dma_mask;
	struct virt_end *end;
	struct virt_dev *vdev;
	spinlock_t lock;		/* held while an event is delivered */
	bool events;
	struct loop_queue *queues;
};

static inline struct loop_port *loop_port(const struct virt_dev *vdev)
{
	return *(struct loop_port **)virt_dev_glue(vdev);
}

/* main.c */
extern const struct virt_transport loop_transport;

/* port.c */
struct loop_port *loop_port_alloc(const char *name, struct device *root);
int loop_port_fill(struct loop_port *port, const struct virt_spec *spec,
		   struct virt_why *why);
int loop_port_plug(struct loop_port *port, struct virt_why *why);
void loop_port_unplug(struct loop_port *port);
int loop_port_spec(struct virt_dev *vdev, char *buf, size_t size);

/* transfer.c */
long loop_transfer(struct virt_dev *vdev, void *buffer, unsigned long size,
		   int type);
void loop_cut(struct virt_dev *vdev);

/* events.c */
extern const struct virt_end_host loop_host;
int loop_events_open(struct virt_dev *vdev, unsigned int nr_queues);
void loop_events_close(struct virt_dev *vdev);
void loop_kick(struct virt_queue *q);

#endif /* _VIRTBUS_LOOP_H */
