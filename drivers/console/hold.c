// SPDX-License-Identifier: GPL-2.0
/*
 * hold.c - consoles and ports of the in-tree driver, before their device is taken
 * from it
 *
 * Its ports are files that one may open: while we have them open nobody else has.
 * Its consoles are terminals of hvc, and nothing tells which is whose: so none of
 * them may be in use.
 */
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/tty.h>

#include "console.h"

/* As many terminals as hvc has. */
#define HVC_LINES	16

/**
 * struct held_port - a port that we keep open
 * @list: in the cookie
 * @file: our open
 */
struct held_port {
	struct list_head list;
	struct file *file;
};

/**
 * struct held - all of one foreign device; the cookie of vcon_hold()
 * @ports: its ports
 * @consoles: some of them are consoles
 * @hvc: terminals that we keep open
 * @nr_hvc: how many
 * @why: who uses something of it
 */
struct held {
	struct list_head ports;
	bool consoles;
	struct tty_struct *hvc[HVC_LINES];
	unsigned int nr_hvc;
	struct virt_why *why;
};

/* The file of a port, opened; NULL when the port is a console. */
static struct file *open_port(struct device *dev, struct virt_why *why)
{
	struct file *file;
	char path[64];

	snprintf(path, sizeof(path), "/dev/%s", dev_name(dev));
	file = filp_open(path, O_RDWR | O_NONBLOCK, 0);
	if (!IS_ERR(file) && file_inode(file)->i_rdev != dev->devt) {
		fput(file);
		file = ERR_PTR(-ENOENT);
	}
	if (!IS_ERR(file))
		return file;
	switch (PTR_ERR(file)) {
	case -ENXIO:
		return NULL;
	case -EBUSY:
		virt_why(why, "its port %s is open; close it first",
			 dev_name(dev));
		return file;
	default:
		virt_why(why, "its port %s cannot be looked at: error %ld on %s (is devtmpfs on /dev?)",
			 dev_name(dev), PTR_ERR(file), path);
		return ERR_PTR(-EBUSY);
	}
}

static int hold_port(struct held *held, struct device *dev)
{
	struct held_port *port;
	struct file *file;

	file = open_port(dev, held->why);
	if (IS_ERR(file))
		return PTR_ERR(file);
	if (!file) {
		held->consoles = true;
		return 0;
	}
	port = kzalloc(sizeof(*port), GFP_KERNEL);
	if (!port) {
		fput(file);
		return -ENOMEM;
	}
	port->file = file;
	list_add(&port->list, &held->ports);
	return 0;
}

/* The ports hang somewhere below the function: virtio0, then vport0p1. */
static int hold_below(struct device *dev, void *data)
{
	if (dev->class && !strcmp(dev->class->name, "virtio-ports"))
		return hold_port(data, dev);
	return device_for_each_child(dev, data, hold_below);
}

static int hold_hvc(struct held *held, unsigned int line)
{
	struct tty_struct *tty;
	char name[16];
	dev_t devt;

	snprintf(name, sizeof(name), "hvc%u", line);
	if (tty_dev_name_to_number(name, &devt))
		return 0;
	if (compat_console_is_on("hvc", line)) {
		virt_why(held->why, "the kernel prints on %s, which may be its terminal",
			 name);
		return -EBUSY;
	}
	tty = tty_kopen_exclusive(devt);
	if (!IS_ERR(tty)) {
		/* it comes locked: who opens it is refused, and must not wait for us */
		tty_unlock(tty);
		held->hvc[held->nr_hvc++] = tty;
		return 0;
	}
	if (PTR_ERR(tty) != -EBUSY)
		return 0;	/* nothing is behind it */
	virt_why(held->why, "%s, which may be its terminal, is open; close it first",
		 name);
	return -EBUSY;
}

/**
 * vcon_hold() - see virt_driver.hold()
 * @foreign: a device of the in-tree driver
 * @why: who uses something of it
 *
 * Context: process, may sleep.
 * Return: the cookie, or ERR_PTR(-errno).
 */
void *vcon_hold(struct device *foreign, struct virt_why *why)
{
	struct held *held;
	unsigned int i;
	int err;

	held = kzalloc(sizeof(*held), GFP_KERNEL);
	if (!held)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&held->ports);
	held->why = why;
	err = device_for_each_child(foreign, held, hold_below);
	for (i = 0; !err && held->consoles && i < HVC_LINES; i++)
		err = hold_hvc(held, i);
	if (!err)
		return held;
	vcon_unhold(held);
	return ERR_PTR(err);
}

/* Ours are the last to have it open. */
void vcon_unhold(void *hold)
{
	struct held_port *port, *next;
	struct held *held = hold;

	while (held->nr_hvc)
		tty_kclose(held->hvc[--held->nr_hvc]);
	list_for_each_entry_safe(port, next, &held->ports, list) {
		fput(port->file);
		kfree(port);
	}
	kfree(held);
}
