// SPDX-License-Identifier: GPL-2.0
/*
 * transport.c - the glues, and how a spec or a device finds its glue
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "internal.h"

/**
 * struct transport_entry - a registered glue
 * @list: in virt_bus.transports
 * @transport: the glue's constant operations
 */
struct transport_entry {
	struct list_head list;
	const struct virt_transport *transport;
};

static bool has_backend(const struct virt_transport *transport,
			const char *backend)
{
	const char *const *name;

	for (name = transport->backends; *name; name++)
		if (!strcmp(*name, backend))
			return true;
	return false;
}

static bool collides(const struct virt_transport *a,
		     const struct virt_transport *b)
{
	const char *const *name;

	if (!strcmp(a->name, b->name))
		return true;
	for (name = a->backends; *name; name++)
		if (has_backend(b, *name))
			return true;
	return false;
}

int virt_transport_register(const struct virt_transport *transport)
{
	struct transport_entry *entry, *other;
	int err = 0;

	if (!transport->name || !transport->backends || !transport->transfer ||
	    !transport->events_open || !transport->events_close ||
	    !transport->kick || !transport->spec || !transport->config ||
	    !transport->unplug) {
		pr_err("virtbus: transport %s lacks an operation\n",
		       transport->name ?: "?");
		return -EINVAL;
	}
	entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return -ENOMEM;
	entry->transport = transport;

	mutex_lock(&virt_bus.transports_lock);
	list_for_each_entry(other, &virt_bus.transports, list)
		if (collides(transport, other->transport))
			err = -EBUSY;
	if (!err)
		list_add_tail(&entry->list, &virt_bus.transports);
	mutex_unlock(&virt_bus.transports_lock);
	if (err) {
		pr_err("virtbus: another module is the transport %s already, or has one of its back ends: unload that first\n",
		       transport->name);
		kfree(entry);
	}
	return err;
}
EXPORT_SYMBOL_NS_GPL(virt_transport_register, "VIRTBUS_GLUE");

void virt_transport_unregister(const struct virt_transport *transport)
{
	struct transport_entry *entry, *next;

	/* no spec is under way: virt_config() holds the glue's module */
	mutex_lock(&virt_bus.transports_lock);
	list_for_each_entry_safe(entry, next, &virt_bus.transports, list) {
		if (entry->transport != transport)
			continue;
		list_del(&entry->list);
		kfree(entry);
	}
	mutex_unlock(&virt_bus.transports_lock);
}
EXPORT_SYMBOL_NS_GPL(virt_transport_unregister, "VIRTBUS_GLUE");

/* The glue that knows a back end, with a reference on its module. */
static const struct virt_transport *transport_get(const char *backend)
{
	const struct virt_transport *found = NULL;
	struct transport_entry *entry;

	mutex_lock(&virt_bus.transports_lock);
	list_for_each_entry(entry, &virt_bus.transports, list) {
		if (!has_backend(entry->transport, backend))
			continue;
		if (try_module_get(entry->transport->owner))
			found = entry->transport;
		break;
	}
	mutex_unlock(&virt_bus.transports_lock);
	return found;
}

int virt_config(const char *text, const struct virt_transport *only,
		struct virt_why *why)
{
	const struct virt_transport *transport;
	struct virt_spec *spec;
	int err;

	spec = kzalloc(sizeof(*spec), GFP_KERNEL);
	if (!spec)
		return -ENOMEM;
	err = virt_spec_parse(spec, text, why);
	if (err)
		goto free_spec;

	transport = transport_get(spec->backend);
	if (!transport || (only && only != transport)) {
		virt_why(why, "no %s knows the back end %s; load the module that does (pci: virtbus_pci, ccw: virtbus_ccw, ram: virtbus_loop)",
			 only ? "such device" : "loaded transport",
			 spec->backend);
		err = -ENODEV;
		goto put_transport;
	}
	err = transport->config(spec, why);

put_transport:
	if (transport)
		module_put(transport->owner);
free_spec:
	kfree(spec);
	return err;
}
EXPORT_SYMBOL_NS_GPL(virt_config, "VIRTBUS_GLUE");

/**
 * virt_transfer() - one step of the control path
 * @core: the device
 * @buffer: what is moved
 * @size: its size
 * @type: enum virt_xfer
 *
 * A device that does not answer becomes Broken here, one that is not there any
 * more Gone.
 *
 * Context: process, under core->lock.
 * Return: as virt_transport.transfer(); -EIO or -ENODEV for a lost device,
 * which is not talked to.
 */
long virt_transfer(struct virt_dev_core *core, void *buffer,
		   unsigned long size, int type)
{
	struct virt_dev *vdev = &core->vdev;
	long ret;

	lockdep_assert_held(&core->lock);
	ret = virt_dev_usable(vdev);
	if (ret)
		return ret;
	ret = vdev->transport->transfer(vdev, buffer, size, type);
	if (ret == -ENODEV)
		virt_dev_gone(vdev);
	else if (ret == -ETIMEDOUT)
		virt_dev_break(vdev, "it does not answer");
	return ret;
}
