// SPDX-License-Identifier: GPL-2.0
/*
 * limits.c - what the device says it can do (virtio 1.2, 5.2.4), checked
 */
#include <linux/blkdev.h>
#include <linux/log2.h>
#include <linux/virtio_ring.h>

#include "block.h"

/* Bytes must fit a loff_t. */
#define CAPACITY_MAX	((u64)LLONG_MAX >> SECTOR_SHIFT)

static int refuse(struct vblk *vblk, const char *what, u64 value)
{
	dev_err(&vblk->vdev->dev,
		"the device's configuration is not usable: %s is %llu; check how the host configured it\n",
		what, value);
	return -EINVAL;
}

static u32 from32(__virtio32 v)
{
	return le32_to_cpu((__force __le32)v);
}

static u16 from16(__virtio16 v)
{
	return le16_to_cpu((__force __le16)v);
}

static int check_capacity(struct vblk *vblk,
			  const struct virtio_blk_config *config,
			  sector_t *capacity)
{
	u64 sectors = le64_to_cpu((__force __le64)config->capacity);

	if (sectors > CAPACITY_MAX)
		return refuse(vblk, "its capacity in sectors", sectors);
	*capacity = sectors;
	return 0;
}

/**
 * vblk_read_capacity() - read the capacity anew
 * @vblk: the disk
 * @capacity: in sectors of 512 bytes
 *
 * Context: process, may sleep.
 * Return: 0, -EINVAL when it is absurd, or another -errno.
 */
int vblk_read_capacity(struct vblk *vblk, sector_t *capacity)
{
	struct virtio_blk_config config;
	int err;

	err = virt_dev_read_config(vblk->vdev, &config, sizeof(config));
	return err ?: check_capacity(vblk, &config, capacity);
}

static int read_block_size(struct vblk *vblk,
			   const struct virtio_blk_config *config,
			   struct queue_limits *lim)
{
	u32 size = SECTOR_SIZE;

	if (virt_dev_has(vblk->vdev, VIRTIO_BLK_F_BLK_SIZE))
		size = from32(config->blk_size);
	if (!is_power_of_2(size) || size < SECTOR_SIZE || size > PAGE_SIZE)
		return refuse(vblk, "its block size", size);
	lim->logical_block_size = size;
	lim->physical_block_size = size;
	return 0;
}

/* Hints: nonsense is ignored, the disk works without them. */
static void read_topology(struct vblk *vblk,
			  const struct virtio_blk_config *config,
			  struct queue_limits *lim)
{
	u32 block = lim->logical_block_size;

	if (!virt_dev_has(vblk->vdev, VIRTIO_BLK_F_TOPOLOGY))
		return;
	if (config->physical_block_exp <= 12)
		lim->physical_block_size = block << config->physical_block_exp;
	lim->alignment_offset = block * config->alignment_offset;
	if (lim->alignment_offset >= lim->physical_block_size)
		lim->alignment_offset = 0;
	lim->io_min = block * from16(config->min_io_size);
	if (from32(config->opt_io_size) <= U32_MAX / block)
		lim->io_opt = block * from32(config->opt_io_size);
}

static int read_segments(struct vblk *vblk,
			 const struct virtio_blk_config *config,
			 struct queue_limits *lim)
{
	u32 max = min_t(size_t, virt_queue_max_bytes(vblk->vdev), U32_MAX);
	u32 segs = 1, size = U32_MAX;

	if (virt_dev_has(vblk->vdev, VIRTIO_BLK_F_SEG_MAX))
		segs = from32(config->seg_max);
	lim->max_segments = clamp(segs, 1U, (u32)VBLK_DATA_SEGS);
	/* a request's descriptors are in the ring then: room for several */
	if (!virt_dev_has(vblk->vdev, VIRTIO_RING_F_INDIRECT_DESC))
		lim->max_segments = min_t(u32, lim->max_segments,
					  VBLK_DIRECT_SEGS);

	/* the block layer cannot split below a page */
	if (virt_dev_has(vblk->vdev, VIRTIO_BLK_F_SIZE_MAX))
		size = from32(config->size_max);
	if (size < PAGE_SIZE)
		return refuse(vblk, "its largest segment", size);
	lim->max_segment_size = min(size, max);
	lim->max_hw_sectors = max >> SECTOR_SHIFT;
	return 0;
}

static void read_discard(struct vblk *vblk,
			 const struct virtio_blk_config *config,
			 struct queue_limits *lim)
{
	u32 align = from32((__force __virtio32)config->discard_sector_alignment);
	u32 max;

	if (virt_dev_has(vblk->vdev, VIRTIO_BLK_F_DISCARD)) {
		max = from32((__force __virtio32)config->max_discard_sectors);
		lim->max_hw_discard_sectors = max;
		lim->max_discard_segments = 1;
		lim->discard_granularity = lim->logical_block_size;
		if (align && is_power_of_2(align) && align <= U32_MAX >> 10)
			lim->discard_granularity =
				max(align << SECTOR_SHIFT,
				    lim->logical_block_size);
	}
	if (virt_dev_has(vblk->vdev, VIRTIO_BLK_F_WRITE_ZEROES)) {
		max = from32((__force __virtio32)
			     config->max_write_zeroes_sectors);
		lim->max_write_zeroes_sectors = max;
	}
}

/**
 * vblk_read_limits() - one snapshot of the configuration into block limits
 * @vblk: the disk; its write_cache is set
 * @lim: the limits
 * @capacity: in sectors of 512 bytes
 * @read_only: the device takes no writes
 *
 * Context: process, may sleep.
 * Return: 0, -EINVAL when they cannot be worked with, or another -errno.
 */
int vblk_read_limits(struct vblk *vblk, struct queue_limits *lim,
		     sector_t *capacity, bool *read_only)
{
	struct virtio_blk_config config;
	int err;

	err = virt_dev_read_config(vblk->vdev, &config, sizeof(config));
	if (!err)
		err = check_capacity(vblk, &config, capacity);
	if (!err)
		err = read_block_size(vblk, &config, lim);
	if (!err)
		err = read_segments(vblk, &config, lim);
	if (err)
		return err;
	read_topology(vblk, &config, lim);
	read_discard(vblk, &config, lim);

	*read_only = virt_dev_has(vblk->vdev, VIRTIO_BLK_F_RO);
	vblk->write_cache = virt_dev_has(vblk->vdev, VIRTIO_BLK_F_FLUSH);
	if (virt_dev_has(vblk->vdev, VIRTIO_BLK_F_CONFIG_WCE))
		vblk->write_cache = config.wce;
	return 0;
}
