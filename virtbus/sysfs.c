// SPDX-License-Identifier: GPL-2.0
/*
 * sysfs.c - what an admin sees and does below /sys/bus/virtbus
 *
 * Documentation/sysfs-bus-virtbus describes every file.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "internal.h"

static ssize_t state_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  virt_state_name(virt_dev_state(to_virt_dev(dev))));
}
static DEVICE_ATTR_RO(state);

static ssize_t error_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct virt_dev_core *core = to_virt_dev(dev)->core;
	char error[VIRT_WHY_MAX];

	spin_lock_irq(&core->state_lock);
	strscpy(error, core->error, sizeof(error));
	spin_unlock_irq(&core->state_lock);
	return sysfs_emit(buf, "%s\n", error);
}
static DEVICE_ATTR_RO(error);

static ssize_t transport_show(struct device *dev,
			      struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", to_virt_dev(dev)->transport->name);
}
static DEVICE_ATTR_RO(transport);

static ssize_t spec_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct virt_dev *vdev = to_virt_dev(dev);
	char backend[VIRT_SPEC_MAX + 1] = "";

	vdev->transport->spec(vdev, backend, sizeof(backend));
	return sysfs_emit(buf, "%s=%s\n", virt_name(vdev), backend);
}
static DEVICE_ATTR_RO(spec);

static ssize_t type_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	return sysfs_emit(buf, "%u\n", to_virt_dev(dev)->id.device);
}
static DEVICE_ATTR_RO(type);

static ssize_t vendor_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	return sysfs_emit(buf, "%#x\n", to_virt_dev(dev)->id.vendor);
}
static DEVICE_ATTR_RO(vendor);

static ssize_t modalias_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	struct virt_dev *vdev = to_virt_dev(dev);

	return sysfs_emit(buf, "virtbus:t%uv%u\n", vdev->id.device,
			  vdev->id.vendor);
}
static DEVICE_ATTR_RO(modalias);

static ssize_t features_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "%#018llx\n",
			  READ_ONCE(to_virt_dev(dev)->features));
}
static DEVICE_ATTR_RO(features);

static ssize_t config_events_show(struct device *dev,
				  struct device_attribute *attr, char *buf)
{
	struct virt_dev_core *core = to_virt_dev(dev)->core;

	return sysfs_emit(buf, "%u\n", atomic_read(&core->config_events));
}
static DEVICE_ATTR_RO(config_events);

static ssize_t driver_override_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	struct virt_dev_core *core = to_virt_dev(dev)->core;
	ssize_t len;

	spin_lock_irq(&core->state_lock);
	len = sysfs_emit(buf, "%s\n", core->driver_override ?: "");
	spin_unlock_irq(&core->state_lock);
	return len;
}

static ssize_t driver_override_store(struct device *dev,
				     struct device_attribute *attr,
				     const char *buf, size_t count)
{
	struct virt_dev_core *core = to_virt_dev(dev)->core;
	size_t len = strcspn(buf, "\n");
	char *name = NULL;

	/* it is shown in one page, with a newline */
	if (len >= PAGE_SIZE - 1)
		return -EINVAL;
	if (len) {
		name = kstrndup(buf, len, GFP_KERNEL);
		if (!name)
			return -ENOMEM;
	}
	spin_lock_irq(&core->state_lock);
	swap(core->driver_override, name);
	spin_unlock_irq(&core->state_lock);
	kfree(name);
	return count;
}
static DEVICE_ATTR_RW(driver_override);

static ssize_t remove_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	struct virt_dev *vdev = to_virt_dev(dev);
	const struct virt_transport *transport = vdev->transport;
	int err;

	if (!sysfs_streq(buf, "1") && !sysfs_streq(buf, "force"))
		return -EINVAL;
	/* being unloaded, it takes its devices away by itself */
	if (!try_module_get(transport->owner))
		return -ENODEV;
	if (sysfs_streq(buf, "1")) {
		err = virt_dev_shut(vdev, VIRT_DOOR_REMOVE, NULL);
		if (err) {
			module_put(transport->owner);
			return err;
		}
	}
	/* once this file is gone nobody who deletes the device waits for us */
	get_device(dev);
	/* exactly one of several that are here at once goes on */
	if (device_remove_file_self(dev, attr)) {
		/* now: the glue may have to wait for a probe() first */
		virt_deadline_start(vdev->core);
		transport->unplug(vdev);
	}
	put_device(dev);
	module_put(transport->owner);
	return count;
}
static DEVICE_ATTR_WO(remove);

static ssize_t refused_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct virt_dev_core *core = to_virt_dev(dev)->core;
	unsigned int count;

	spin_lock_irq(&core->state_lock);
	count = core->refusal.count;
	spin_unlock_irq(&core->state_lock);
	return sysfs_emit(buf, "%u\n", count);
}
static DEVICE_ATTR_RO(refused);

static ssize_t reason_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct virt_dev_core *core = to_virt_dev(dev)->core;
	struct virt_refusal last;

	spin_lock_irq(&core->state_lock);
	last = core->refusal;
	spin_unlock_irq(&core->state_lock);
	if (!last.door)
		return sysfs_emit(buf, "\n");
	return sysfs_emit(buf, "%ptTs UTC, %s: %s\n", &last.time, last.door,
			  last.why.text);
}
static DEVICE_ATTR_RO(reason);

static struct attribute *virt_dev_attrs[] = {
	&dev_attr_config_events.attr,
	&dev_attr_driver_override.attr,
	&dev_attr_error.attr,
	&dev_attr_features.attr,
	&dev_attr_modalias.attr,
	&dev_attr_reason.attr,
	&dev_attr_refused.attr,
	&dev_attr_remove.attr,
	&dev_attr_spec.attr,
	&dev_attr_state.attr,
	&dev_attr_transport.attr,
	&dev_attr_type.attr,
	&dev_attr_vendor.attr,
	NULL
};

static const struct attribute_group virt_dev_group = {
	.attrs = virt_dev_attrs,
};

const struct attribute_group *virt_dev_groups[] = {
	&virt_dev_group,
	NULL
};

static ssize_t config_store(compat_bus_attr_const struct bus_type *bus,
			    const char *buf, size_t count)
{
	struct virt_why why = {};
	int err;

	err = virt_config(buf, NULL, &why);
	if (!err)
		return count;
	if (!why.text[0])
		virt_why(&why, "it cannot be made (error %d)", err);
	pr_err("virtbus: config %.*s: %s\n", (int)strcspn(buf, "\n"), buf,
	       why.text);
	return err;
}
static BUS_ATTR_WO(config);

static struct attribute *virt_bus_attrs[] = {
	&bus_attr_config.attr,
	NULL
};

static const struct attribute_group virt_bus_group = {
	.attrs = virt_bus_attrs,
};

const struct attribute_group *virt_bus_groups[] = {
	&virt_bus_group,
	NULL
};
