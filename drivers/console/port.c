// SPDX-License-Identifier: GPL-2.0
/*
 * port.c - a port of a console device, from its coming to its going
 */
#include <linux/ctype.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "console.h"

/* How long it has after a sleep to say again what there is; what it does not say is gone. */
#define SAY_AGAIN	(2 * HZ)

/* Before anything else, so that everything may always be undone. */
void vcon_port_prepare(struct vcon *vcon, unsigned int id)
{
	struct vcon_port *port = &vcon->ports[id];

	port->vcon = vcon;
	port->id = id;
	port->rx.next.slot = -1;
	spin_lock_init(&port->rx.lock);
	spin_lock_init(&port->tx.lock);
}

/**
 * vcon_port_add() - the host has this port
 * @port: it
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int vcon_port_add(struct vcon_port *port)
{
	int err = 0;

	/* a port that comes again has its buffers with the device already */
	if (!port->tx.q)
		err = vcon_tx_init(&port->tx, port->queues[1]);
	if (!err && !port->rx.q)
		err = vcon_rx_init(&port->rx, port->queues[0]);
	if (err)
		return err;
	port->is_console = false;
	port->host_open = false;
	port->told_present = false;
	port->told_open = false;
	port->cols = 0;
	port->rows = 0;
	port->name[0] = '\0';
	port->show_at = 0;
	port->tried = false;
	port->present = true;
	return 0;
}

static struct vcon_face *face_of(struct vcon_port *port)
{
	return rcu_dereference_protected(port->face, true);
}

/**
 * vcon_port_show() - give a port its face
 * @port: it; what the host said of it by now decides what kind
 *
 * Context: process, may sleep.
 * Return: 0 or -errno.
 */
int vcon_port_show(struct vcon_port *port)
{
	return port->is_console ? vcon_tty_add(port) : vcon_file_add(port);
}

/**
 * vcon_port_attach() - from now on this is the port's face
 * @face: it; called by what made it, before anybody can open it
 *
 * Context: process, may sleep.
 */
void vcon_port_attach(struct vcon_face *face)
{
	struct vcon_port *port = face->port;

	vcon_get(port->vcon);
	vcon_tx_attach(&port->tx, face);
	vcon_rx_attach(&port->rx, face);
	rcu_assign_pointer(port->face, face);
}

/**
 * vcon_port_detach() - it is no more; the reference to the device stays
 * @face: it
 *
 * Nothing more is heard of the port when this returns.
 *
 * Context: process, may sleep.
 */
void vcon_port_detach(struct vcon_face *face)
{
	struct vcon_port *port = face->port;

	/* under the lock: vcon_use() looks whether this still is the face */
	mutex_lock(&port->vcon->use_lock);
	RCU_INIT_POINTER(port->face, NULL);
	mutex_unlock(&port->vcon->use_lock);
	vcon_tx_attach(&port->tx, NULL);
	vcon_rx_attach(&port->rx, NULL);
	vcon_rx_discard(&port->rx, NULL);
	/* who still has it open uses nothing of the device */
	vcon_unuse(face);
	synchronize_rcu();
}

/* The host has it no more, or we have not. */
void vcon_port_del(struct vcon_port *port)
{
	struct vcon_face *face = face_of(port);

	if (face)
		face->ops->del(face);
	port->present = false;
}

/* The device is silent or soon will be. Twice is harmless. */
void vcon_port_stop(struct vcon_port *port)
{
	struct vcon_face *face;

	vcon_rx_stop(&port->rx);
	vcon_tx_stop(&port->tx);
	rcu_read_lock();
	face = rcu_dereference(port->face);
	if (face)
		face->ops->lost(face);
	rcu_read_unlock();
}

/* The machine goes to sleep, and the device is silent: users wait, and lose nothing. */
void vcon_port_freeze(struct vcon_port *port)
{
	vcon_rx_freeze(&port->rx);
	vcon_tx_freeze(&port->tx);
}

/* It is awake again, and the host knows nothing any more. 0 or -EINVAL. */
int vcon_port_thaw(struct vcon_port *port)
{
	port->told_present = false;
	port->told_open = false;
	port->said_present = false;
	port->said_open = false;
	port->show_at = 0;
	if (port->present && port->vcon->multiport)
		port->again_at = (jiffies + SAY_AGAIN) | 1;
	vcon_tx_thaw(&port->tx, port->queues[1]);
	return vcon_rx_thaw(&port->rx, port->queues[0]);
}

/* With the device itself: a reader may have looked into a buffer until now. */
void vcon_port_free(struct vcon_port *port)
{
	unsigned int i;

	for (i = 0; i < VCON_RX_SLOTS; i++)
		kfree(port->rx.buf[i]);
	kfree(port->tx.ring);
}

void vcon_port_input(struct vcon_port *port)
{
	struct vcon_face *face;

	rcu_read_lock();
	face = rcu_dereference(port->face);
	if (face)
		face->ops->input(face);
	rcu_read_unlock();
}

void vcon_port_sent(struct vcon_port *port)
{
	struct vcon_face *face;

	rcu_read_lock();
	face = rcu_dereference(port->face);
	if (face)
		face->ops->sent(face);
	rcu_read_unlock();
}

/* The host's end was opened or closed. */
void vcon_port_set_carrier(struct vcon_port *port, bool open)
{
	struct vcon_face *face = face_of(port);

	if (port->host_open == open)
		return;
	WRITE_ONCE(port->host_open, open);
	if (face)
		face->ops->carrier(face);
}

/* How large the host's terminal is now. */
void vcon_port_set_size(struct vcon_port *port, u16 cols, u16 rows)
{
	struct vcon_face *face = face_of(port);

	port->cols = cols;
	port->rows = rows;
	if (face)
		face->ops->resize(face);
}

/**
 * vcon_port_set_name() - what the host calls it
 * @port: it
 * @bytes: the name, perhaps with an end
 * @len: bytes that came
 *
 * It becomes the name of a file: anything else has no name.
 *
 * Context: process.
 */
void vcon_port_set_name(struct vcon_port *port, const u8 *bytes, size_t len)
{
	size_t i, n = strnlen(bytes, len);

	if (n && n < VCON_NAME_BYTES && bytes[0] != '.') {
		for (i = 0; i < n; i++)
			if (!isalnum(bytes[i]) && !strchr("._-:+@", bytes[i]))
				break;
		if (i == n) {
			memcpy(port->name, bytes, n);
			port->name[n] = '\0';
			return;
		}
	}
	dev_warn_ratelimited(&port->vcon->vdev->dev,
			     "the host's name for port %u cannot be that of a file: it is /dev/%sp%u\n",
			     port->id, virt_name(port->vcon->vdev), port->id);
}
