// SPDX-License-Identifier: GPL-2.0
/*
 * tty.c - the console as its users see it: /dev/conN
 */
#include <linux/bitmap.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tty.h>
#include <linux/tty_driver.h>
#include <linux/tty_flip.h>
#include <linux/tty_port.h>

#include "console.h"

#define VCON_LINES	64

static struct tty_driver *tty_driver;

static DEFINE_MUTEX(lines_lock);	/* protects lines, and tty_driver->ports */
static DECLARE_BITMAP(lines, VCON_LINES);

/* How soon what did not fit into the terminal's buffers is tried again. */
#define RETRY		(HZ / 50 + 1)

/**
 * struct vcon_tty - the face of a console
 * @face: what the port sees of it
 * @port: what the terminal layer sees; frees this with its last reference
 * @index: number of the terminal
 * @node: its file below /dev
 * @input_lock: protects @open and @throttled, and makes takers of input take turns
 * @open: somebody wants input; without, the device keeps it
 * @throttled: not now
 * @retry: tries again with what did not fit
 * @kernel: the kernel's console, should it be one
 */
struct vcon_tty {
	struct vcon_face face;
	struct tty_port port;
	unsigned int index;
	char node[16];
	spinlock_t input_lock;		/* see above */
	bool open;
	bool throttled;
	struct delayed_work retry;
	struct vcon_kernel kernel;
};

static struct vcon_tty *port_con(struct tty_port *port)
{
	return container_of(port, struct vcon_tty, port);
}

static struct vcon_tty *tty_con(struct tty_struct *tty)
{
	return port_con(tty->port);
}

static struct vcon_tty *face_con(struct vcon_face *face)
{
	return container_of(face, struct vcon_tty, face);
}

static struct vcon_tx *tty_tx(struct tty_struct *tty)
{
	return &tty_con(tty)->face.port->tx;
}

/* Bytes to the terminal; the kernel's console has keys of its own. */
static u32 insert(struct vcon_tty *con, const u8 *bytes, u32 n)
{
	u32 i;

	if (!vcon_kernel_is_on(&con->kernel))
		return tty_insert_flip_string(&con->port, bytes, n);
	for (i = 0; i < n; i++) {
		if (tty_buffer_request_room(&con->port, 1) < 1)
			break;
		if (!vcon_kernel_input(&con->kernel, bytes[i]))
			tty_insert_flip_char(&con->port, bytes[i], TTY_NORMAL);
	}
	return i;
}

/* Take what is there and wanted. */
static void drain(struct vcon_tty *con)
{
	struct vcon_rx *rx = &con->face.port->rx;
	struct vcon_piece piece;
	unsigned long flags;
	bool some = false;

	spin_lock_irqsave(&con->input_lock, flags);
	while (con->open && !con->throttled &&
	       vcon_rx_take(rx, &con->face, &piece)) {
		piece.at += insert(con, piece.bytes + piece.at,
				   piece.len - piece.at);
		vcon_rx_put(rx, &con->face, &piece);
		some = true;
		if (piece.at < piece.len) {
			schedule_delayed_work(&con->retry, RETRY);
			break;
		}
	}
	spin_unlock_irqrestore(&con->input_lock, flags);
	if (some)
		tty_flip_buffer_push(&con->port);
}

static void set_open(struct vcon_tty *con, bool open)
{
	spin_lock_irq(&con->input_lock);
	con->open = open;
	con->throttled = false;
	spin_unlock_irq(&con->input_lock);
	drain(con);
}

static void set_throttled(struct vcon_tty *con, bool throttled)
{
	spin_lock_irq(&con->input_lock);
	con->throttled = throttled;
	spin_unlock_irq(&con->input_lock);
	drain(con);
}

static void retry_work(struct work_struct *work)
{
	drain(container_of(to_delayed_work(work), struct vcon_tty, retry));
}

