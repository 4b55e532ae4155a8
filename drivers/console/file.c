// SPDX-License-Identifier: GPL-2.0
/*
 * file.c - a port that is no console, as its users see it: a stream of bytes,
 * /dev/virtio-ports/NAME, or /dev/con0p3 when the host has no name for it
 *
 * What users of such ports rely on (qemu-guest-agent, spice-vdagent): one opener;
 * while nobody listens on the host, reading finds the end, polling a hangup, and
 * writing waits.
 */
#include <linux/cdev.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "console.h"

#define VCON_FILES	256

/**
 * struct vcon_file - the face of a port that is no console
 * @face: what the port sees of it
 * @dev: its device; frees this with its last reference
 * @cdev: what is opened
 * @wait: who waits for the host, either way
 * @async: who wants signals
 * @read_lock: readers take turns
 * @write_lock: so do writers
 * @deleted: the port is not its own any more
 * @name: file below /dev
 */
struct vcon_file {
	struct vcon_face face;
	struct device dev;
	struct cdev cdev;
	wait_queue_head_t wait;
	struct fasync_struct *async;
	struct mutex read_lock;
	struct mutex write_lock;
	bool deleted;
	char name[VCON_NAME_BYTES + 16];
};

static dev_t first;
static DEFINE_IDA(minors);

static struct vcon_file *face_file(struct vcon_face *face)
{
	return container_of(face, struct vcon_file, face);
}

static char *devnode(compat_devnode_const struct device *dev, umode_t *mode)
{
	return kasprintf(GFP_KERNEL, "%s",
			 container_of(dev, struct vcon_file, dev)->name);
}

static ssize_t name_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct vcon_file *file = container_of(dev, struct vcon_file, dev);

	return sysfs_emit(buf, "%s\n", file->face.port->name);
}
static DEVICE_ATTR_RO(name);

static struct attribute *file_attrs[] = {
	&dev_attr_name.attr,
	NULL
};
ATTRIBUTE_GROUPS(file);

static struct class file_class = {
	.name = "virtbus-port",
	.devnode = devnode,
	.dev_groups = file_groups,
};

static void release_dev(struct device *dev)
{
	struct vcon_file *file = container_of(dev, struct vcon_file, dev);

	ida_free(&minors, MINOR(dev->devt) - MINOR(first));
	vcon_put(file->face.port->vcon);
	kfree(file);
}

static bool host_listens(struct vcon_file *file)
{
	return READ_ONCE(file->face.port->host_open);
}

/* 0, or why there is nothing to wait for any more. */
static int usable(struct vcon_file *file)
{
	if (READ_ONCE(file->deleted))
		return -ENODEV;
	return virt_dev_usable(file->face.port->vcon->vdev);
}

static bool input_waits(struct vcon_file *file)
{
	return vcon_rx_waiting(&file->face.port->rx, &file->face);
}

static bool has_room(struct vcon_file *file)
{
	return host_listens(file) && vcon_tx_room(&file->face.port->tx);
}

static int file_open(struct inode *inode, struct file *filp)
{
	struct vcon_file *file =
		container_of(inode->i_cdev, struct vcon_file, cdev);
	int err;

	err = vcon_use(&file->face);
	if (err)
		return err;
	get_device(&file->dev);
	filp->private_data = file;
	return stream_open(inode, filp);
}

static int file_release(struct inode *inode, struct file *filp)
{
	struct vcon_file *file = filp->private_data;

	/* what this reader did not want is nothing for the next one */
	vcon_rx_discard(&file->face.port->rx, &file->face);
	vcon_unuse(&file->face);
	put_device(&file->dev);
	return 0;
}

/* Wait until @ready, or until nothing can make it so. */
static int wait_for(struct vcon_file *file, struct file *filp,
		    bool (*ready)(struct vcon_file *file))
{
	int err;

	if (filp->f_flags & O_NONBLOCK)
		return -EAGAIN;
	err = wait_event_interruptible(file->wait,
				       ready(file) || usable(file));
	return err ?: usable(file);
}

