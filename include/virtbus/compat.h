/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compat.h - the only file that knows kernel versions
 *
 * Force-included into every file of ours. The sources are written for the
 * newest kernel; an entry here makes an older one look like it and names the
 * change that forced it. What only one kind of driver needs is under a switch
 * that its Kbuild sets, so that nobody else gets its headers.
 */
#ifndef _VIRTBUS_COMPAT_H
#define _VIRTBUS_COMPAT_H

#include <linux/version.h>

/* What it was tried on. `make` asks for this alone first, with VIRTBUS_RANGE. */
#define VIRTBUS_TRIED	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0) && \
			 LINUX_VERSION_CODE < KERNEL_VERSION(7, 3, 0))
#if !VIRTBUS_TRIED && !defined(VIRTBUS_ANY_KERNEL)
#error virtbus is for Linux 6.1 to 7.2: say KDIR= of such a kernel (ANY_KERNEL=1 tries all the same)
#endif

#ifndef VIRTBUS_RANGE

/* since 6.3: bus_type.uevent takes a const struct device */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
#define compat_uevent_const const
#else
#define compat_uevent_const
#endif

/* since 6.4: bus attributes take a const struct bus_type */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define compat_bus_attr_const const
#else
#define compat_bus_attr_const
#endif

/* d69d80484598, 6.11: bus_type.match takes a const struct device_driver */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
#define compat_match_const const
#else
#define compat_match_const
#endif

/* since 6.10: __assign_str() takes the string from __string() */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define compat_assign_str(dst, src) __assign_str(dst)
#else
#define compat_assign_str(dst, src) __assign_str(dst, src)
#endif

/* since 6.4: numbers in hex, such as addresses of cards, have a header of their own */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#include <linux/hex.h>
#endif

/* cdd30ebb1b9f, 6.13: a namespace of symbols is a string */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#include <linux/export.h>
#include <linux/module.h>

#undef EXPORT_SYMBOL_NS_GPL
#undef MODULE_IMPORT_NS
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define EXPORT_SYMBOL_NS_GPL(sym, ns)	__EXPORT_SYMBOL(sym, "GPL", ns)
#else
#define EXPORT_SYMBOL_NS_GPL(sym, ns)	__EXPORT_SYMBOL(sym, "_gpl", ns)
#endif
#define MODULE_IMPORT_NS(ns)		MODULE_INFO(import_ns, ns)
#endif

#ifdef VIRTBUS_COMPAT_TTY
/* since 6.2: a class does not change the devices that it names */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define compat_devnode_const const
#else
#define compat_devnode_const
#endif

/* since 6.3: carrier_raised() of a terminal is true or false */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
#define compat_tty_raised	bool
#else
#define compat_tty_raised	int
#endif

/* since 6.6: write() of a terminal counts in size_t */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#define compat_tty_written	ssize_t
#define compat_tty_count	size_t
#else
#define compat_tty_written	int
#define compat_tty_count	int
#endif

#include <linux/console.h>
#include <linux/string.h>

/* since 6.2: who only looks at the consoles does so under SRCU */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define compat_consoles_lock()		console_srcu_read_lock()
#define compat_consoles_unlock(cookie)	console_srcu_read_unlock(cookie)
#define compat_for_each_console(con)	for_each_console_srcu(con)
#else
#define compat_consoles_lock()		({ console_lock(); 0; })
#define compat_consoles_unlock(cookie)	({ (void)(cookie); console_unlock(); })
#define compat_for_each_console(con)	for_each_console(con)
#endif

/* Does the kernel print there? Process context. */
static inline bool compat_console_is_on(const char *name, int index)
{
	int cookie = compat_consoles_lock();
	struct console *con;
	bool on = false;

	compat_for_each_console(con)
		on |= con->index == index && !strcmp(con->name, name) &&
		      (READ_ONCE(con->flags) & CON_ENABLED);
	compat_consoles_unlock(cookie);
	return on;
}
#endif /* VIRTBUS_COMPAT_TTY */

#ifdef VIRTBUS_COMPAT_NET
/* since 6.6: the page pool's header was split */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#include <net/page_pool/helpers.h>
#else
#include <net/page_pool.h>
#endif

#include <linux/hrtimer.h>

/* since 6.13: a timer gets its function when it is set up */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*fn)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = fn;
}
#endif
#endif /* VIRTBUS_COMPAT_NET */

#ifdef VIRTBUS_COMPAT_BLOCK
#include <linux/blk-mq.h>
#include <linux/blkdev.h>

/* since 6.5: open and release take the disk, and a mode of their own */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#define COMPAT_DISK_OPEN(fn)	struct gendisk
#define COMPAT_DISK_RELEASE(fn)	struct gendisk
#define compat_disk_op(fn)	fn
#else
#define blk_mode_t		fmode_t
#define compat_disk_op(fn)	compat_##fn
#define COMPAT_DISK_OPEN(fn)						\
static int compat_##fn(struct block_device *bdev, fmode_t mode)		\
{									\
	return fn(bdev->bd_disk, mode);					\
}									\
struct gendisk
#define COMPAT_DISK_RELEASE(fn)						\
static void compat_##fn(struct gendisk *disk, fmode_t mode)		\
{									\
	fn(disk);							\
}									\
struct gendisk
#endif

/* since 6.9: an open block device is a file */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
#define compat_bdev_handle	struct file
#define compat_bdev_open_excl(devt, holder) \
	bdev_file_open_by_dev(devt, BLK_OPEN_READ, holder, NULL)
#define compat_bdev_close_excl(handle, holder)	bdev_fput(handle)
#else
#define compat_bdev_handle	struct block_device
#define compat_bdev_open_excl(devt, holder) \
	blkdev_get_by_dev(devt, FMODE_READ | FMODE_EXCL, holder)
