// SPDX-License-Identifier: GPL-2.0
/*
 * transfer.c - the control path: one step of the bus becomes register accesses
 *
 * Virtio 1.2, 4.1.4.3 (common configuration) and 4.1.4.6 (the kind's own).
 * The core serialises the calls for one device, so that the select registers
 * need no lock.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "pci.h"

/* A reset that takes longer has failed. QEMU's happens within the write. */
#define VPCI_RESET_MS		3000

/* A configuration that changes this often while it is read is a lie. */
#define VPCI_CONFIG_TRIES	16

static long read_features(struct vpci *vp, void *buffer)
{
	struct virtio_pci_common_cfg __iomem *common = vp->common;
	u64 features;

	vpci_write32(0, &common->device_feature_select);
	features = vpci_read32(&common->device_feature);
	vpci_write32(1, &common->device_feature_select);
	features |= (u64)vpci_read32(&common->device_feature) << 32;
	*(__le64 *)buffer = cpu_to_le64(features);
	return sizeof(__le64);
}

static long write_features(struct vpci *vp, void *buffer)
{
	struct virtio_pci_common_cfg __iomem *common = vp->common;
	u64 features = le64_to_cpu(*(__le64 *)buffer);

	vpci_write32(0, &common->guest_feature_select);
	vpci_write32(lower_32_bits(features), &common->guest_feature);
	vpci_write32(1, &common->guest_feature_select);
	vpci_write32(upper_32_bits(features), &common->guest_feature);
	return sizeof(__le64);
}

static long read_status(struct vpci *vp, void *buffer)
{
	*(u8 *)buffer = vpci_read8(&vp->common->device_status);
	return sizeof(u8);
}

/* Virtio 1.2, 4.1.4.3.2: a reset has happened when the status reads 0. */
static long write_status(struct vpci *vp, void *buffer)
{
	unsigned long end = jiffies + msecs_to_jiffies(VPCI_RESET_MS);
	u8 status = *(u8 *)buffer;

	vpci_write8(status, &vp->common->device_status);
	if (status)
		return sizeof(u8);
	for (;;) {
		bool late = time_after(jiffies, end);

		status = vpci_read8(&vp->common->device_status);
		if (!status)
			return sizeof(u8);
		if (status == 0xff)
			return -ENODEV;
		if (late)
			return -ETIMEDOUT;
		usleep_range(500, 1000);
	}
}

/*
 * The glue does not know the fields, so it reads words. Some devices (QEMU)
 * answer with all ones to an access that crosses the end of what they have:
 * such an answer is asked for again in smaller pieces.
 */
static void read_bytes(const u8 __iomem *from, u8 *to, u32 len)
{
	u32 i;

	for (i = 0; i < len; i += 4) {
		u32 word = len - i >= 4 ? ioread32(from + i) : U32_MAX;
		u32 j, end = min(i + 4, len);
		__le32 wire = cpu_to_le32(word);

		if (word != U32_MAX)
			memcpy(to + i, &wire, sizeof(wire));
		else
			for (j = i; j < end; j++)
				to[j] = ioread8(from + j);
	}
}

static long read_config(struct vpci *vp, void *buffer)
{
	struct virt_xfer_config *config = buffer;
	u32 len = min(config->size, vp->device_len);
	unsigned int i;

	if (config->offset)
		return -EINVAL;
	for (i = 0; i < VPCI_CONFIG_TRIES; i++) {
		u8 before, after;

		before = vpci_read8(&vp->common->config_generation);
		read_bytes(vp->device, config->data, len);
		after = vpci_read8(&vp->common->config_generation);
		if (before == after)
			return len;
		if (vpci_absent(vp))
			return -ENODEV;
	}
	dev_err(&vp->pdev->dev, "its configuration changes faster than it can be read: a fault of the hypervisor\n");
	return -EIO;
}

/* A field as wide as a register is written at once, all others in bytes. */
static long write_config(struct vpci *vp, void *buffer)
{
	struct virt_xfer_config *config = buffer;
	const u8 *data = config->data;
	u8 __iomem *to;
	__le32 wire;
	__le16 half;
	u32 i;

	if (config->offset > vp->device_len ||
	    config->size > vp->device_len - config->offset)
		return -EINVAL;
	to = vp->device + config->offset;
	if (config->size == 2 && config->offset % 2 == 0) {
		memcpy(&half, data, sizeof(half));
		iowrite16(le16_to_cpu(half), to);
	} else if (config->size % 4 == 0 && config->offset % 4 == 0) {
		for (i = 0; i < config->size; i += sizeof(wire)) {
			memcpy(&wire, data + i, sizeof(wire));
			iowrite32(le32_to_cpu(wire), to + i);
		}
	} else {
		for (i = 0; i < config->size; i++)
			iowrite8(data[i], to + i);
	}
	return config->size;
}

