// SPDX-License-Identifier: GPL-2.0
/*
 * tty.c - the console as its users see it: /dev/conN
 */
#include <linux/bitmap.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tty_driver.h>

#include "console.h"

#define VCON_LINES	64

static struct tty_driver *tty_driver;

static DEFINE_MUTEX(lines_lock);	/* protects lines */
static DECLARE_BITMAP(lines, VCON_LINES);

static struct vcon *port_vcon(struct tty_port *port)
{
	return container_of(port, struct vcon, port);
}

static struct vcon *tty_vcon(struct tty_struct *tty)
{
	return port_vcon(tty->port);
}

/* First open. */
static int activate(struct tty_port *port, struct tty_struct *tty)
{
	struct vcon *vcon = port_vcon(port);
	int err;

	if (vcon->closed)
		return -ENXIO;
	err = virt_dev_use(vcon->vdev);
	if (!err)
		vcon_rx_open(&vcon->rx, true);
	return err;
}

/* Last close, or hangup. */
static void shutdown(struct tty_port *port)
{
	struct vcon *vcon = port_vcon(port);

	vcon_rx_open(&vcon->rx, false);
	virt_dev_unuse(vcon->vdev);
}

/* The last reference: nobody has it open, and the device is ours no more. */
static void destruct(struct tty_port *port)
{
	struct vcon *vcon = port_vcon(port);

	put_device(&vcon->vdev->dev);
	kfree(vcon);
}

static const struct tty_port_operations port_ops = {
	.activate = activate,
	.shutdown = shutdown,
	.destruct = destruct,
};

static int install(struct tty_driver *driver, struct tty_struct *tty)
{
	struct tty_port *port = tty_port_get(driver->ports[tty->index]);
	int err;

	if (!port)
		return -ENXIO;
	tty->winsize = port_vcon(port)->size;
	err = tty_port_install(port, driver, tty);
	if (err)
		tty_port_put(port);
	return err;
}

static void cleanup(struct tty_struct *tty)
{
	tty_port_put(tty->port);
}

static int open(struct tty_struct *tty, struct file *file)
{
	return tty_port_open(tty->port, tty, file);
}

static void close(struct tty_struct *tty, struct file *file)
{
	if (tty->port)
		tty_port_close(tty->port, tty, file);
}

static void hangup(struct tty_struct *tty)
{
	tty_port_hangup(tty->port);
}

static compat_tty_written write(struct tty_struct *tty, const u8 *bytes,
				compat_tty_count count)
{
	struct vcon *vcon = tty_vcon(tty);
	u32 n;

	n = vcon_tx_write(&vcon->tx, bytes,
			  min_t(size_t, count, VCON_TX_BYTES));
	vcon_tx_send(&vcon->tx);
	return n;
}

static int put_char(struct tty_struct *tty, u8 c)
{
	return vcon_tx_write(&tty_vcon(tty)->tx, &c, 1);
}

static void flush_chars(struct tty_struct *tty)
{
	vcon_tx_send(&tty_vcon(tty)->tx);
}

static unsigned int write_room(struct tty_struct *tty)
{
	return vcon_tx_room(&tty_vcon(tty)->tx);
}

static unsigned int chars_in_buffer(struct tty_struct *tty)
{
	return vcon_tx_waiting(&tty_vcon(tty)->tx);
}

static void flush_buffer(struct tty_struct *tty)
{
	vcon_tx_drop(&tty_vcon(tty)->tx);
	tty_wakeup(tty);
}

static void throttle(struct tty_struct *tty)
{
	vcon_rx_throttle(&tty_vcon(tty)->rx, true);
}

static void unthrottle(struct tty_struct *tty)
{
	vcon_rx_throttle(&tty_vcon(tty)->rx, false);
}

static const struct tty_operations tty_ops = {
	.install = install,
	.cleanup = cleanup,
	.open = open,
	.close = close,
	.hangup = hangup,
	.write = write,
	.put_char = put_char,
	.flush_chars = flush_chars,
	.write_room = write_room,
	.chars_in_buffer = chars_in_buffer,
	.flush_buffer = flush_buffer,
	.throttle = throttle,
	.unthrottle = unthrottle,
};

/* con3 gets line 3 when it is free, any other name the lowest free one. */
static int take_line(const char *name)
{
	unsigned int line;

	if (strncmp(name, "con", 3) || kstrtouint(name + 3, 10, &line))
		line = VCON_LINES;
	mutex_lock(&lines_lock);
	if (line >= VCON_LINES || test_bit(line, lines))
		line = find_first_zero_bit(lines, VCON_LINES);
	if (line < VCON_LINES)
		__set_bit(line, lines);
	mutex_unlock(&lines_lock);
	return line < VCON_LINES ? line : -ENOSPC;
}

