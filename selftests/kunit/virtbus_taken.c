// SPDX-License-Identifier: GPL-2.0
/*
 * virtbus_taken.c - takes a name in the kernel that a module of virtbus is to register
 *
 *	modprobe virtbus_taken what=bus
 *
 * It uses nothing of virtbus, so it can be there first; virtbus_taken_bus.c takes names on
 * the bus. selftests/prove/guest/faults_names.sh says what has to become of it.
 */
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/tty.h>
#ifdef CONFIG_CCW
#include <asm/ccwdev.h>
#endif

static char *what = "";
module_param(what, charp, 0);
MODULE_PARM_DESC(what, "bus, class, root, glue, majors, disk or tty");

static struct bus_type bus = { .name = "virtbus" };
static int take_bus(void) { return bus_register(&bus); }
static void give_bus(void) { bus_unregister(&bus); }

static struct class class = { .name = "virtbus-port" };
static int take_class(void) { return class_register(&class); }
static void give_class(void) { class_unregister(&class); }

static struct device *root;
static int take_root(void)
{
	root = root_device_register("virtbus_loop");
	return PTR_ERR_OR_ZERO(root);
}

static void give_root(void) { root_device_unregister(root); }

/* Drivers for nothing. */
#ifdef CONFIG_CCW
static struct ccw_device_id no_ids[] = { { } };
static struct ccw_driver glue = {
	.driver = { .name = "virtbus_ccw", .owner = THIS_MODULE },
	.ids = no_ids,
};

static int take_glue(void) { return ccw_driver_register(&glue); }
static void give_glue(void) { ccw_driver_unregister(&glue); }
#else
static const struct pci_device_id no_ids[] = { { } };
static struct pci_driver glue = { .name = "virtbus_pci", .id_table = no_ids };
static int take_glue(void) { return pci_register_driver(&glue); }
static void give_glue(void) { pci_unregister_driver(&glue); }
#endif

/* All numbers that a driver of character devices could be given. */
static DECLARE_BITMAP(majors, 512);
static int take_majors(void)
{
	dev_t dev;

	while (!alloc_chrdev_region(&dev, 0, 1, KBUILD_MODNAME))
		__set_bit(MAJOR(dev), majors);
	return 0;
}

static void give_majors(void)
{
	unsigned int major;

	for_each_set_bit(major, majors, 512)
		unregister_chrdev_region(MKDEV(major, 0), 1);
}

static void no_bio(struct bio *bio) { bio_io_error(bio); }
static const struct block_device_operations disk_ops = {
	.owner = THIS_MODULE,
	.submit_bio = no_bio,
};

static struct gendisk *disk;
static int take_disk(void)
{
	int err;

	disk = blk_alloc_disk(NUMA_NO_NODE);
	if (!disk)
		return -ENOMEM;
	strscpy(disk->disk_name, "ubd1", DISK_NAME_LEN);
	disk->fops = &disk_ops;
	err = add_disk(disk);
	if (err)
		put_disk(disk);
	return err;
}

static void give_disk(void)
{
	del_gendisk(disk);
	put_disk(disk);
}

/* A driver with one terminal, con1. */
static const struct tty_operations tty_ops = { };
static struct tty_driver *tty;
static struct tty_port port;
static int take_tty(void)
{
	int err;

	tty = tty_alloc_driver(1, TTY_DRIVER_REAL_RAW);
	if (IS_ERR(tty))
		return PTR_ERR(tty);
	tty->driver_name = KBUILD_MODNAME;
	tty->name = "con";
	tty->name_base = 1;
	tty_set_operations(tty, &tty_ops);
	tty_port_init(&port);
	tty_port_link_device(&port, tty, 0);
	err = tty_register_driver(tty);
	if (err)
		tty_driver_kref_put(tty);
	return err;
}

static void give_tty(void)
{
	tty_unregister_driver(tty);
	tty_driver_kref_put(tty);
	tty_port_destroy(&port);
}

static const struct taking {
	const char *name;
	int (*take)(void);
	void (*give)(void);
} takings[] = {
	{ "bus", take_bus, give_bus },
	{ "class", take_class, give_class },
	{ "root", take_root, give_root },
	{ "glue", take_glue, give_glue },
	{ "majors", take_majors, give_majors },
	{ "disk", take_disk, give_disk },
	{ "tty", take_tty, give_tty },
};

static const struct taking *taken;

static int __init taken_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(takings); i++)
		if (!strcmp(what, takings[i].name))
			taken = &takings[i];
	return taken ? taken->take() : -EINVAL;
}

static void __exit taken_exit(void)
{
	taken->give();
}

module_init(taken_init);
module_exit(taken_exit);
MODULE_DESCRIPTION("takes a name that a module of virtbus wants");
MODULE_LICENSE("GPL");
