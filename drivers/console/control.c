// SPDX-License-Identifier: GPL-2.0
/*
 * control.c - what the host and we tell each other about the ports (virtio 1.2,
 * 5.3.6.2)
 *
 * One work item does all of it. What we tell is the difference between how things
 * are and what the host knows, so nothing has to be remembered when there is no
 * room for a message, and who opens a port waits for nobody.
 */
#include <linux/slab.h>

#include "console.h"

/* How long the host has to say what a port is, once it has read that we have it; in jiffies. */
#define SAY_SOON	(HZ / 5)

/* 5.3.6.2: after the event's header, for VIRTIO_CONSOLE_RESIZE */
struct vcon_resize {
	__le16 cols;
	__le16 rows;
};

static void run_in(struct vcon *vcon, unsigned long delay)
{
	struct vcon_control *control = &vcon->control;
	unsigned long flags;

	spin_lock_irqsave(&control->lock, flags);
	if (!control->off)
		mod_delayed_work(system_long_wq, &control->work, delay);
	spin_unlock_irqrestore(&control->lock, flags);
}

/* Something is new: look soon. Any context. */
void vcon_control_run(struct vcon *vcon)
{
	run_in(vcon, 0);
}

/* The callback of both queues: any context. */
void vcon_control_event(struct virt_queue *q)
{
	vcon_control_run(q->priv);
}

/* Give the host every buffer that it does not have; false when there is no memory to map one. */
static bool post(struct vcon_control *control)
{
	struct scatterlist sg;
	unsigned int slot;

	for (slot = 0; slot < control->in_slots; slot++) {
		if (virt_queue_in_use(control->in, slot))
			continue;
		sg_init_one(&sg, control->in_buf[slot], VCON_CONTROL_BYTES);
		/* broken: lost() follows */
		if (virt_queue_add(control->in, slot, &sg, 0, 1))
			return false;
	}
	return true;
}

/* False when no message may be sent now. */
static bool tell(struct vcon *vcon, u32 id, u16 event, u16 value)
{
	struct vcon_control *control = &vcon->control;
	struct virtio_console_control *msg;
	struct scatterlist sg;
	unsigned int slot = 0;

	while (slot < control->out_slots &&
	       virt_queue_in_use(control->out, slot))
		slot++;
	if (slot == control->out_slots)
		return false;
	msg = &control->out_msg[slot];
	msg->id = __cpu_to_virtio32(true, id);
	msg->event = __cpu_to_virtio16(true, event);
	msg->value = __cpu_to_virtio16(true, value);
	sg_init_one(&sg, msg, sizeof(*msg));
	return !virt_queue_add(control->out, slot, &sg, 1, 0);
}

static void port_added(struct vcon_port *port)
{
	port->said_present = true;
	if (port->present)
		return;
	if (vcon_port_add(port))
		dev_err(&port->vcon->vdev->dev,
			"no memory for port %u: unplug it on the host and plug it again when there is\n",
			port->id);
}

/* One event of the host's; @len bytes came. */
static void hear(struct vcon *vcon, const u8 *bytes, unsigned int len)
{
	const struct virtio_console_control *msg = (const void *)bytes;
	const struct vcon_resize *size = (const void *)(msg + 1);
	struct vcon_port *port;
	u16 event, value;
	u32 id;

	if (len < sizeof(*msg))
		return;
	id = __virtio32_to_cpu(true, msg->id);
	event = __virtio16_to_cpu(true, msg->event);
	value = __virtio16_to_cpu(true, msg->value);
	if (id >= vcon->nr_ports) {
		dev_warn_ratelimited(&vcon->vdev->dev,
				     "the host speaks of port %u, and the last one is %u: ignored\n",
				     id, vcon->nr_ports - 1);
		return;
	}
	port = &vcon->ports[id];
	if (event == VIRTIO_CONSOLE_PORT_ADD)
		port_added(port);
	if (!port->present)
		return;
	switch (event) {
	case VIRTIO_CONSOLE_PORT_REMOVE:
		vcon_port_del(port);
		break;
	case VIRTIO_CONSOLE_CONSOLE_PORT:
		port->is_console = true;
		break;
	case VIRTIO_CONSOLE_PORT_OPEN:
		port->said_open = true;
		vcon_port_set_carrier(port, value);
		break;
	case VIRTIO_CONSOLE_PORT_NAME:
		if (!rcu_access_pointer(port->face))
			vcon_port_set_name(port, (const u8 *)(msg + 1),
					   len - sizeof(*msg));
		break;
	case VIRTIO_CONSOLE_RESIZE:
		if (len >= sizeof(*msg) + sizeof(*size))
			vcon_port_set_size(port, le16_to_cpu(size->cols),
					   le16_to_cpu(size->rows));
		break;
	}
}

