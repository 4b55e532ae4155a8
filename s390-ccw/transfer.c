// SPDX-License-Identifier: GPL-2.0
/*
 * transfer.c - what the core transfers, as channel commands; kicks
 *
 * Virtio 1.2, 4.3.2 (initialisation) and 4.3.3 (operation).
 */
#include <linux/delay.h>
#include <linux/kvm_para.h>
#include <linux/string.h>
#include <linux/virtio_config.h>
#include <asm/virtio-ccw.h>

#include "ccw.h"

/* How long a device may take to confirm a reset. */
#define VCCW_RESET_TIMEOUT	(5 * HZ)

static union vccw_payload *begin(struct vccw_port *port)
{
	mutex_lock(&port->ch.lock);
	return &port->ch.dma->payload;
}

static void end(struct vccw_port *port)
{
	mutex_unlock(&port->ch.lock);
}

/* The device has heard of memory of ours, unless it rejected the command. */
static void told(struct vccw_port *port, u64 address, int ret)
{
	if (address && ret != -EOPNOTSUPP)
		port->quiet = false;
}

/**
 * vccw_set_revision() - agree on a revision of the virtio-ccw interface
 * @port: the device; enabled, and nothing was sent to it yet
 *
 * Context: process, sleeps.
 * Return: 0; -EOPNOTSUPP for a legacy-only device; other -errno.
 */
int vccw_set_revision(struct vccw_port *port)
{
	union vccw_payload *p = begin(port);
	int ret;

	port->revision = 2;
	do {
		p->rev.revision = cpu_to_be16(port->revision);
		p->rev.length = 0;
		ret = vccw_channel_run(port, VCCW_CMD_SET_VIRTIO_REV,
				       sizeof(p->rev));
	} while (ret == -EOPNOTSUPP && --port->revision);
	end(port);
	return ret;
}

/**
 * vccw_set_address() - tell the device where its indicators are
 * @port: the device
 * @cmd: VCCW_CMD_SET_IND or VCCW_CMD_SET_CONF_IND
 * @address: physical address, or 0: no longer anywhere
 *
 * Context: process, sleeps.
 * Return: as vccw_channel_run().
 */
int vccw_set_address(struct vccw_port *port, enum vccw_cmd cmd, u64 address)
{
	union vccw_payload *p = begin(port);
	int ret;

	p->address = cpu_to_be64(address);
	ret = vccw_channel_run(port, cmd, sizeof(p->address));
	told(port, address, ret);
	end(port);
	return ret;
}

/**
 * vccw_set_adapter() - tell the device about adapter interrupts
 * @port: the device
 * @summary: physical address of the summary indicator
 * @indicator: physical address of the queue indicators, or 0: no longer
 * @bit: the first of them
 *
 * Context: process, sleeps.
 * Return: as vccw_channel_run().
 */
int vccw_set_adapter(struct vccw_port *port, u64 summary, u64 indicator,
		     u64 bit)
{
	union vccw_payload *p = begin(port);
	int ret;

	p->thinint.summary = cpu_to_be64(summary);
	p->thinint.indicator = cpu_to_be64(indicator);
	p->thinint.bit = cpu_to_be64(bit);
	p->thinint.isc = VCCW_ISC;
	ret = vccw_channel_run(port, VCCW_CMD_SET_IND_ADAPTER,
			       sizeof(p->thinint));
	told(port, indicator, ret);
	end(port);
	return ret;
}

static int read_features(struct vccw_port *port, __le64 *features)
{
	union vccw_payload *p = begin(port);
	u64 all = 0;
	int i, ret = 0;

	for (i = 0; i < 2 && !ret; i++) {
		p->feat.features = 0;
		p->feat.index = i;
		ret = vccw_channel_run(port, VCCW_CMD_READ_FEAT,
				       sizeof(p->feat));
		all |= (u64)le32_to_cpu(p->feat.features) << (32 * i);
	}
	end(port);
	*features = cpu_to_le64(all);
	return ret;
}

static int write_features(struct vccw_port *port, __le64 features)
{
	union vccw_payload *p = begin(port);
	u64 all = le64_to_cpu(features);
	int i, ret = 0;

	for (i = 0; i < 2 && !ret; i++) {
		p->feat.features = cpu_to_le32(all >> (32 * i));
		p->feat.index = i;
		ret = vccw_channel_run(port, VCCW_CMD_WRITE_FEAT,
				       sizeof(p->feat));
	}
	end(port);
	return ret;
}

