// SPDX-License-Identifier: GPL-2.0
/*
 * queue_attr.c - a queue's counters in sysfs: DEVICE/queueN/{added,used,..}
 */
#include <linux/device.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "internal.h"

enum queue_file {
	QUEUE_NAME,
	QUEUE_SIZE,
	QUEUE_ADDED,
	QUEUE_USED,
	QUEUE_KICKS,
	QUEUE_EVENTS,
	QUEUE_SPURIOUS,
	QUEUE_FILES
};

static const char *const file_names[QUEUE_FILES] = {
	[QUEUE_NAME] = "name",
	[QUEUE_SIZE] = "size",
	[QUEUE_ADDED] = "added",
	[QUEUE_USED] = "used",
	[QUEUE_KICKS] = "kicks",
	[QUEUE_EVENTS] = "events",
	[QUEUE_SPURIOUS] = "spurious",
};

/**
 * struct queue_attr - one file of one queue
 * @attr: the attribute
 * @q: the queue; sysfs waits for readers before it is freed
 */
struct queue_attr {
	struct device_attribute attr;
	struct virt_queue *q;
};

/**
 * struct queue_attrs - the directory of one queue
 * @name: "queue0"
 * @group: the directory
 * @list: what the group points at
 * @files: the files
 */
struct queue_attrs {
	char name[16];
	struct attribute_group group;
	struct attribute *list[QUEUE_FILES + 1];
	struct queue_attr files[QUEUE_FILES];
};

static ssize_t queue_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct queue_attr *file = container_of(attr, struct queue_attr, attr);
	const struct virt_queue_stats *stats = &file->q->stats;
	u64 value = 0;

	switch (match_string(file_names, QUEUE_FILES, attr->attr.name)) {
	case QUEUE_NAME:
		return sysfs_emit(buf, "%s\n", file->q->name);
	case QUEUE_SIZE:
		value = file->q->size;
		break;
	case QUEUE_ADDED:
		value = READ_ONCE(stats->added);
		break;
	case QUEUE_USED:
		value = READ_ONCE(stats->used);
		break;
	case QUEUE_KICKS:
		value = READ_ONCE(stats->kicks);
		break;
	case QUEUE_EVENTS:
		value = READ_ONCE(stats->events);
		break;
	case QUEUE_SPURIOUS:
		value = READ_ONCE(stats->spurious);
		break;
	}
	return sysfs_emit(buf, "%llu\n", value);
}

int virt_queue_attrs_add(struct virt_queue *q)
{
	struct queue_attrs *attrs;
	unsigned int i;
	int err;

	attrs = kzalloc(sizeof(*attrs), GFP_KERNEL);
	if (!attrs)
		return -ENOMEM;
	for (i = 0; i < QUEUE_FILES; i++) {
		struct queue_attr *file = &attrs->files[i];

		sysfs_attr_init(&file->attr.attr);
		file->attr.attr.name = file_names[i];
		file->attr.attr.mode = 0444;
		file->attr.show = queue_show;
		file->q = q;
		attrs->list[i] = &file->attr.attr;
	}
	snprintf(attrs->name, sizeof(attrs->name), "queue%u", q->index);
	attrs->group.name = attrs->name;
	attrs->group.attrs = attrs->list;
	err = sysfs_create_group(&q->vdev->dev.kobj, &attrs->group);
	if (err)
		kfree(attrs);
	else
		q->attrs = attrs;
	return err;
}

void virt_queue_attrs_del(struct virt_queue *q)
{
	struct queue_attrs *attrs = q->attrs;

	if (!attrs)
		return;
	sysfs_remove_group(&q->vdev->dev.kobj, &attrs->group);
	kfree(attrs);
	q->attrs = NULL;
}
