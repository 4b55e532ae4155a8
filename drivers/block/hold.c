// SPDX-License-Identifier: GPL-2.0
/*
 * hold.c - disks of another driver, before their device is taken from it
 */
#include <linux/blkdev.h>
#include <linux/file.h>
#include <linux/list.h>
#include <linux/slab.h>

#include "block.h"

/**
 * struct held_disk - a disk that we keep open exclusively
 * @list: in the cookie
 * @handle: our exclusive open
 */
struct held_disk {
	struct list_head list;
	compat_bdev_handle *handle;
};

/**
 * struct held - every disk of one foreign device; the cookie of vblk_hold()
 * @disks: the disks
 * @why: who uses one of them
 */
struct held {
	struct list_head disks;
	struct virt_why *why;
};

static bool is_whole_disk(struct device *dev)
{
	return dev->class && !strcmp(dev->class->name, "block") &&
	       dev->type && !strcmp(dev->type->name, "disk");
}

static int hold_disk(struct held *held, struct device *dev)
{
	struct held_disk *disk;
	int err;

	disk = kzalloc(sizeof(*disk), GFP_KERNEL);
	if (!disk)
		return -ENOMEM;
	disk->handle = compat_bdev_open_excl(dev->devt, held);
	if (IS_ERR(disk->handle)) {
		err = PTR_ERR(disk->handle);
		virt_why(held->why, "its disk %s is in use (mounted, swap or opened exclusively); free it first",
			 dev_name(dev));
		kfree(disk);
		return err;
	}
	/* the kernel closes later what it had open to look for partitions */
	if (disk_openers(dev_to_disk(dev)) > 1)
		flush_delayed_fput();
	/* ours is one; any other would lose its I/O */
	if (disk_openers(dev_to_disk(dev)) > 1) {
		virt_why(held->why, "its disk %s is opened %u times; close it first",
			 dev_name(dev), disk_openers(dev_to_disk(dev)) - 1);
		compat_bdev_close_excl(disk->handle, held);
		kfree(disk);
		return -EBUSY;
	}
	list_add(&disk->list, &held->disks);
	return 0;
}

/* The disks hang somewhere below the function: virtio0, then vda. */
static int hold_below(struct device *dev, void *data)
{
	if (is_whole_disk(dev))
		return hold_disk(data, dev);
	return device_for_each_child(dev, data, hold_below);
}

void *vblk_hold(struct device *foreign, struct virt_why *why)
{
	struct held *held;
	int err;

	held = kzalloc(sizeof(*held), GFP_KERNEL);
	if (!held)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&held->disks);
	held->why = why;
	err = device_for_each_child(foreign, held, hold_below);
	if (!err)
		return held;
	vblk_unhold(held);
	return ERR_PTR(err);
}

void vblk_unhold(void *hold)
{
	struct held_disk *disk, *next;
	struct held *held = hold;

	list_for_each_entry_safe(disk, next, &held->disks, list) {
		compat_bdev_close_excl(disk->handle, held);
		kfree(disk);
	}
	kfree(held);
}