/* virt_transport.write_now() */
int vpci_write_now(struct virt_dev *vdev, unsigned int offset, const void *data,
		   size_t size)
{
	struct virt_xfer_config config = {
		.offset = offset,
		.size = size,
		.data = (void *)data,
	};
	long ret = write_config(to_vpci(vdev), &config);

	return ret < 0 ? ret : 0;
}

static long queue_info(struct vpci *vp, void *buffer)
{
	struct virtio_pci_common_cfg __iomem *common = vp->common;
	struct virt_xfer_queue *info = buffer;

	info->size = 0;
	if (info->index >= vpci_read16(&common->num_queues))
		return sizeof(*info);
	vpci_write16(info->index, &common->queue_select);
	info->size = vpci_read16(&common->queue_size);
	return sizeof(*info);
}

static void write_addr(u64 addr, __le32 __iomem *lo, __le32 __iomem *hi)
{
	vpci_write32(lower_32_bits(addr), lo);
	vpci_write32(upper_32_bits(addr), hi);
}

/* Virtio 1.2, 4.1.4.4: where the selected queue is notified. */
static u8 __iomem *notify_addr(struct vpci *vp)
{
	u16 off = vpci_read16(&vp->common->queue_notify_off);
	u64 offset = (u64)off * vp->notify_mult;

	if (offset + sizeof(__le16) > vp->notify_len) {
		dev_err(&vp->pdev->dev, "a queue's notification address (%u * %#x) is out of bounds: a fault of the hypervisor\n",
			off, vp->notify_mult);
		return NULL;
	}
	return vp->notify + offset;
}

static long queue_enable(struct vpci *vp, void *buffer)
{
	struct virtio_pci_common_cfg __iomem *common = vp->common;
	struct virt_xfer_queue *info = buffer;
	u8 __iomem *notify;

	if (info->index >= vp->nr_queues)
		return -EINVAL;
	vpci_write16(info->index, &common->queue_select);
	vpci_write16(info->size, &common->queue_size);
	write_addr(info->desc, &common->queue_desc_lo, &common->queue_desc_hi);
	write_addr(info->driver, &common->queue_avail_lo,
		   &common->queue_avail_hi);
	write_addr(info->device, &common->queue_used_lo,
		   &common->queue_used_hi);
	notify = notify_addr(vp);
	if (!notify)
		return -EIO;
	info->queue->glue = (void __force *)notify;
	vpci_vector_queue(vp, info->queue);

	vpci_write16(1, &common->queue_enable);
	if (vpci_read16(&common->queue_size) != info->size ||
	    vpci_read16(&common->queue_enable) != 1) {
		if (vpci_absent(vp))
			return -ENODEV;
		dev_err(&vp->pdev->dev, "queue %u with %u descriptors was not accepted: a fault of the hypervisor\n",
			info->index, info->size);
		return -EIO;
	}
	return sizeof(*info);
}

static const struct {
	unsigned long size;
	long (*move)(struct vpci *vp, void *buffer);
} moves[] = {
	[VIRT_XFER_READ_FEATURES] = { sizeof(__le64), read_features },
	[VIRT_XFER_WRITE_FEATURES] = { sizeof(__le64), write_features },
	[VIRT_XFER_READ_STATUS] = { sizeof(u8), read_status },
	[VIRT_XFER_WRITE_STATUS] = { sizeof(u8), write_status },
	[VIRT_XFER_READ_CONFIG] = { sizeof(struct virt_xfer_config),
				    read_config },
	[VIRT_XFER_WRITE_CONFIG] = { sizeof(struct virt_xfer_config),
				     write_config },
	[VIRT_XFER_QUEUE_INFO] = { sizeof(struct virt_xfer_queue), queue_info },
	[VIRT_XFER_QUEUE_ENABLE] = { sizeof(struct virt_xfer_queue),
				     queue_enable },
};

/* virt_transport.transfer() */
long vpci_transfer(struct virt_dev *vdev, void *buffer, unsigned long size,
		   int type)
{
	struct vpci *vp = to_vpci(vdev);
	long ret;

	if (type < 0 || type >= ARRAY_SIZE(moves) || size != moves[type].size)
		return -EINVAL;
	ret = moves[type].move(vp, buffer);
	/* all that was read is worth nothing if it was read from nowhere */
	if (ret >= 0 && vpci_absent(vp))
		return -ENODEV;
	return ret;
}