static bool readable(struct vcon_file *file)
{
	return input_waits(file) || !host_listens(file);
}

/* Bytes of one piece to the user. */
static ssize_t read_piece(struct vcon_file *file, char __user *to, size_t count)
{
	struct vcon_rx *rx = &file->face.port->rx;
	struct vcon_piece piece;
	size_t n, left;

	if (!vcon_rx_take(rx, &file->face, &piece))
		return 0;
	n = min_t(size_t, count, piece.len - piece.at);
	left = copy_to_user(to, piece.bytes + piece.at, n);
	piece.at += n - left;
	vcon_rx_put(rx, &file->face, &piece);
	return left == n ? -EFAULT : n - left;
}

/* All that is there and asked for. */
static ssize_t read_some(struct vcon_file *file, char __user *to, size_t count)
{
	size_t done = 0;
	ssize_t n;

	while (done < count) {
		n = read_piece(file, to + done, count - done);
		if (n <= 0)
			return done ?: n;
		done += n;
		cond_resched();
	}
	return done;
}

static ssize_t file_read(struct file *filp, char __user *to, size_t count,
			 loff_t *pos)
{
	struct vcon_file *file = filp->private_data;
	ssize_t n;

	if (!count)
		return 0;
	if (mutex_lock_interruptible(&file->read_lock))
		return -ERESTARTSYS;
	for (;;) {
		n = read_some(file, to, count);
		if (n)
			break;
		n = usable(file);
		if (n || !host_listens(file))
			break;
		n = wait_for(file, filp, readable);
		if (n)
			break;
	}
	mutex_unlock(&file->read_lock);
	return n;
}

/* As much as there is room for at one place of the ring. */
static ssize_t write_piece(struct vcon_file *file, const char __user *from,
			   size_t count)
{
	struct vcon_tx *tx = &file->face.port->tx;
	size_t n, left;
	u8 *to;

	n = host_listens(file) ? vcon_tx_reserve(tx, &file->face, &to) : 0;
	n = min(n, count);
	if (!n)
		return 0;
	left = copy_from_user(to, from, n);
	vcon_tx_commit(tx, &file->face, n - left);
	vcon_tx_send(tx);
	return left == n ? -EFAULT : n - left;
}

static ssize_t file_write(struct file *filp, const char __user *from,
			  size_t count, loff_t *pos)
{
	struct vcon_file *file = filp->private_data;
	size_t done = 0;
	ssize_t n = 0;

	if (mutex_lock_interruptible(&file->write_lock))
		return -ERESTARTSYS;
	while (done < count) {
		n = usable(file);
		if (n)
			break;
		n = write_piece(file, from + done, count - done);
		if (n > 0)
			done += n;
		else if (!n)
			n = wait_for(file, filp, has_room);
		if (n < 0)
			break;
	}
	mutex_unlock(&file->write_lock);
	return done ?: n;
}

static __poll_t file_poll(struct file *filp, poll_table *table)
{
	struct vcon_file *file = filp->private_data;
	__poll_t mask = 0;

	poll_wait(filp, &file->wait, table);
	if (usable(file))
		return EPOLLHUP | EPOLLERR;
	if (input_waits(file))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (has_room(file))
		mask |= EPOLLOUT | EPOLLWRNORM;
	if (!host_listens(file))
		mask |= EPOLLHUP;
	return mask;
}

static int file_fasync(int fd, struct file *filp, int on)
{
	struct vcon_file *file = filp->private_data;

	return fasync_helper(fd, filp, on, &file->async);
}

static const struct file_operations file_fops = {
	.owner = THIS_MODULE,
	.open = file_open,
	.release = file_release,
	.read = file_read,
	.write = file_write,
	.poll = file_poll,
	.fasync = file_fasync,
};

