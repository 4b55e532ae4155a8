// SPDX-License-Identifier: GPL-2.0
/*
 * transfer.c - the control path: one call of the device end for each transfer
 */
#include <linux/virtio_config.h>

#include "loop.h"

static long queue_enable(struct loop_port *port,
			 const struct virt_xfer_queue *xq)
{
	int ret;

	ret = virt_end_queue_enable(port->end, xq->index, xq->size, xq->desc,
				    xq->driver, xq->device);
	if (ret)
		return ret;
	xq->queue->glue = port;
	spin_lock_irq(&port->queues[xq->index].lock);
	port->queues[xq->index].queue = xq->queue;
	spin_unlock_irq(&port->queues[xq->index].lock);
	return sizeof(*xq);
}

/* Every size is that of one fixed structure; a caller that errs is ours. */
static bool size_fits(unsigned long size, int type)
{
	switch (type) {
	case VIRT_XFER_READ_FEATURES:
	case VIRT_XFER_WRITE_FEATURES:
		return size == sizeof(__le64);
	case VIRT_XFER_READ_STATUS:
	case VIRT_XFER_WRITE_STATUS:
		return size == sizeof(u8);
	case VIRT_XFER_READ_CONFIG:
	case VIRT_XFER_WRITE_CONFIG:
		return size == sizeof(struct virt_xfer_config);
	case VIRT_XFER_QUEUE_INFO:
	case VIRT_XFER_QUEUE_ENABLE:
		return size == sizeof(struct virt_xfer_queue);
	}
	return false;
}

/*
 * Bounded: an end waits for the request that it is serving at most, and its
 * requests wait for nobody.
 */
long loop_transfer(struct virt_dev *vdev, void *buffer, unsigned long size,
		   int type)
{
	struct loop_port *port = loop_port(vdev);
	struct virt_end *end = port->end;
	struct virt_xfer_config *xc = buffer;
	struct virt_xfer_queue *xq = buffer;
	long ret;

	ret = virt_end_usable(end);
	if (ret)
		return ret;
	if (WARN_ON_ONCE(!size_fits(size, type)))
		return -EINVAL;

	switch (type) {
	case VIRT_XFER_READ_FEATURES:
		*(__le64 *)buffer = cpu_to_le64(virt_end_features(end));
		return size;
	case VIRT_XFER_WRITE_FEATURES:
		ret = virt_end_accept(end, le64_to_cpu(*(__le64 *)buffer));
		break;
	case VIRT_XFER_READ_STATUS:
		*(u8 *)buffer = virt_end_status(end);
		return size;
	case VIRT_XFER_WRITE_STATUS:
		ret = virt_end_set_status(end, *(u8 *)buffer);
		break;
	case VIRT_XFER_READ_CONFIG:
		return virt_end_read_config(end, xc->offset, xc->data,
					    xc->size);
	case VIRT_XFER_WRITE_CONFIG:
		ret = virt_end_write_config(end, xc->offset, xc->data,
					    xc->size);
		break;
	case VIRT_XFER_QUEUE_INFO:
		xq->size = virt_end_queue_size(end, xq->index);
		return size;
	case VIRT_XFER_QUEUE_ENABLE:
		return queue_enable(port, xq);
	}
	return ret ?: size;
}

/* An end that does not confirm a reset is stopped all the same. */
void loop_cut(struct virt_dev *vdev)
{
	virt_end_cut(loop_port(vdev)->end);
}
