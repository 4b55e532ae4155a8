// SPDX-License-Identifier: GPL-2.0
/*
 * bus.c - the bus type: which driver gets which device; life of the module
 */
#include <linux/device.h>
#include <linux/init.h>
#include <linux/module.h>

#include "internal.h"

static bool id_matches(const struct virtio_device_id *id,
		       const struct virtio_device_id *have)
{
	return id->device == have->device &&
	       (id->vendor == VIRTIO_DEV_ANY_ID || id->vendor == have->vendor);
}

/* Not always under the device lock: sysfs bind asks without it. */
static int virt_bus_match(struct device *dev,
			  compat_match_const struct device_driver *driver)
{
	struct virt_dev *vdev = to_virt_dev(dev);
	struct virt_dev_core *core = vdev->core;
	const struct virtio_device_id *id = to_virt_driver(driver)->ids;
	bool override, match = false;
	unsigned long flags;

	spin_lock_irqsave(&core->state_lock, flags);
	override = core->driver_override;
	if (override)
		match = !strcmp(core->driver_override, driver->name);
	spin_unlock_irqrestore(&core->state_lock, flags);
	if (override)
		return match;
	for (; id->device; id++)
		if (id_matches(id, &vdev->id))
			return 1;
	return 0;
}

static int virt_bus_uevent(compat_uevent_const struct device *dev,
			   struct kobj_uevent_env *env)
{
	const struct virt_dev *vdev = to_virt_dev(dev);
	int err;

	err = add_uevent_var(env, "MODALIAS=virtbus:t%uv%u", vdev->id.device,
			     vdev->id.vendor);
	if (!err)
		err = add_uevent_var(env, "VIRTBUS_TRANSPORT=%s",
				     vdev->transport->name);
	return err;
}

/* A lost device stays Broken or Gone while its driver lets go. */
static void walk_to(struct virt_dev *vdev, enum virt_state to)
{
	if (!virt_dev_usable(vdev) && virt_state_set(vdev->core, to))
		dev_dbg(&vdev->dev, "lost on its way to %s\n",
			virt_state_name(to));
}

/* Whatever the driver did or left undone, the device touches no memory. */
static void let_go(struct virt_dev *vdev)
{
	virt_dev_stop(vdev);
	virt_queues_close(vdev);
	cancel_delayed_work_sync(&vdev->core->deadline_work);
	if (virt_dev_state(vdev) == VIRT_CONNECTED)
		walk_to(vdev, VIRT_CLOSING);
	walk_to(vdev, VIRT_CLOSED);
}

/* Is it being taken away? virt_dev_reopen() tries it again if it does not go. */
static bool is_closed(struct virt_dev_core *core)
{
	bool closed;

	spin_lock_irq(&core->state_lock);
	closed = core->closed;
	core->turned_away |= closed;
	spin_unlock_irq(&core->state_lock);
	return closed;
}

static int virt_bus_probe(struct device *dev)
{
	struct virt_dev *vdev = to_virt_dev(dev);
	struct virt_driver *vdrv = to_virt_driver(dev->driver);
	int err;

	if (is_closed(vdev->core))
		return -EBUSY;
	err = virt_negotiate(vdev->core, vdrv);
	if (!err)
		err = vdrv->probe(vdev);
	if (!err) {
		err = virt_dev_ready(vdev);
		if (err)
			vdrv->remove(vdev);
	}
	if (err)
		let_go(vdev);
	return err;
}

static void virt_bus_remove(struct device *dev)
{
	struct virt_dev *vdev = to_virt_dev(dev);
	struct virt_driver *vdrv = to_virt_driver(dev->driver);

	virt_deadline_start(vdev->core);
	walk_to(vdev, VIRT_CLOSING);
	vdrv->remove(vdev);
	let_go(vdev);
}

struct virt_bus virt_bus = {
	.bus = {
		.name = "virtbus",
		.match = virt_bus_match,
		.uevent = virt_bus_uevent,
		.probe = virt_bus_probe,
		.remove = virt_bus_remove,
		.shutdown = virt_bus_shutdown,
		.pm = pm_sleep_ptr(&virt_bus_pm),
	},
	.names_lock = __MUTEX_INITIALIZER(virt_bus.names_lock),
	.names = LIST_HEAD_INIT(virt_bus.names),
	.transports_lock = __MUTEX_INITIALIZER(virt_bus.transports_lock),
	.transports = LIST_HEAD_INIT(virt_bus.transports),
};

int __virt_driver_register(struct virt_driver *vdrv, struct module *owner,
			   const char *mod_name)
{
	if (!vdrv->ids || !vdrv->probe || !vdrv->remove || !vdrv->lost ||
	    !vdrv->idle != !vdrv->reopen || !vdrv->freeze != !vdrv->thaw ||
	    !vdrv->hold != !vdrv->unhold) {
		pr_err("virtbus: driver %s lacks an operation\n",
		       vdrv->driver.name);
		return -EINVAL;
	}
	vdrv->driver.bus = &virt_bus.bus;
	vdrv->driver.owner = owner;
	vdrv->driver.mod_name = mod_name;
	vdrv->driver.groups = virt_bind_groups;
	vdrv->driver.suppress_bind_attrs = true;
	return driver_register(&vdrv->driver);
}
EXPORT_SYMBOL_NS_GPL(__virt_driver_register, "VIRTBUS");

void virt_driver_unregister(struct virt_driver *vdrv)
{
	driver_unregister(&vdrv->driver);
}
EXPORT_SYMBOL_NS_GPL(virt_driver_unregister, "VIRTBUS");

static int __init virtbus_init(void)
{
	int err;

	virt_bus.wq = alloc_workqueue("virtbus", WQ_UNBOUND | WQ_MEM_RECLAIM,
				      0);
	if (!virt_bus.wq)
		return -ENOMEM;
	virt_bus.bus.bus_groups = virt_bus_groups;
	err = bus_register(&virt_bus.bus);
	if (err)
		destroy_workqueue(virt_bus.wq);
	/* modprobe would take -EEXIST for "loaded already", and be content */
	return err == -EEXIST ? -EBUSY : err;
}

static void __exit virtbus_exit(void)
{
	bus_unregister(&virt_bus.bus);
	destroy_workqueue(virt_bus.wq);
}

module_init(virtbus_init);
module_exit(virtbus_exit);
MODULE_DESCRIPTION("virtual device bus");
MODULE_LICENSE("GPL");