static void free_line(unsigned int line)
{
	mutex_lock(&lines_lock);
	__clear_bit(line, lines);
	mutex_unlock(&lines_lock);
}

/**
 * vcon_tty_add() - show a console to the world
 * @vcon: the console; its device is ready
 *
 * On success the console lives as long as its terminal: vcon_tty_del() gives up
 * the first reference.
 *
 * Context: process, may sleep.
 * Return: 0 or -errno.
 */
int vcon_tty_add(struct vcon *vcon)
{
	const char *name = virt_name(vcon->vdev);
	struct device *dev;
	char node[16];
	int line;

	line = take_line(name);
	if (line < 0) {
		dev_err(&vcon->vdev->dev, "all %d terminals are in use: remove another console\n",
			VCON_LINES);
		return line;
	}
	vcon->index = line;
	dev = tty_port_register_device(&vcon->port, tty_driver, line,
				       &vcon->vdev->dev);
	if (IS_ERR(dev)) {
		free_line(line);
		return PTR_ERR(dev);
	}
	snprintf(node, sizeof(node), "con%d", line);
	if (strcmp(name, node))
		dev_info(&vcon->vdev->dev, "its terminal is /dev/%s\n", node);
	return 0;
}

/**
 * vcon_tty_del() - whoever has the terminal open sees a hangup; nobody opens it
 * @vcon: the console
 *
 * Context: process, may sleep.
 */
void vcon_tty_del(struct vcon *vcon)
{
	struct tty_struct *tty;

	mutex_lock(&vcon->port.mutex);
	vcon->closed = true;
	mutex_unlock(&vcon->port.mutex);
	tty_unregister_device(tty_driver, vcon->index);
	tty = tty_port_tty_get(&vcon->port);
	if (tty) {
		tty_vhangup(tty);
		tty_kref_put(tty);
	}
	free_line(vcon->index);
}

/* Its other end has another size now. */
void vcon_tty_resize(struct vcon *vcon, u16 cols, u16 rows)
{
	struct tty_struct *tty;

	vcon->size = (struct winsize){ .ws_col = cols, .ws_row = rows };
	tty = tty_port_tty_get(&vcon->port);
	if (tty) {
		tty_do_resize(tty, &vcon->size);
		tty_kref_put(tty);
	}
}

void vcon_port_init(struct vcon *vcon)
{
	tty_port_init(&vcon->port);
	vcon->port.ops = &port_ops;
}

/* Check and close in one step: activate() looks at @closed under port.mutex. */
int vcon_idle(struct virt_dev *vdev, struct virt_why *why)
{
	struct vcon *vcon = virt_dev_get_drvdata(vdev);
	int err = 0, count;

	mutex_lock(&vcon->port.mutex);
	spin_lock_irq(&vcon->port.lock);
	count = vcon->port.count;
	spin_unlock_irq(&vcon->port.lock);
	if (count) {
		virt_why(why, "%s is opened %d time%s", virt_name(vdev), count,
			 count == 1 ? "" : "s");
		err = -EBUSY;
	} else {
		vcon->closed = true;
	}
	mutex_unlock(&vcon->port.mutex);
	return err;
}

void vcon_reopen(struct virt_dev *vdev)
{
	struct vcon *vcon = virt_dev_get_drvdata(vdev);

	mutex_lock(&vcon->port.mutex);
	vcon->closed = false;
	mutex_unlock(&vcon->port.mutex);
}

int vcon_tty_init(void)
{
	struct tty_driver *driver;
	int err;

	driver = tty_alloc_driver(VCON_LINES, TTY_DRIVER_REAL_RAW |
				  TTY_DRIVER_DYNAMIC_DEV);
	if (IS_ERR(driver))
		return PTR_ERR(driver);
	driver->driver_name = "virtbus_console";
	driver->name = "con";
	driver->type = TTY_DRIVER_TYPE_SERIAL;
	driver->subtype = SERIAL_TYPE_NORMAL;
	driver->init_termios = tty_std_termios;
	driver->init_termios.c_cflag |= CLOCAL;
	tty_set_operations(driver, &tty_ops);
	err = tty_register_driver(driver);
	if (err) {
		tty_driver_kref_put(driver);
		return err;
	}
	tty_driver = driver;
	return 0;
}

void vcon_tty_exit(void)
{
	tty_unregister_driver(tty_driver);
	tty_driver_kref_put(tty_driver);
}
