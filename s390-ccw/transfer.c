// SPDX-License-Identifier: GPL-2.0
/*
 * transfer.c - what the core transfers, as channel commands; kicks
 *
 * Virtio 1.2, 4.3.2.2 and 4.3.3.
 */
#include <linux/kvm_para.h>
#include <linux/string.h>
#include <asm/virtio-ccw.h>

#include "ccw.h"

/*
 * One channel command is one snapshot. How long the device's configuration
 * really is, is not told: what it does not have stays zero.
 */
static long read_config(struct vccw_port *port, struct virt_xfer_config *x)
{
	union vccw_payload *p;
	u32 size = min_t(u32, x->size, VCCW_CONFIG_MAX);
	int ret;

	if (x->offset)
		return -EINVAL;
	p = vccw_begin(port);
	memset(p->config, 0, size);
	ret = vccw_channel_run(port, VCCW_CMD_READ_CONF, size);
	if (!ret)
		memcpy(x->data, p->config, size);
	vccw_end(port);
	return ret ?: size;
}

/* A write begins at the start of the configuration, always. */
static long write_config(struct vccw_port *port, struct virt_xfer_config *x)
{
	union vccw_payload *p;
	int ret = 0;

	if (x->size > VCCW_CONFIG_MAX || x->offset > VCCW_CONFIG_MAX - x->size)
		return -EINVAL;
	p = vccw_begin(port);
	if (x->offset) {
		memset(p->config, 0, x->offset);
		ret = vccw_channel_run(port, VCCW_CMD_READ_CONF, x->offset);
	}
	if (!ret) {
		memcpy(p->config + x->offset, x->data, x->size);
		ret = vccw_channel_run(port, VCCW_CMD_WRITE_CONF,
				       x->offset + x->size);
	}
	vccw_end(port);
	return ret ?: x->size;
}

static int queue_info(struct vccw_port *port, struct virt_xfer_queue *x)
{
	union vccw_payload *p = vccw_begin(port);
	int ret;

	p->vq_conf.index = cpu_to_be16(x->index);
	p->vq_conf.num = 0;
	ret = vccw_channel_run(port, VCCW_CMD_READ_VQ_CONF,
			       sizeof(p->vq_conf));
	x->size = be16_to_cpu(p->vq_conf.num);
	vccw_end(port);
	return ret;
}

static int queue_enable(struct vccw_port *port, struct virt_xfer_queue *x)
{
	union vccw_payload *p;
	int ret;

	/* Events may come as soon as the device knows the queue. */
	ret = vccw_events_enable(port, x->queue);
	if (ret)
		return ret;
	p = vccw_begin(port);
	p->vq.desc = cpu_to_be64(x->desc);
	p->vq.reserved = 0;
	p->vq.index = cpu_to_be16(x->index);
	p->vq.num = cpu_to_be16(x->size);
	p->vq.driver = cpu_to_be64(x->driver);
	p->vq.device = cpu_to_be64(x->device);
	ret = vccw_channel_run(port, VCCW_CMD_SET_VQ, sizeof(p->vq));
	vccw_told(port, x->desc, ret);
	vccw_end(port);
	return ret;
}

/* Bytes that each transfer moves. */
static const size_t sizes[] = {
	[VIRT_XFER_READ_FEATURES]	= sizeof(__le64),
	[VIRT_XFER_WRITE_FEATURES]	= sizeof(__le64),
	[VIRT_XFER_READ_STATUS]		= sizeof(u8),
	[VIRT_XFER_WRITE_STATUS]	= sizeof(u8),
	[VIRT_XFER_READ_CONFIG]		= sizeof(struct virt_xfer_config),
	[VIRT_XFER_WRITE_CONFIG]	= sizeof(struct virt_xfer_config),
	[VIRT_XFER_QUEUE_INFO]		= sizeof(struct virt_xfer_queue),
	[VIRT_XFER_QUEUE_ENABLE]	= sizeof(struct virt_xfer_queue),
};

/* virt_transport.transfer() */
long vccw_transfer(struct virt_dev *vdev, void *buffer, unsigned long size,
		   int type)
{
	struct vccw_glue *glue = virt_dev_glue(vdev);
	struct vccw_port *port = glue->port;
	long ret;

	if (type < 0 || type >= ARRAY_SIZE(sizes) || size < sizes[type])
		return -EINVAL;

	switch (type) {
	case VIRT_XFER_READ_FEATURES:
		ret = vccw_read_features(port, buffer);
		break;
	case VIRT_XFER_WRITE_FEATURES:
		ret = vccw_write_features(port, *(__le64 *)buffer);
		break;
	case VIRT_XFER_READ_STATUS:
		ret = vccw_read_status(port, buffer);
		break;
	case VIRT_XFER_WRITE_STATUS:
		ret = *(u8 *)buffer ? vccw_write_status(port, *(u8 *)buffer)
				    : vccw_reset(port);
		break;
	case VIRT_XFER_READ_CONFIG:
		return read_config(port, buffer);
	case VIRT_XFER_WRITE_CONFIG:
		return write_config(port, buffer);
	case VIRT_XFER_QUEUE_INFO:
		ret = queue_info(port, buffer);
		break;
	default:
		ret = queue_enable(port, buffer);
		break;
	}
	return ret ?: (long)sizes[type];
}

/*
 * virt_transport.kick(): a hypercall (4.3.3.2). It gives a cookie that makes
 * the next one faster; it is a hint, so that kicks from several CPUs at once do
 * no harm. It is kept in the queue itself, not in memory of ours that a kick
 * could outlive.
 */
void vccw_kick(struct virt_queue *q)
{
	struct vccw_glue *glue = virt_dev_glue(q->vdev);
	long cookie;

	cookie = kvm_hypercall3(KVM_S390_VIRTIO_CCW_NOTIFY, glue->schid,
				q->index, (unsigned long)READ_ONCE(q->glue));
	if (likely(cookie >= 0)) {
		WRITE_ONCE(q->glue, (void *)cookie);
		return;
	}
	/*
	 * There is no such subchannel any more; cio will tell us too, but
	 * later. Whatever else is wrong, nobody will look at this queue.
	 */
	if (cookie == -EINVAL || cookie == -ENODEV) {
		WRITE_ONCE(glue->port->gone, true);
		virt_dev_gone(q->vdev);
	} else {
		virt_dev_break(q->vdev, "the host refuses notifications (%ld)",
			       cookie);
	}
}
