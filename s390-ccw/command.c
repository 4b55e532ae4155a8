// SPDX-License-Identifier: GPL-2.0
/*
 * command.c - the channel commands about a device as a whole
 *
 * Revision, indicators, features, status, reset: virtio 1.2, 4.3.2 and 4.3.3.
 * Those about its configuration and its queues are in transfer.c.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/virtio_config.h>

#include "ccw.h"

/* How long a device may take to confirm a reset. */
#define VCCW_RESET_TIMEOUT	(5 * HZ)

/**
 * vccw_told() - a command with an address of ours in it has ended
 * @port: the device
 * @address: the address, or 0
 * @ret: how the command ended
 *
 * The device has heard of our memory, unless it rejected the command.
 */
void vccw_told(struct vccw_port *port, u64 address, int ret)
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
	union vccw_payload *p = vccw_begin(port);
	int ret;

	port->revision = 2;
	do {
		p->rev.revision = cpu_to_be16(port->revision);
		p->rev.length = 0;
		ret = vccw_channel_run(port, VCCW_CMD_SET_VIRTIO_REV,
				       sizeof(p->rev));
	} while (ret == -EOPNOTSUPP && --port->revision);
	vccw_end(port);
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
	union vccw_payload *p = vccw_begin(port);
	int ret;

	p->address = cpu_to_be64(address);
	ret = vccw_channel_run(port, cmd, sizeof(p->address));
	vccw_told(port, address, ret);
	vccw_end(port);
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
	union vccw_payload *p = vccw_begin(port);
	int ret;

	p->thinint.summary = cpu_to_be64(summary);
	p->thinint.indicator = cpu_to_be64(indicator);
	p->thinint.bit = cpu_to_be64(bit);
	p->thinint.isc = VCCW_ISC;
	ret = vccw_channel_run(port, VCCW_CMD_SET_IND_ADAPTER,
			       sizeof(p->thinint));
	vccw_told(port, indicator, ret);
	vccw_end(port);
	return ret;
}

int vccw_read_features(struct vccw_port *port, __le64 *features)
{
	union vccw_payload *p = vccw_begin(port);
	u64 all = 0;
	int i, ret = 0;

	for (i = 0; i < 2 && !ret; i++) {
		p->feat.features = 0;
		p->feat.index = i;
		ret = vccw_channel_run(port, VCCW_CMD_READ_FEAT,
				       sizeof(p->feat));
		all |= (u64)le32_to_cpu(p->feat.features) << (32 * i);
	}
	vccw_end(port);
	*features = cpu_to_le64(all);
	return ret;
}

int vccw_write_features(struct vccw_port *port, __le64 features)
{
	union vccw_payload *p = vccw_begin(port);
	u64 all = le64_to_cpu(features);
	int i, ret = 0;

	for (i = 0; i < 2 && !ret; i++) {
		p->feat.features = cpu_to_le32(all >> (32 * i));
		p->feat.index = i;
		ret = vccw_channel_run(port, VCCW_CMD_WRITE_FEAT,
				       sizeof(p->feat));
	}
	vccw_end(port);
	return ret;
}

int vccw_read_status(struct vccw_port *port, u8 *status)
{
	union vccw_payload *p;
	int ret;

	/* There is no command for it yet in revision 1 (4.3.1.2). */
	if (port->revision < 2) {
		*status = port->status;
		return port->gone ? -ENODEV : 0;
	}
	p = vccw_begin(port);
	p->status = 0;
	ret = vccw_channel_run(port, VCCW_CMD_READ_STATUS, sizeof(p->status));
	*status = p->status;
	vccw_end(port);
	return ret;
}

int vccw_write_status(struct vccw_port *port, u8 status)
{
	union vccw_payload *p = vccw_begin(port);
	int ret;

	p->status = status;
	ret = vccw_channel_run(port, VCCW_CMD_WRITE_STATUS, sizeof(p->status));
	if (!ret)
		port->status = status;
	vccw_end(port);
	/* Features that it refuses: the core sees it when it reads the status. */
	if (ret == -EOPNOTSUPP && (status & VIRTIO_CONFIG_S_FEATURES_OK))
		ret = 0;
	return ret;
}

int vccw_reset(struct vccw_port *port)
{
	unsigned long until = jiffies + VCCW_RESET_TIMEOUT;
	u8 status;
	int ret;

	vccw_begin(port);
	ret = vccw_channel_run(port, VCCW_CMD_VDEV_RESET, 0);
	vccw_end(port);
	if (ret)
		return ret;
	port->status = 0;
	/* It is complete when the status reads 0 (virtio 1.2, 2.4). */
	for (;;) {
		ret = vccw_read_status(port, &status);
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
