// SPDX-License-Identifier: GPL-2.0
/*
 * queue_open.c - setting up a device's queues and taking them down
 *
 * Virtio 1.2, 4.1.5.1.3 and 4.3.2.1, as far as they are the same for every
 * transport.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>

#include "internal.h"
#include "queue_layout.h"

/* The largest split queue that virtio knows (2.7). */
#define SIZE_MAX_SPLIT	32768
/* Below this a shorter queue is not worth having: out of memory is the answer. */
#define SIZE_MIN_RETRY	16

/* The queue's size: the device's word, checked, and the driver's wish. */
static long queue_size(struct virt_dev_core *core, unsigned int index,
		       const struct virt_queue_param *param)
{
	struct virt_xfer_queue xfer = { .index = index };
	long ret;

	ret = virt_transfer(core, &xfer, sizeof(xfer), VIRT_XFER_QUEUE_INFO);
	if (ret < 0)
		return ret;
	if (!xfer.size)
		return -ENOENT;
	if (!is_power_of_2(xfer.size) || xfer.size > SIZE_MAX_SPLIT) {
		virt_dev_break(&core->vdev,
			       "queue %u has size %u, which is not a power of two up to %u",
			       index, xfer.size, SIZE_MAX_SPLIT);
		return -EIO;
	}
	if (param->max_size && param->max_size < xfer.size)
		return rounddown_pow_of_two(param->max_size);
	return xfer.size;
}

static void queue_free(struct virt_queue *q)
{
	if (!q)
		return;
	q->layout->free(q);
	kfree(q->name);
	kfree(q);
}

static struct virt_queue *queue_alloc(struct virt_dev_core *core,
				      unsigned int index,
				      const struct virt_queue_param *param)
{
	struct virt_dev *vdev = &core->vdev;
	struct virt_queue *q;
	long size;
	int err;

	size = queue_size(core, index, param);
	if (size < 0)
		return ERR_PTR(size);

	q = kzalloc(sizeof(*q), GFP_KERNEL);
	if (!q)
		return ERR_PTR(-ENOMEM);
	q->vdev = vdev;
	q->index = index;
	q->callback = param->callback;
	q->priv = param->priv;
	q->layout = &virt_split_layout;
	q->event_idx = virt_dev_has(vdev, VIRTIO_RING_F_EVENT_IDX);
	if (virt_dev_has(vdev, VIRTIO_F_ACCESS_PLATFORM))
		q->dma_dev = vdev->dma_dev;
	q->name = kstrdup(param->name, GFP_KERNEL);
	if (!q->name) {
		kfree(q);
		return ERR_PTR(-ENOMEM);
	}

	do {
		q->size = size;
		q->max_segs = param->max_segs;
		q->indirect = virt_dev_has(vdev, VIRTIO_RING_F_INDIRECT_DESC);
		err = q->layout->alloc(q);
		size /= 2;
	} while (err == -ENOMEM && size >= SIZE_MIN_RETRY);
	if (err) {
		kfree(q->name);
		kfree(q);
		return ERR_PTR(err);
	}
	return q;
}

/* The array is read in any context: by events and when the device is lost. */
static void publish(struct virt_dev_core *core, struct virt_queue **queues,
		    unsigned int n)
{
	bool lost = virt_dev_usable(&core->vdev);
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&core->state_lock, flags);
	core->queues = queues;
	core->nr_queues = n;
	for (i = 0; lost && i < n; i++)
		WRITE_ONCE(queues[i]->broken, true);
	spin_unlock_irqrestore(&core->state_lock, flags);
}

static int enable(struct virt_dev_core *core, struct virt_queue *q)
{
	struct virt_xfer_queue xfer = {
		.index = q->index,
		.size = q->size,
		.desc = q->split.desc_addr,
		.driver = q->split.avail_addr,
		.device = q->split.used_addr,
		.queue = q,
	};
	long ret;

	ret = virt_transfer(core, &xfer, sizeof(xfer), VIRT_XFER_QUEUE_ENABLE);
	return ret < 0 ? ret : 0;
}

static void free_all(struct virt_queue **queues, unsigned int n)
{
	while (n--)
		queue_free(queues[n]);
	kfree(queues);
}

