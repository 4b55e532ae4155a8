// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - disks on the virtual device bus (virtio 1.2, 5.2)
 */
#include <linux/blk-mq.h>
#include <linux/cpumask.h>
#include <linux/file.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "block.h"

static const struct virtio_device_id vblk_ids[] = {
	{ VIRTIO_ID_BLOCK, VIRTIO_DEV_ANY_ID },
	{ 0 }
};

static const unsigned int vblk_features[] = {
	VIRTIO_BLK_F_SIZE_MAX,
	VIRTIO_BLK_F_SEG_MAX,
	VIRTIO_BLK_F_RO,
	VIRTIO_BLK_F_BLK_SIZE,
	VIRTIO_BLK_F_FLUSH,
	VIRTIO_BLK_F_TOPOLOGY,
	VIRTIO_BLK_F_CONFIG_WCE,
	VIRTIO_BLK_F_MQ,
	VIRTIO_BLK_F_DISCARD,
	VIRTIO_BLK_F_WRITE_ZEROES,
};

/* How many queues: one a CPU, when the device has as many. */
static int count_queues(struct vblk *vblk)
{
	struct virtio_blk_config config;
	unsigned int n = 1;
	int err;

	if (virt_dev_has(vblk->vdev, VIRTIO_BLK_F_MQ)) {
		err = virt_dev_read_config(vblk->vdev, &config,
					   sizeof(config));
		if (err)
			return err;
		n = le16_to_cpu((__force __le16)config.num_queues);
	}
	if (!n) {
		dev_err(&vblk->vdev->dev,
			"the device says that it has no queues; check how the host configured it\n");
		return -EINVAL;
	}
	return min(n, num_possible_cpus());
}

/* A buffer is never longer than its queue, whatever the device's seg_max. */
static int limit_segments(struct vblk *vblk, struct queue_limits *lim)
{
	unsigned int i, segs = VBLK_SEGS;

	for (i = 0; i < vblk->nr_queues; i++)
		segs = min(segs, vblk->queues[i].q->max_segs);
	if (segs < 3) {
		dev_err(&vblk->vdev->dev,
			"the device's queues have room for %u segments, a request needs 3; give it a larger queue-size on the host\n",
			segs);
		return -EINVAL;
	}
	lim->max_segments = min_t(unsigned int, lim->max_segments, segs - 2);
	return 0;
}

int vblk_open_queues(struct vblk *vblk, struct queue_limits *lim)
{
	struct virt_queue_param *params;
	struct virt_queue **queues;
	char (*names)[20];
	unsigned int i, n = vblk->nr_queues;
	int err = -ENOMEM;

	params = kcalloc(n, sizeof(*params), GFP_KERNEL);
	queues = kcalloc(n, sizeof(*queues), GFP_KERNEL);
	names = kcalloc(n, sizeof(*names), GFP_KERNEL);
	if (!params || !queues || !names)
		goto out;
	for (i = 0; i < n; i++) {
		snprintf(names[i], sizeof(names[i]), "requests%u", i);
		params[i].name = names[i];
		params[i].callback = vblk_done;
		params[i].priv = &vblk->queues[i];
		params[i].max_segs = lim->max_segments + 2;
	}
	err = virt_queues_open(vblk->vdev, n, params, queues);
	for (i = 0; i < n && !err; i++)
		vblk->queues[i].q = queues[i];
	if (!err)
		err = limit_segments(vblk, lim);
out:
	kfree(names);
	kfree(queues);
	kfree(params);
	return err;
}

static int alloc_queues(struct vblk *vblk)
{
	unsigned int i;
	int n = count_queues(vblk);

	if (n < 0)
		return n;
	vblk->queues = kvcalloc(n, sizeof(*vblk->queues), GFP_KERNEL);
	if (!vblk->queues)
		return -ENOMEM;
	vblk->nr_queues = n;
	for (i = 0; i < n; i++) {
		struct vblk_queue *vq = &vblk->queues[i];

		vq->vblk = vblk;
		spin_lock_init(&vq->submit_lock);
		spin_lock_init(&vq->done_lock);
		sg_init_table(vq->sg, VBLK_SEGS);
	}
	return 0;
}

static int alloc_tags(struct vblk *vblk)
{
	struct blk_mq_tag_set *set = &vblk->tags;
	unsigned int i;
	int err;

	set->ops = &vblk_mq_ops;
	set->nr_hw_queues = vblk->nr_queues;
	set->nr_maps = 1;
	set->numa_node = NUMA_NO_NODE;
	set->flags = COMPAT_MQ_F_MERGE | BLK_MQ_F_NO_SCHED_BY_DEFAULT;
	set->cmd_size = sizeof(struct vblk_req);
	set->driver_data = vblk;
	set->timeout = vblk_stall_interval();
	set->queue_depth = BLK_MQ_MAX_DEPTH;
	for (i = 0; i < vblk->nr_queues; i++)
		set->queue_depth = min(set->queue_depth,
				       vblk->queues[i].q->slots);
	err = blk_mq_alloc_tag_set(set);
	for (i = 0; i < vblk->nr_queues && !err; i++)
		vblk->queues[i].tags = set->tags[i];
	return err;
}

