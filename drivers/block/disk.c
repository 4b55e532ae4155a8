// SPDX-License-Identifier: GPL-2.0
/*
 * disk.c - the disk as its users see it: opening, idleness, serial
 */
#include <linux/blkdev.h>
#include <linux/delay.h>

#include "block.h"

static struct vblk *vblk_of(struct gendisk *disk)
{
	return disk->private_data;
}

static int vblk_open(struct gendisk *disk, blk_mode_t mode)
{
	struct vblk *vblk = vblk_of(disk);

	if (vblk->closed)
		return -ENXIO;
	return virt_dev_use(vblk->vdev);
}

static void vblk_release(struct gendisk *disk)
{
	virt_dev_unuse(vblk_of(disk)->vdev);
}

COMPAT_DISK_OPEN(vblk_open);
COMPAT_DISK_RELEASE(vblk_release);

/* The last reference to the disk is gone, and we with it. */
static void vblk_free_disk(struct gendisk *disk)
{
	struct vblk *vblk = vblk_of(disk);

	put_device(&vblk->vdev->dev);
	kfree(vblk);
}

const struct block_device_operations vblk_fops = {
	.owner = THIS_MODULE,
	.open = compat_disk_op(vblk_open),
	.release = compat_disk_op(vblk_release),
	.free_disk = vblk_free_disk,
};

/* Who holds a disk or one of its partitions, as an admin would say it. */
static void describe_users(struct gendisk *disk, struct virt_why *why)
{
	unsigned int openers = disk_openers(disk);
	const char *fs = NULL;
	struct block_device *part;
	bool exclusive = false;
	unsigned long index;

	rcu_read_lock();
	xa_for_each(&disk->part_tbl, index, part) {
		if (!fs)
			fs = compat_bdev_fs(part);
		exclusive |= !!part->bd_holder;
	}
	if (fs)
		virt_why(why, "%s is opened %u time%s, mounted (%s)",
			 disk->disk_name, openers, openers == 1 ? "" : "s",
			 fs);
	else
		virt_why(why, "%s is opened %u time%s%s", disk->disk_name,
			 openers, openers == 1 ? "" : "s", exclusive ?
			 ", exclusively (swap, device-mapper or md)" : "");
	rcu_read_unlock();
}

/*
 * Who opens a disk may read its partitions, and wait for a silent host meanwhile: whoever
 * asks does not wait as long.
 */
static bool lock_openers(struct gendisk *disk)
{
	int tries = 50;

	while (!mutex_trylock(&disk->open_mutex)) {
		if (!tries--)
			return false;
		msleep(20);
	}
	return true;
}

/* Check and close in one step: openers and @closed are under open_mutex. */
int vblk_idle(struct virt_dev *vdev, struct virt_why *why)
{
	struct vblk *vblk = virt_dev_get_drvdata(vdev);
	struct gendisk *disk = vblk->disk;
	int err = 0;

	if (!lock_openers(disk)) {
		virt_why(why, "%s is just being opened or closed",
			 disk->disk_name);
		return -EBUSY;
	}
	if (disk_openers(disk)) {
		describe_users(disk, why);
		err = -EBUSY;
	} else {
		vblk->closed = true;
	}
	mutex_unlock(&disk->open_mutex);
	return err;
}

void vblk_reopen(struct virt_dev *vdev)
{
	struct vblk *vblk = virt_dev_get_drvdata(vdev);

	mutex_lock(&vblk->disk->open_mutex);
	vblk->closed = false;
	mutex_unlock(&vblk->disk->open_mutex);
}

/**
 * vblk_read_serial() - ask the device who it is (5.2.6.1, GET_ID)
 * @vblk: the disk, before add_disk(); the device is ready
 *
 * A device without a serial is fine; one that never answers is not: the timer
 * breaks it.
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM, or the error of a lost device.
 */
int vblk_read_serial(struct vblk *vblk)
{
	struct request_queue *q = vblk->disk->queue;
	struct request *rq;
	char *id;
	int err;

	/* a serial of full length has no end (5.2.6.1): one byte more than that */
	id = kzalloc(VIRTIO_BLK_ID_BYTES + 1, GFP_KERNEL);
	if (!id)
		return -ENOMEM;
	rq = blk_mq_alloc_request(q, REQ_OP_DRV_IN, BLK_MQ_REQ_NOWAIT);
	if (IS_ERR(rq)) {
		kfree(id);
		return PTR_ERR(rq);
	}
	err = compat_rq_map_kern(rq, id, VIRTIO_BLK_ID_BYTES, GFP_KERNEL);
	if (!err && blk_execute_rq(rq, false) == BLK_STS_OK)
		strscpy(vblk->serial, id, sizeof(vblk->serial));
	blk_mq_free_request(rq);
	kfree(id);
	return err ?: virt_dev_usable(vblk->vdev);
}

static ssize_t serial_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	return sysfs_emit(buf, "%s\n", vblk_of(dev_to_disk(dev))->serial);
}
static DEVICE_ATTR_RO(serial);

static ssize_t stalled_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct vblk *vblk = vblk_of(dev_to_disk(dev));

	return sysfs_emit(buf, "%u\n", atomic_read(&vblk->stalled));
}
static DEVICE_ATTR_RO(stalled);

static struct attribute *vblk_disk_attrs[] = {
	&dev_attr_serial.attr,
	&dev_attr_stalled.attr,
	NULL
};

static const struct attribute_group vblk_disk_group = {
	.attrs = vblk_disk_attrs,
};

const struct attribute_group *vblk_disk_groups[] = {
	&vblk_disk_group,
	NULL
};