/* First open. */
static int activate(struct tty_port *port, struct tty_struct *tty)
{
	struct vcon_tty *con = port_con(port);
	int err;

	err = vcon_use(&con->face);
	if (!err)
		set_open(con, true);
	return err;
}

/* Last close, or hangup. */
static void shutdown(struct tty_port *port)
{
	struct vcon_tty *con = port_con(port);

	set_open(con, false);
	vcon_unuse(&con->face);
}

static compat_tty_raised carrier_raised(struct tty_port *port)
{
	return READ_ONCE(port_con(port)->face.port->host_open);
}

/* The last reference: nobody has it open, and the port is not its own any more. */
static void destruct(struct tty_port *port)
{
	struct vcon_tty *con = port_con(port);

	vcon_put(con->face.port->vcon);
	kfree(con);
}

static const struct tty_port_operations port_ops = {
	.activate = activate,
	.shutdown = shutdown,
	.carrier_raised = carrier_raised,
	.destruct = destruct,
};

static int install(struct tty_driver *driver, struct tty_struct *tty)
{
	struct vcon_port *wire;
	struct tty_port *port;
	int err;

	mutex_lock(&lines_lock);
	port = tty_port_get(driver->ports[tty->index]);
	mutex_unlock(&lines_lock);
	if (!port)
		return -ENXIO;
	wire = port_con(port)->face.port;
	tty->winsize.ws_col = wire->cols;
	tty->winsize.ws_row = wire->rows;
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
	struct vcon_tx *tx = tty_tx(tty);
	u32 n;

	n = vcon_tx_write(tx, &tty_con(tty)->face, bytes,
			  min_t(size_t, count, VCON_TX_BYTES));
	vcon_tx_send(tx);
	return n;
}

static int put_char(struct tty_struct *tty, u8 c)
{
	return vcon_tx_write(tty_tx(tty), &tty_con(tty)->face, &c, 1);
}

static void flush_chars(struct tty_struct *tty)
{
	vcon_tx_send(tty_tx(tty));
}

static unsigned int write_room(struct tty_struct *tty)
{
	return vcon_tx_room(tty_tx(tty));
}

static unsigned int chars_in_buffer(struct tty_struct *tty)
{
	return vcon_tx_waiting(tty_tx(tty));
}

static void flush_buffer(struct tty_struct *tty)
{
	vcon_tx_drop(tty_tx(tty), &tty_con(tty)->face);
	tty_wakeup(tty);
}

static void throttle(struct tty_struct *tty)
{
	set_throttled(tty_con(tty), true);
}

static void unthrottle(struct tty_struct *tty)
{
	set_throttled(tty_con(tty), false);
}