#define compat_bdev_close_excl(handle, holder) \
	blkdev_put(handle, FMODE_READ | FMODE_EXCL)
#endif

/* since 6.6: a block device does not know its super block any more; under RCU */
static inline const char *compat_bdev_fs(struct block_device *bdev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	const struct super_block *sb = READ_ONCE(bdev->bd_holder);

	if (READ_ONCE(bdev->bd_holder_ops) != &fs_holder_ops)
		sb = NULL;
#else
	const struct super_block *sb = READ_ONCE(bdev->bd_super);
#endif
	/* it may be unmounted right now: look once; it is freed by RCU */
	return sb ? sb->s_type->name : NULL;
}

/*
 * a3396b99990d, 6.13 and stable kernels: lists of requests are a type of their own, with
 * a tail; drivers/block/Kbuild looks whether this kernel has it
 */
#ifdef VIRTBUS_COMPAT_RQ_LIST
#define compat_rq_list			struct rq_list
#define compat_batch_empty(batch)	rq_list_empty(&(batch)->req_list)
#else
#define compat_rq_list			struct request *
#define compat_batch_empty(batch)	rq_list_empty((batch)->req_list)
#endif

/* since 6.14: requests are merged without being asked for */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
#define COMPAT_MQ_F_MERGE	0
#else
#define COMPAT_MQ_F_MERGE	BLK_MQ_F_SHOULD_MERGE
#endif

/* since 6.16: who maps a request finds the queue itself */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#define compat_rq_map_sg(rq, sg)	blk_rq_map_sg(rq, sg)
#define compat_rq_map_kern(rq, buf, len, gfp) \
	blk_rq_map_kern(rq, buf, len, gfp)
#else
#define compat_rq_map_sg(rq, sg)	blk_rq_map_sg((rq)->q, rq, sg)
#define compat_rq_map_kern(rq, buf, len, gfp) \
	blk_rq_map_kern((rq)->q, rq, buf, len, gfp)
#endif

/* since 6.9: a disk is allocated with its limits */
static inline struct gendisk *compat_alloc_disk(struct blk_mq_tag_set *set,
						struct queue_limits *lim,
						bool write_cache, void *data)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
	if (write_cache)
		lim->features |= BLK_FEAT_WRITE_CACHE;
	return blk_mq_alloc_disk(set, lim, data);
#else
	struct gendisk *disk = blk_mq_alloc_disk(set, data);
	struct request_queue *q;

	if (IS_ERR(disk))
		return disk;
	q = disk->queue;
	blk_queue_logical_block_size(q, lim->logical_block_size);
	blk_queue_physical_block_size(q, lim->physical_block_size);
	blk_queue_alignment_offset(q, lim->alignment_offset);
	blk_queue_io_min(q, lim->io_min ?: lim->physical_block_size);
	blk_queue_io_opt(q, lim->io_opt);
	blk_queue_max_segments(q, lim->max_segments);
	blk_queue_max_segment_size(q, lim->max_segment_size);
	blk_queue_max_hw_sectors(q, lim->max_hw_sectors);
	blk_queue_max_discard_sectors(q, lim->max_hw_discard_sectors);
	blk_queue_max_discard_segments(q, lim->max_discard_segments ?: 1);
	q->limits.discard_granularity = lim->discard_granularity;
	blk_queue_max_write_zeroes_sectors(q, lim->max_write_zeroes_sectors);
	blk_queue_write_cache(q, write_cache, false);
	return disk;
#endif
}

/* 6.13, and 6.12 where it was backported: lockdep wants the same task to thaw a queue */
#ifdef VIRTBUS_COMPAT_FREEZE
#define compat_freeze_queue_start(q)	blk_freeze_queue_start_non_owner(q)
#define compat_unfreeze_queue(q)	blk_mq_unfreeze_queue_non_owner(q)
#else
#define compat_freeze_queue_start(q)	blk_freeze_queue_start(q)
#define compat_unfreeze_queue(q)	blk_mq_unfreeze_queue(q)
#endif
#endif /* VIRTBUS_COMPAT_BLOCK */

/*
 * cb3d1049f4ea, 7.0 and stable kernels: driver_override moved from struct
 * pci_dev to struct device; pci-glue/Kbuild looks where this kernel has it
 */
#ifdef VIRTBUS_COMPAT_PCI_OVERRIDE
#include <linux/pci.h>

static inline int device_set_driver_override(struct device *dev, const char *s)
{
	return driver_set_override(dev, &to_pci_dev(dev)->driver_override, s,
				   strlen(s));
}

/* Negative: none set; 0: another driver's; positive: this driver's. */
static inline int device_match_driver_override(struct device *dev,
					       const struct device_driver *drv)
{
	const char *override;
	int ret = -1;

	device_lock(dev);
	override = to_pci_dev(dev)->driver_override;
	if (override)
		ret = !strcmp(override, drv->name);
	device_unlock(dev);
	return ret;
}
#endif /* VIRTBUS_COMPAT_PCI_OVERRIDE */

#ifdef VIRTBUS_COMPAT_CCW
#include <linux/io.h>
#include <asm/ccwdev.h>

/* since 6.8: addresses for channel I/O have types of their own */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
typedef u32 dma32_t;
#define virt_to_dma32(ptr) ((dma32_t)virt_to_phys(ptr))
#define ccw_device_dma_zalloc(cdev, size, dma) \
	ccw_device_dma_zalloc(cdev, size)
#endif
#endif /* VIRTBUS_COMPAT_CCW */

#endif /* VIRTBUS_RANGE */
#endif /* _VIRTBUS_COMPAT_H */