static int make_disk(struct vblk *vblk, struct queue_limits *lim,
		     sector_t capacity, bool read_only)
{
	struct gendisk *disk;

	disk = compat_alloc_disk(&vblk->tags, lim, vblk->write_cache, vblk);
	if (IS_ERR(disk))
		return PTR_ERR(disk);
	strscpy(disk->disk_name, virt_name(vblk->vdev), DISK_NAME_LEN);
	disk->fops = &vblk_fops;
	disk->private_data = vblk;
	get_device(&vblk->vdev->dev);
	vblk->disk = disk;
	set_capacity(disk, capacity);
	if (read_only)
		set_disk_ro(disk, true);
	return 0;
}

/* Once it was added the disk owns @vblk and frees it. */
static int start_disk(struct vblk *vblk)
{
	struct virt_dev *vdev = vblk->vdev;
	int err;

	err = virt_dev_ready(vdev);
	if (!err)
		err = vblk_read_serial(vblk);
	if (!err)
		err = device_add_disk(&vdev->dev, vblk->disk,
				      vblk_disk_groups);
	if (err)
		return err;
	WRITE_ONCE(vblk->added, true);
	/* what the kernel had open to look for partitions: it is not in use by that */
	if (disk_openers(vblk->disk))
		flush_delayed_fput();
	return 0;
}

static int vblk_probe(struct virt_dev *vdev)
{
	struct queue_limits lim = {};
	struct vblk *vblk;
	sector_t capacity;
	bool read_only;
	int err;

	vblk = kzalloc(sizeof(*vblk), GFP_KERNEL);
	if (!vblk)
		return -ENOMEM;
	vblk->vdev = vdev;
	INIT_WORK(&vblk->check_work, vblk_check_work);
	virt_dev_set_drvdata(vdev, vblk);

	err = vblk_read_limits(vblk, &lim, &capacity, &read_only);
	if (!err)
		err = alloc_queues(vblk);
	if (!err)
		err = vblk_open_queues(vblk, &lim);
	if (err)
		goto free_vblk;
	err = alloc_tags(vblk);
	if (err)
		goto free_vblk;
	err = make_disk(vblk, &lim, capacity, read_only);
	if (err)
		goto free_tags;
	err = start_disk(vblk);
	if (!err)
		return 0;

	/* never added, so it does not free vblk */
	virt_dev_stop(vdev);
	cancel_work_sync(&vblk->check_work);
	/* put_disk() of early 6.1 frees it with its timer running */
	blk_sync_queue(vblk->disk->queue);
	put_disk(vblk->disk);
	put_device(&vdev->dev);
free_tags:
	blk_mq_free_tag_set(&vblk->tags);
free_vblk:
	virt_dev_stop(vdev);
	virt_queues_close(vdev);
	kvfree(vblk->queues);
	kfree(vblk);
	return err;
}

static void vblk_lost(struct virt_dev *vdev)
{
	struct vblk *vblk = virt_dev_get_drvdata(vdev);

	/* first: since 6.5 telling who holds the disk waits for its writes */
	vblk_fail_all(vblk);
	if (READ_ONCE(vblk->added))
		blk_mark_disk_dead(vblk->disk);
}

static void vblk_remove(struct virt_dev *vdev)
{
	struct vblk *vblk = virt_dev_get_drvdata(vdev);

	/* waits for requests; the core breaks a device that lets it wait */
	del_gendisk(vblk->disk);
	virt_dev_stop(vdev);
	cancel_work_sync(&vblk->check_work);
	virt_queues_close(vdev);
	blk_mq_free_tag_set(&vblk->tags);
	kvfree(vblk->queues);
	/* who still has it open keeps vblk, which must stay valid for release */
	put_disk(vblk->disk);
}

/* Also while the disk is being added: nobody would look again afterwards. */
static void vblk_config_changed(struct virt_dev *vdev)
{
	struct vblk *vblk = virt_dev_get_drvdata(vdev);
	sector_t old = get_capacity(vblk->disk);
	sector_t capacity;

	if (vblk_read_capacity(vblk, &capacity) || capacity == old)
		return;
	dev_info(&vdev->dev, "resized from %llu to %llu sectors\n", (u64)old,
		 (u64)capacity);
	set_capacity_and_notify(vblk->disk, capacity);
}

static struct virt_driver vblk_driver = {
	.driver.name = "virtbus_blk",
	.ids = vblk_ids,
	.features = vblk_features,
	.nr_features = ARRAY_SIZE(vblk_features),
	.probe = vblk_probe,
	.remove = vblk_remove,
	.lost = vblk_lost,
	.config_changed = vblk_config_changed,
	.idle = vblk_idle,
	.reopen = vblk_reopen,
	.freeze = vblk_freeze,
	.thaw = vblk_thaw,
	.hold = vblk_hold,
	.unhold = vblk_unhold,
};

static int __init vblk_init(void)
{
	return virt_driver_register(&vblk_driver);
}

static void __exit vblk_exit(void)
{
	virt_driver_unregister(&vblk_driver);
}

module_init(vblk_init);
module_exit(vblk_exit);
MODULE_DESCRIPTION("disks on the virtual device bus");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("VIRTBUS");
MODULE_ALIAS_VIRT_DEV(2);
