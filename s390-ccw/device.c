// SPDX-License-Identifier: GPL-2.0
/*
 * device.c - ccw devices that are bound to us, and what happens to them
 *
 *	bind	   probe() records it and a work item puts it online
 *	online	   the virtbus device is made; a driver may bind to it
 *	unplug	   by name: offline; the ccw device stays ours, idle, until it is
 *		   put online again or a spec gives it a name
 *	offline	   the virtbus device is deleted
 *	unbind	   the same, and it is given back if it was taken
 *	gone	   notify() marks it, interrupts off; remove() follows
 *
 * The device lock of the ccw device serialises all of it but notify(): the
 * driver core holds it in probe() and remove(), cio's sysfs store around
 * set_online() and set_offline(), and we do where we call those.
 *
 * The driver data of the ccw device is not used: the in-tree driver's late
 * asynchronous online may write it after that driver was unbound. An xarray
 * tells what is ours.
 */
#include <linux/slab.h>
#include <linux/xarray.h>

#include "ccw.h"

static DEFINE_XARRAY(ports);

/*
 * Ordered: devices that are found or claimed together go online, and get their
 * names, in the order of their addresses. The bus has them in any order.
 */
static struct workqueue_struct *online_wq;

/* No more waiting for config= to be read. */
static bool online_at_once;

static void port_release(struct kref *ref)
{
	struct vccw_port *port = container_of(ref, struct vccw_port, ref);

	put_device(&port->cdev->dev);
	kfree(port);
}

void vccw_port_put(struct vccw_port *port)
{
	kref_put(&port->ref, port_release);
}

/*
 * Who holds the device lock or the ccw device lock of a bound device needs no
 * reference.
 */
struct vccw_port *vccw_port_find(struct ccw_device *cdev)
{
	struct vccw_port *port;
	struct ccw_dev_id id;

	ccw_device_get_id(cdev, &id);
	port = xa_load(&ports, vccw_key(&id));
	return port && port->cdev == cdev ? port : NULL;
}

static void irq(struct ccw_device *cdev, unsigned long token, struct irb *irb)
{
	struct vccw_port *port = vccw_port_find(cdev);

	if (!port)
		return;
	vccw_channel_irq(port, token, irb);
	if (!IS_ERR(irb))
		vccw_events_irq(port);
}

/* Nobody else would: give a device back that we took and cannot use. */
static void give_up(struct vccw_port *port)
{
	if (port->taken && !port->cdev->online &&
	    port->cdev->dev.driver == &vccw_driver.driver)
		device_release_driver(&port->cdev->dev);
}

static void online_work(struct work_struct *work)
{
	struct vccw_port *port = container_of(work, struct vccw_port,
					      online_work);
	struct ccw_device *cdev = port->cdev;
	int ret = 0;

	device_lock(&cdev->dev);
	if (!port->unbound && !port->down && !cdev->online)
		ret = vccw_cio_online(cdev);
	device_unlock(&cdev->dev);
	if (ret)
		give_up(port);
	vccw_port_put(port);
}

static void queue_online(struct vccw_port *port)
{
	kref_get(&port->ref);
	if (!queue_work(online_wq, &port->online_work))
		vccw_port_put(port);
}

static int probe(struct ccw_device *cdev)
{
	struct vccw_port *port;
	enum vccw_bind how;
	int ret;

	if (cdev->online) {
		dev_err(&cdev->dev,
			"still online for its last driver, which was unbound too early: plug it anew\n");
		return -EBUSY;
	}
	port = kzalloc(sizeof(*port), GFP_KERNEL);
	if (!port)
		return -ENOMEM;
	kref_init(&port->ref);
	port->cdev = cdev;
	get_device(&cdev->dev);
	ccw_device_get_id(cdev, &port->id);
	INIT_WORK(&port->online_work, online_work);
	mutex_init(&port->ch.lock);
	init_completion(&port->ch.done);
	how = vccw_binding(cdev, &port->taken);
	port->tell = port->taken;
	port->waiting = how == VCCW_BIND_CLAIM ||
			(how == VCCW_BIND_BUS && !READ_ONCE(online_at_once));

	/* An entry may be there for a device that is being unregistered. */
	ret = xa_insert(&ports, vccw_key(&port->id), port, GFP_KERNEL);
	if (ret) {
		vccw_port_put(port);
		return ret;
	}
	cdev->handler = irq;
	/* Who binds it for a spec puts it online himself, under its name. */
	if (how == VCCW_BIND_BUS && !port->waiting)
		queue_online(port);
	return 0;
}

static void remove(struct ccw_device *cdev)
{
	struct vccw_port *port = vccw_port_find(cdev);

	if (!port)
		return;
	port->unbound = true;
	vccw_withdraw(port);
	xa_erase(&ports, vccw_key(&port->id));
	/* irq() and notify() that found it before have returned after this. */
	spin_lock_irq(get_ccwdev_lock(cdev));
	cdev->handler = NULL;
	spin_unlock_irq(get_ccwdev_lock(cdev));
	if (port->taken && !port->gone)
		vccw_give_back(cdev);
	if (port->unregistering)
		vccw_cio_leave(cdev);
	/* A work item that still waits for the device lock has its own. */
	vccw_port_put(port);
}

/* The bus has reset the device: who puts it offline next is no admin. */
static void shutdown(struct ccw_device *cdev)
{
	struct vccw_port *port = vccw_port_find(cdev);

	if (port)
		port->down = true;
}

/* Interrupts are off and the ccw device lock is held: only mark it. */
static int notify(struct ccw_device *cdev, int event)
{
	struct vccw_port *port = vccw_port_find(cdev);

	if (!port)
		return NOTIFY_DONE;
	switch (event) {
	case CIO_GONE:
		WRITE_ONCE(port->gone, true);
		WRITE_ONCE(port->unregistering, true);
		vccw_channel_gone(port);
		/* Until queues are open only a channel program can wait. */
		if (port->ev.open)
			virt_dev_gone(port->vdev);
		return NOTIFY_DONE;
	case CIO_OPER:
		return NOTIFY_OK;
	default:
		return NOTIFY_DONE;
	}
}

/* No MODULE_DEVICE_TABLE(): installing us changes nobody's devices. */
static struct ccw_device_id ids[] = {
	{ CCW_DEVICE(VCCW_CU_TYPE, 0) },
	{}
};

struct ccw_driver vccw_driver = {
	.driver = {
		.owner = THIS_MODULE,
		.name = "virtbus_ccw",
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
		.groups = virt_bind_groups,
		.suppress_bind_attrs = true,
	},
	.ids = ids,
	.probe = probe,
	.remove = remove,
	.set_online = vccw_set_online,
	.set_offline = vccw_set_offline,
	.shutdown = shutdown,
	.notify = notify,
	.int_class = IRQIO_VIR,
};

/* Put those online that wait for it; from now on nobody waits for config=. */
void vccw_device_online_waiting(void)
{
	struct vccw_port *port;
	unsigned long key;

	WRITE_ONCE(online_at_once, true);
	xa_lock(&ports);
	xa_for_each(&ports, key, port) {
		if (port->waiting)
			queue_online(port);
		port->waiting = false;
	}
	xa_unlock(&ports);
}

/* Until what was bound before is online. */
void vccw_device_wait(void)
{
	flush_workqueue(online_wq);
}

int vccw_device_init(void)
{
	online_wq = alloc_ordered_workqueue("virtbus_ccw", 0);
	return online_wq ? 0 : -ENOMEM;
}

void vccw_device_exit(void)
{
	destroy_workqueue(online_wq);
}