/* Everything that came. */
static void listen(struct vcon *vcon)
{
	struct vcon_control *control = &vcon->control;
	unsigned int len, rounds = VCON_CONTROL_SLOTS;
	int slot;

	do {
		while ((slot = virt_queue_get(control->in, &len)) >= 0) {
			hear(vcon, control->in_buf[slot], len);
			post(control);
			if (!--rounds) {
				/* others want this thread too */
				vcon_control_run(vcon);
				return;
			}
		}
	} while (slot == -EAGAIN && !virt_queue_events_on(control->in));
}

/* A closed port is open for the host until it has what was written. */
static bool is_open(struct vcon_port *port)
{
	return READ_ONCE(port->opened) ||
	       (port->told_open && vcon_tx_waiting(&port->tx));
}

/* What the host does not know of a port; false when it cannot be told now. */
static bool tell_port(struct vcon *vcon, struct vcon_port *port)
{
	bool open;

	if (!port->present)
		return true;
	if (!port->told_present) {
		if (!tell(vcon, port->id, VIRTIO_CONSOLE_PORT_READY, 1))
			return false;
		port->told_present = true;
	}
	open = is_open(port);
	if (port->told_open != open) {
		if (!tell(vcon, port->id, VIRTIO_CONSOLE_PORT_OPEN, open))
			return false;
		port->told_open = open;
	}
	return true;
}

/* The host has read it, and says from now on what the port is; or has said so already. */
static void was_read(struct vcon *vcon, const struct virtio_console_control *msg)
{
	struct vcon_port *port = &vcon->ports[__virtio32_to_cpu(true, msg->id)];

	if (__virtio16_to_cpu(true, msg->event) == VIRTIO_CONSOLE_PORT_READY)
		port->show_at = (jiffies + SAY_SOON) | 1;
}

/* Tell what is new; false when not all of it could be told. */
static bool speak(struct vcon *vcon)
{
	struct vcon_control *control = &vcon->control;
	unsigned int i = 0, len;
	bool all;
	int slot;

	/* what was read frees its slot; an event comes when there was no room */
	do {
		while ((slot = virt_queue_get(control->out, &len)) >= 0)
			was_read(vcon, &control->out_msg[slot]);
		if (!control->ready)
			control->ready = tell(vcon, 0,
					      VIRTIO_CONSOLE_DEVICE_READY, 1);
		while (i < vcon->nr_ports && tell_port(vcon, &vcon->ports[i]))
			i++;
		all = control->ready && i == vcon->nr_ports;
	} while (!all && !virt_queue_events_on(control->out));
	if (virt_queue_kick_prepare(control->out))
		virt_queue_notify(control->out);
	return all;
}

/* Faces for those that the host has said enough of; gives when to look again. */
static unsigned long show(struct vcon *vcon)
{
	unsigned long now = jiffies, next = 0, at;
	struct vcon_port *port;
	unsigned int i;

	for (i = 0; i < vcon->nr_ports; i++) {
		port = &vcon->ports[i];
		if (!port->present || !port->told_present || port->tried)
			continue;
		/* it may take its time to read: nobody calls us then */
		at = port->show_at ?: now + SAY_SOON;
		if (port->is_console || port->name[0] || port->host_open ||
		    time_after_eq(now, at)) {
			/* tried once: it says why it cannot */
			port->tried = true;
			vcon_port_show(port);
		} else if (!next || time_before(at, next)) {
			next = at;
		}
	}
	return next ? next - now : 0;
}

