// SPDX-License-Identifier: GPL-2.0
/*
 * device.c - a device's way onto the bus and off it
 */
#include <linux/device.h>
#include <linux/slab.h>

#include "internal.h"

static void virt_dev_release(struct device *dev)
{
	struct virt_dev_core *core = to_virt_dev(dev)->core;

	kfree(core->driver_override);
	kfree(core);
}

struct virt_dev *virt_dev_alloc(struct device *parent,
				const struct virt_transport *transport,
				u32 type, u32 vendor, size_t glue_size)
{
	struct virt_dev_core *core;
	struct virt_dev *vdev;

	core = kzalloc(struct_size(core, glue, glue_size), GFP_KERNEL);
	if (!core)
		return ERR_PTR(-ENOMEM);

	vdev = &core->vdev;
	vdev->core = core;
	vdev->id.device = type;
	vdev->id.vendor = vendor;
	vdev->transport = transport;
	mutex_init(&core->lock);
	spin_lock_init(&core->state_lock);
	core->state = VIRT_INITIALISING;
	INIT_LIST_HEAD(&core->name_entry);
	INIT_WORK(&core->lost_work, virt_lost_work);
	INIT_WORK(&core->config_work, virt_config_work);
	INIT_WORK(&core->state_work, virt_state_work);
	INIT_DELAYED_WORK(&core->deadline_work, virt_deadline_work);

	device_initialize(&vdev->dev);
	vdev->dev.parent = parent;
	vdev->dev.bus = &virt_bus.bus;
	vdev->dev.groups = virt_dev_groups;
	vdev->dev.release = virt_dev_release;
	return vdev;
}
EXPORT_SYMBOL_NS_GPL(virt_dev_alloc, "VIRTBUS_GLUE");

void *virt_dev_glue(const struct virt_dev *vdev)
{
	return vdev->core->glue;
}
EXPORT_SYMBOL_NS_GPL(virt_dev_glue, "VIRTBUS_GLUE");

int virt_dev_add(struct virt_dev *vdev, const char *name, struct virt_why *why)
{
	struct virt_dev_core *core = vdev->core;
	int err;

	if (virt_function_is_shut(vdev->dev.parent)) {
		virt_why(why, "%s is just being taken away",
			 dev_name(vdev->dev.parent));
		return -EBUSY;
	}
	err = virt_name_take(core, name, why);
	if (!err)
		err = dev_set_name(&vdev->dev, "%s", core->name);
	if (err)
		goto lose;

	/* found by whatever was here before us in any state: start from reset */
	mutex_lock(&core->lock);
	err = virt_reset(core);
	if (!err)
		err = virt_status_add(core, VIRTIO_CONFIG_S_ACKNOWLEDGE);
	mutex_unlock(&core->lock);
	if (err) {
		virt_why(why, "the device does not answer to a reset (error %d)",
			 err);
		goto lose;
	}

	err = device_add(&vdev->dev);
	if (err) {
		virt_why(why, "it cannot be added to the bus (error %d)", err);
		goto lose;
	}
	return 0;

lose:
	virt_state_lose(core, VIRT_GONE, NULL);
	cancel_work_sync(&core->lost_work);
	virt_name_release(core);
	return err;
}
EXPORT_SYMBOL_NS_GPL(virt_dev_add, "VIRTBUS_GLUE");

void virt_dev_del(struct virt_dev *vdev, bool gone)
{
	struct virt_dev_core *core = vdev->core;

	/* its driver's remove() waits for requests that only lost() can end */
	if (gone)
		virt_dev_gone(vdev);
	/* a probe() that waits for the device holds the device lock */
	virt_deadline_start(core);
	device_del(&vdev->dev);

	/* final: no work is queued any more after this */
	virt_state_lose(core, VIRT_GONE, NULL);
	cancel_delayed_work_sync(&core->deadline_work);
	cancel_work_sync(&core->lost_work);
	cancel_work_sync(&core->config_work);
	cancel_work_sync(&core->state_work);
	virt_name_release(core);
}
EXPORT_SYMBOL_NS_GPL(virt_dev_del, "VIRTBUS_GLUE");

int virt_dev_use(struct virt_dev *vdev)
{
	struct virt_dev_core *core = vdev->core;
	int err = virt_dev_usable(vdev);

	if (err)
		return err;
	if (!try_module_get(vdev->transport->owner))
		return -ENODEV;
	spin_lock_irq(&core->state_lock);
	if (core->closed)
		err = -ENODEV;
	else
		core->users++;
	spin_unlock_irq(&core->state_lock);
	if (err)
		module_put(vdev->transport->owner);
	return err;
}
EXPORT_SYMBOL_NS_GPL(virt_dev_use, "VIRTBUS");

void virt_dev_unuse(struct virt_dev *vdev)
{
	struct virt_dev_core *core = vdev->core;

	spin_lock_irq(&core->state_lock);
	core->users--;
	spin_unlock_irq(&core->state_lock);
	module_put(vdev->transport->owner);
}
EXPORT_SYMBOL_NS_GPL(virt_dev_unuse, "VIRTBUS");
