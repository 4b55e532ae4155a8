// SPDX-License-Identifier: GPL-2.0
/*
 * name.c - every device has one unique name: kind and suffix
 *
 * The name is there before a driver is (it names the device's directory), so
 * the kinds' prefixes are known here; nothing else about a kind is.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "internal.h"

static const struct {
	u32 type;
	const char *prefix;
} kinds[] = {
	{ VIRTIO_ID_NET, "eth" },
	{ VIRTIO_ID_BLOCK, "ubd" },
	{ VIRTIO_ID_CONSOLE, "con" },
	{ VIRTIO_ID_9P, "9p" },
};

static const char *prefix_of(u32 type)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].type == type)
			return kinds[i].prefix;
	return "dev";
}

static bool taken(const char *name)
{
	struct virt_dev_core *core;

	lockdep_assert_held(&virt_bus.names_lock);
	list_for_each_entry(core, &virt_bus.names, name_entry)
		if (!strcmp(core->name, name))
			return true;
	return false;
}

static int check_wish(const char *name, const char *prefix,
		      struct virt_why *why)
{
	char next = name[strlen(prefix)];
	int err;

	err = virt_name_check(name, why);
	if (err)
		return err;
	if (!str_has_prefix(name, prefix) || (next != '-' && !isdigit(next))) {
		virt_why(why, "a device of this kind is called %s0, %s1, .. or %s-something, not %s",
			 prefix, prefix, prefix, name);
		return -EINVAL;
	}
	if (taken(name)) {
		virt_why(why, "the name %s is taken; choose another or remove that device first",
			 name);
		return -EEXIST;
	}
	return 0;
}

/**
 * virt_name_take() - give a device its name
 * @core: the device
 * @name: the name, or NULL: the first free one of its kind
 * @why: why not, or NULL
 *
 * Context: process.
 * Return: 0, -EINVAL or -EEXIST.
 */
int virt_name_take(struct virt_dev_core *core, const char *name,
		   struct virt_why *why)
{
	const char *prefix = prefix_of(core->vdev.id.device);
	unsigned int i = 0;
	int err = 0;

	mutex_lock(&virt_bus.names_lock);
	if (name) {
		err = check_wish(name, prefix, why);
		if (!err)
			strscpy(core->name, name, sizeof(core->name));
	} else {
		do {
			snprintf(core->name, sizeof(core->name), "%s%u",
				 prefix, i++);
		} while (taken(core->name));
	}
	if (!err)
		list_add_tail(&core->name_entry, &virt_bus.names);
	mutex_unlock(&virt_bus.names_lock);
	return err;
}

/**
 * virt_name_release() - the name may be used again
 * @core: the device, no longer on the bus
 *
 * Context: process.
 */
void virt_name_release(struct virt_dev_core *core)
{
	mutex_lock(&virt_bus.names_lock);
	list_del_init(&core->name_entry);
	mutex_unlock(&virt_bus.names_lock);
}