/* Allocate, connect the events, tell the device; in this order. */
static int open_all(struct virt_dev_core *core, unsigned int n,
		    const struct virt_queue_param *params)
{
	struct virt_dev *vdev = &core->vdev;
	struct virt_queue **queues;
	unsigned int i;
	int err;

	lockdep_assert_held(&core->lock);
	if (!n || core->queues)
		return -EINVAL;
	queues = kcalloc(n, sizeof(*queues), GFP_KERNEL);
	if (!queues)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		queues[i] = queue_alloc(core, i, &params[i]);
		if (IS_ERR(queues[i])) {
			err = PTR_ERR(queues[i]);
			free_all(queues, i);
			return err;
		}
	}
	publish(core, queues, n);

	err = vdev->transport->events_open(vdev, n);
	if (err)
		goto unpublish;
	core->events_open = true;
	for (i = 0; i < n && !err; i++)
		err = enable(core, queues[i]);
	if (!err)
		return 0;

	/* it may know some of the queues: a reset makes it forget them */
	virt_reset(core);
	vdev->transport->events_close(vdev);
	core->events_open = false;
unpublish:
	publish(core, NULL, 0);
	free_all(queues, n);
	return err;
}

int virt_queues_open(struct virt_dev *vdev, unsigned int n,
		     const struct virt_queue_param *params,
		     struct virt_queue **queues)
{
	struct virt_dev_core *core = vdev->core;
	unsigned int i;
	int err;

	mutex_lock(&core->lock);
	err = open_all(core, n, params);
	mutex_unlock(&core->lock);
	if (err)
		return err;
	for (i = 0; i < n; i++) {
		queues[i] = core->queues[i];
		if (virt_queue_attrs_add(queues[i]))
			dev_warn(&vdev->dev, "no counters for queue %s\n",
				 queues[i]->name);
	}
	return 0;
}
EXPORT_SYMBOL_NS_GPL(virt_queues_open, "VIRTBUS");

void virt_queues_close(struct virt_dev *vdev)
{
	struct virt_dev_core *core = vdev->core;
	struct virt_queue **queues = core->queues;
	unsigned int i, n = core->nr_queues;

	if (!queues || WARN_ON_ONCE(!core->stopped))
		return;
	for (i = 0; i < n; i++)
		virt_queue_attrs_del(queues[i]);
	publish(core, NULL, 0);
	free_all(queues, n);
}
EXPORT_SYMBOL_NS_GPL(virt_queues_close, "VIRTBUS");

void virt_queues_take_back(struct virt_dev *vdev)
{
	struct virt_dev_core *core = vdev->core;
	unsigned int i;

	/* what it may still write into cannot be taken from it */
	if (WARN_ON_ONCE(!READ_ONCE(core->stopped) && !READ_ONCE(core->told)))
		return;
	for (i = 0; core->queues && i < core->nr_queues; i++)
		core->queues[i]->layout->take_back(core->queues[i]);
}
EXPORT_SYMBOL_NS_GPL(virt_queues_take_back, "VIRTBUS");

struct virt_queue *virt_dev_queue(struct virt_dev *vdev, unsigned int index)
{
	struct virt_dev_core *core = vdev->core;

	return index < core->nr_queues ? core->queues[index] : NULL;
}
EXPORT_SYMBOL_NS_GPL(virt_dev_queue, "VIRTBUS_GLUE");

bool virt_dev_queue_events(struct virt_dev *vdev, unsigned int first)
{
	struct virt_dev_core *core = vdev->core;
	bool any = false;
	unsigned int i;

	for (i = first; i < core->nr_queues; i++)
		any |= virt_queue_event(core->queues[i]);
	return any;
}
EXPORT_SYMBOL_NS_GPL(virt_dev_queue_events, "VIRTBUS_GLUE");

const struct cpumask *virt_queue_cpus(struct virt_queue *q)
{
	const struct virt_transport *transport = q->vdev->transport;

	return transport->queue_cpus ? transport->queue_cpus(q) : NULL;
}
EXPORT_SYMBOL_NS_GPL(virt_queue_cpus, "VIRTBUS");

void virt_queue_aim(struct virt_queue *q, const struct cpumask *cpus)
{
	const struct virt_transport *transport = q->vdev->transport;

	if (transport->queue_aim)
		transport->queue_aim(q, cpus);
}
EXPORT_SYMBOL_NS_GPL(virt_queue_aim, "VIRTBUS");

size_t virt_queue_max_bytes(struct virt_dev *vdev)
{
	if (!virt_dev_has(vdev, VIRTIO_F_ACCESS_PLATFORM))
		return SIZE_MAX;
	return max_t(size_t, dma_max_mapping_size(vdev->dma_dev), PAGE_SIZE);
}
EXPORT_SYMBOL_NS_GPL(virt_queue_max_bytes, "VIRTBUS");

void virt_queue_notify(struct virt_queue *q)
{
	if (likely(!READ_ONCE(q->broken)))
		q->vdev->transport->kick(q);
}
EXPORT_SYMBOL_NS_GPL(virt_queue_notify, "VIRTBUS");