static void face_input(struct vcon_face *face)
{
	struct vcon_file *file = face_file(face);

	wake_up_interruptible(&file->wait);
	kill_fasync(&file->async, SIGIO, POLL_IN);
}

static void face_sent(struct vcon_face *face)
{
	wake_up_interruptible(&face_file(face)->wait);
}

static void face_carrier(struct vcon_face *face)
{
	struct vcon_file *file = face_file(face);

	wake_up_interruptible(&file->wait);
	kill_fasync(&file->async, SIGIO, POLL_OUT);
}

static void face_resize(struct vcon_face *face)
{
}

static void face_lost(struct vcon_face *face)
{
	struct vcon_file *file = face_file(face);

	wake_up_interruptible(&file->wait);
	kill_fasync(&file->async, SIGIO, POLL_HUP);
}

static void face_del(struct vcon_face *face)
{
	struct vcon_file *file = face_file(face);

	vcon_port_detach(face);
	WRITE_ONCE(file->deleted, true);
	cdev_device_del(&file->cdev, &file->dev);
	face_lost(face);
	put_device(&file->dev);
}

static const struct vcon_face_ops face_ops = {
	.input = face_input,
	.sent = face_sent,
	.carrier = face_carrier,
	.resize = face_resize,
	.lost = face_lost,
	.del = face_del,
};

static struct vcon_file *alloc_file(struct vcon_port *port)
{
	struct device *parent = &port->vcon->vdev->dev;
	struct vcon_file *file;
	int minor;

	file = kzalloc(sizeof(*file), GFP_KERNEL);
	if (!file)
		return ERR_PTR(-ENOMEM);
	minor = ida_alloc_max(&minors, VCON_FILES - 1, GFP_KERNEL);
	if (minor < 0) {
		dev_err(parent, "no file for port %u: %d are in use; remove another console\n",
			port->id, VCON_FILES);
		kfree(file);
		return ERR_PTR(minor);
	}
	file->face.ops = &face_ops;
	file->face.port = port;
	init_waitqueue_head(&file->wait);
	mutex_init(&file->read_lock);
	mutex_init(&file->write_lock);
	device_initialize(&file->dev);
	file->dev.class = &file_class;
	file->dev.parent = parent;
	file->dev.devt = first + minor;
	file->dev.release = release_dev;
	cdev_init(&file->cdev, &file_fops);
	file->cdev.owner = THIS_MODULE;
	return file;
}

/**
 * vcon_file_add() - make the file of a port
 * @port: the port
 *
 * Context: process, may sleep.
 * Return: 0 or -errno.
 */
int vcon_file_add(struct vcon_port *port)
{
	struct vcon_file *file;
	int err;

	file = alloc_file(port);
	if (IS_ERR(file))
		return PTR_ERR(file);
	if (port->name[0])
		snprintf(file->name, sizeof(file->name), "virtio-ports/%s",
			 port->name);
	else
		snprintf(file->name, sizeof(file->name), "%sp%u",
			 virt_name(port->vcon->vdev), port->id);
	file->face.node = file->name;
	vcon_port_attach(&file->face);
	err = dev_set_name(&file->dev, "%sp%u", virt_name(port->vcon->vdev),
			   port->id);
	if (!err)
		err = cdev_device_add(&file->cdev, &file->dev);
	if (err) {
		vcon_port_detach(&file->face);
		put_device(&file->dev);
	}
	return err;
}

int vcon_file_init(void)
{
	int err;

	err = alloc_chrdev_region(&first, 0, VCON_FILES, "virtbus-port");
	if (err)
		return err;
	err = class_register(&file_class);
	if (err)
		unregister_chrdev_region(first, VCON_FILES);
	/* modprobe takes -EEXIST for "loaded already" */
	return err == -EEXIST ? -EBUSY : err;
}

void vcon_file_exit(void)
{
	class_unregister(&file_class);
	unregister_chrdev_region(first, VCON_FILES);
	ida_destroy(&minors);
}