/* The lines of a modem: the host's end is all that can change. */
static int tiocmget(struct tty_struct *tty)
{
	return TIOCM_DTR | TIOCM_RTS | TIOCM_CTS | TIOCM_DSR |
	       (carrier_raised(tty->port) ? TIOCM_CD : 0);
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
	.tiocmget = tiocmget,
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

/*
 * While somebody has a terminal open that is gone, its file can still be opened;
 * and the terminal layer keeps the pointer to the port until another one comes.
 */
static void free_line(unsigned int line)
{
	mutex_lock(&lines_lock);
	tty_driver->ports[line] = NULL;
	__clear_bit(line, lines);
	mutex_unlock(&lines_lock);
}

static void face_input(struct vcon_face *face)
{
	drain(face_con(face));
}

static void face_sent(struct vcon_face *face)
{
	tty_port_tty_wakeup(&face_con(face)->port);
}

/* As a modem's: who did not say CLOCAL is hung up. */
static void face_carrier(struct vcon_face *face)
{
	struct vcon_tty *con = face_con(face);

	if (face->port->host_open)
		wake_up_interruptible(&con->port.open_wait);
	else
		tty_port_tty_hangup(&con->port, true);
}

static void face_resize(struct vcon_face *face)
{
	struct winsize size = {
		.ws_col = face->port->cols,
		.ws_row = face->port->rows,
	};
	struct tty_struct *tty = tty_port_tty_get(&face_con(face)->port);

	if (tty) {
		tty_do_resize(tty, &size);
		tty_kref_put(tty);
	}
}

static void face_lost(struct vcon_face *face)
{
	tty_port_tty_hangup(&face_con(face)->port, false);
}

/* Whoever has it open sees a hangup; nobody opens it. */
static void face_del(struct vcon_face *face)
{
	struct vcon_tty *con = face_con(face);
	struct tty_struct *tty;

	vcon_kernel_del(&con->kernel);
	vcon_port_detach(face);
	tty_unregister_device(tty_driver, con->index);
	set_open(con, false);
	cancel_delayed_work_sync(&con->retry);
	tty = tty_port_tty_get(&con->port);
	if (tty) {
		tty_vhangup(tty);
		tty_kref_put(tty);
	}
	free_line(con->index);
	/* who still has it open keeps it */
	tty_port_put(&con->port);
}

static const struct vcon_face_ops face_ops = {
	.input = face_input,
	.sent = face_sent,
	.carrier = face_carrier,
	.resize = face_resize,
	.lost = face_lost,
	.del = face_del,
};

static ssize_t console_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct vcon_tty *con = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%d\n", vcon_kernel_is_on(&con->kernel));
}

static ssize_t console_store(struct device *dev, struct device_attribute *attr,
			     const char *buf, size_t count)
{
	struct vcon_tty *con = dev_get_drvdata(dev);
	bool on;
	int err;

	err = kstrtobool(buf, &on);
	if (!err)
		err = vcon_kernel_set(&con->kernel, on);
	return err ?: count;
}
static DEVICE_ATTR_RW(console);

static struct attribute *tty_attrs[] = {
	&dev_attr_console.attr,
	NULL
};
ATTRIBUTE_GROUPS(tty);

static void say_where(struct vcon_port *port, const char *node)
{
	struct device *dev = &port->vcon->vdev->dev;

	if (port->id)
		dev_info(dev, "the terminal of port %u is /dev/%s\n", port->id,
			 node);
	else if (strcmp(virt_name(port->vcon->vdev), node))
		dev_info(dev, "its terminal is /dev/%s\n", node);
}

/**
 * vcon_tty_add() - make the terminal of a console
 * @port: its port
 *
 * Context: process, may sleep.
 * Return: 0 or -errno.
 */
int vcon_tty_add(struct vcon_port *port)
{
	struct vcon *vcon = port->vcon;
	struct vcon_tty *con;
	struct device *dev;
	int line;

	con = kzalloc(sizeof(*con), GFP_KERNEL);
	if (!con)
		return -ENOMEM;
	line = take_line(port->id ? "" : virt_name(vcon->vdev));
	if (line < 0) {
		dev_err(&vcon->vdev->dev, "all %d terminals are in use: remove another console\n",
			VCON_LINES);
		kfree(con);
		return line;
	}
	con->index = line;
	con->face.ops = &face_ops;
	con->face.port = port;
	snprintf(con->node, sizeof(con->node), "con%d", line);
	con->face.node = con->node;
	spin_lock_init(&con->input_lock);
	INIT_DELAYED_WORK(&con->retry, retry_work);
	tty_port_init(&con->port);
	con->port.ops = &port_ops;

	vcon_kernel_prepare(&con->kernel, &con->face, tty_driver, line);
	vcon_port_attach(&con->face);
	dev = tty_port_register_device_attr(&con->port, tty_driver, line,
					    &vcon->vdev->dev, con, tty_groups);
	if (IS_ERR(dev)) {
		vcon_port_detach(&con->face);
		free_line(line);
		tty_port_put(&con->port);
		return PTR_ERR(dev);
	}
	say_where(port, con->node);
	vcon_kernel_add(&con->kernel);
	return 0;
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