/* After a sleep: what the host had time to say again, and did not, is not so any more. */
static unsigned long settle(struct vcon *vcon)
{
	unsigned long now = jiffies, next = 0;
	struct vcon_port *port;
	unsigned int i;

	for (i = 0; i < vcon->nr_ports; i++) {
		port = &vcon->ports[i];
		if (!port->again_at)
			continue;
		if (time_before(now, port->again_at)) {
			next = port->again_at;
			continue;
		}
		port->again_at = 0;
		if (!port->said_present)
			vcon_port_del(port);
		else if (!port->said_open)
			vcon_port_set_carrier(port, false);
	}
	return next ? next - now : 0;
}

/* Both directions, then what became of it; gives when to look again. */
static unsigned long talk(struct vcon *vcon)
{
	struct vcon_control *control = &vcon->control;
	unsigned long delay, later;
	bool all;

	listen(vcon);
	all = post(control);
	if (virt_queue_kick_prepare(control->in))
		virt_queue_notify(control->in);
	all &= speak(vcon);
	delay = show(vcon);
	later = settle(vcon);
	if (!delay || (later && later < delay))
		delay = later;
	/* no memory to map a buffer or a message, it may be */
	if (!all && !delay)
		delay = HZ / 10;
	return delay;
}

static void control_work(struct work_struct *work)
{
	struct vcon_control *control =
		container_of(to_delayed_work(work), struct vcon_control, work);
	struct vcon *vcon = container_of(control, struct vcon, control);
	unsigned long delay;

	if (virt_dev_usable(vcon->vdev))
		return;
	if (!vcon->multiport) {
		/* the configuration is all that changes */
		vcon_read_size(vcon);
		return;
	}
	delay = talk(vcon);
	if (delay)
		run_in(vcon, delay);
}

/* The device is ready: begin. */
void vcon_control_on(struct vcon *vcon)
{
	spin_lock_irq(&vcon->control.lock);
	vcon->control.off = false;
	spin_unlock_irq(&vcon->control.lock);
	vcon_control_run(vcon);
}

/* Before anything else, so that vcon_control_off() may always be called. */
void vcon_control_prepare(struct vcon_control *control)
{
	spin_lock_init(&control->lock);
	INIT_DELAYED_WORK(&control->work, control_work);
	control->off = true;
}

/**
 * vcon_control_init() - give the device its buffers
 * @vcon: the console, which may have slept; vcon_control_on() starts it when the device is ready
 * @in: the queue of what the host says
 * @out: the queue of what we say
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM; vcon_control_free() frees what there is, in both cases.
 */
int vcon_control_init(struct vcon *vcon, struct virt_queue *in,
		      struct virt_queue *out)
{
	struct vcon_control *control = &vcon->control;
	unsigned int i;

	control->in = in;
	control->in_slots = min(in->slots, VCON_CONTROL_SLOTS);
	control->out = out;
	control->out_slots = min(out->slots, VCON_CONTROL_SLOTS);
	control->ready = false;
	if (!control->out_msg)
		control->out_msg = kcalloc(VCON_CONTROL_SLOTS,
					   sizeof(*control->out_msg), GFP_KERNEL);
	if (!control->out_msg)
		return -ENOMEM;
	for (i = 0; i < control->in_slots; i++) {
		if (!control->in_buf[i])
			control->in_buf[i] = kmalloc(VCON_CONTROL_BYTES,
						     GFP_KERNEL);
		if (!control->in_buf[i])
			return -ENOMEM;
	}
	post(control);
	return 0;
}

/* Neither hears nor says anything any more. Twice is harmless. */
void vcon_control_off(struct vcon *vcon)
{
	struct vcon_control *control = &vcon->control;

	spin_lock_irq(&control->lock);
	control->off = true;
	spin_unlock_irq(&control->lock);
	cancel_delayed_work_sync(&control->work);
}

/* The device is silent. */
void vcon_control_free(struct vcon_control *control)
{
	unsigned int i;

	for (i = 0; i < VCON_CONTROL_SLOTS; i++)
		kfree(control->in_buf[i]);
	kfree(control->out_msg);
}