static int read_status(struct vccw_port *port, u8 *status)
{
	union vccw_payload *p;
	int ret;

	/* There is no command for it yet in revision 1 (4.3.1.2). */
	if (port->revision < 2) {
		*status = port->status;
		return port->gone ? -ENODEV : 0;
	}
	p = begin(port);
	p->status = 0;
	ret = vccw_channel_run(port, VCCW_CMD_READ_STATUS, sizeof(p->status));
	*status = p->status;
	end(port);
	return ret;
}

static int write_status(struct vccw_port *port, u8 status)
{
	union vccw_payload *p = begin(port);
	int ret;

	p->status = status;
	ret = vccw_channel_run(port, VCCW_CMD_WRITE_STATUS, sizeof(p->status));
	if (!ret)
		port->status = status;
	end(port);
	/* Features that it refuses: the core sees it when it reads the status. */
	if (ret == -EOPNOTSUPP && (status & VIRTIO_CONFIG_S_FEATURES_OK))
		ret = 0;
	return ret;
}

static int reset(struct vccw_port *port)
{
	unsigned long until = jiffies + VCCW_RESET_TIMEOUT;
	u8 status;
	int ret;

	begin(port);
	ret = vccw_channel_run(port, VCCW_CMD_VDEV_RESET, 0);
	end(port);
	if (ret)
		return ret;
	port->status = 0;
	/* It is complete when the status reads 0 (virtio 1.2, 2.4). */
	for (;;) {
		ret = read_status(port, &status);
		if (ret)
			return ret;
		if (!status)
			break;
		if (time_after(jiffies, until))
			return -ETIMEDOUT;
		msleep(20);
	}
	port->quiet = true;
	return 0;
}

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
	p = begin(port);
	memset(p->config, 0, size);
	ret = vccw_channel_run(port, VCCW_CMD_READ_CONF, size);
	if (!ret)
		memcpy(x->data, p->config, size);
	end(port);
	return ret ?: size;
}

/* A write begins at the start of the configuration, always. */
static long write_config(struct vccw_port *port, struct virt_xfer_config *x)
{
	union vccw_payload *p;
	int ret = 0;

	if (x->size > VCCW_CONFIG_MAX || x->offset > VCCW_CONFIG_MAX - x->size)
		return -EINVAL;
	p = begin(port);
	if (x->offset) {
		memset(p->config, 0, x->offset);
		ret = vccw_channel_run(port, VCCW_CMD_READ_CONF, x->offset);
	}
	if (!ret) {
		memcpy(p->config + x->offset, x->data, x->size);
		ret = vccw_channel_run(port, VCCW_CMD_WRITE_CONF,
				       x->offset + x->size);
	}
	end(port);
	return ret ?: x->size;
}

static int queue_info(struct vccw_port *port, struct virt_xfer_queue *x)
{
	union vccw_payload *p = begin(port);
	int ret;

	p->vq_conf.index = cpu_to_be16(x->index);
	p->vq_conf.num = 0;
	ret = vccw_channel_run(port, VCCW_CMD_READ_VQ_CONF,
			       sizeof(p->vq_conf));
	x->size = be16_to_cpu(p->vq_conf.num);
	end(port);
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
	p = begin(port);
	p->vq.desc = cpu_to_be64(x->desc);
	p->vq.reserved = 0;
	p->vq.index = cpu_to_be16(x->index);
	p->vq.num = cpu_to_be16(x->size);
	p->vq.driver = cpu_to_be64(x->driver);
	p->vq.device = cpu_to_be64(x->device);
	ret = vccw_channel_run(port, VCCW_CMD_SET_VQ, sizeof(p->vq));
	told(port, x->desc, ret);
	end(port);
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
		ret = read_features(port, buffer);
		break;
	case VIRT_XFER_WRITE_FEATURES:
		ret = write_features(port, *(__le64 *)buffer);
		break;
	case VIRT_XFER_READ_STATUS:
		ret = read_status(port, buffer);
		break;
	case VIRT_XFER_WRITE_STATUS:
		ret = *(u8 *)buffer ? write_status(port, *(u8 *)buffer)
				    : reset(port);
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
	if (cookie == -EINVAL || cookie == -ENODEV)
		virt_dev_gone(q->vdev);
	else
		virt_dev_break(q->vdev, "host refused to be notified (%ld)",
			       cookie);
}
