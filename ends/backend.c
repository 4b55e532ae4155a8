// SPDX-License-Identifier: GPL-2.0
/*
 * backend.c - the kinds of device end that specs can name, and the module
 */
#include <linux/kmod.h>

#include "end.h"

/*
 * For all ends: a disk may be what memory is reclaimed to, hence the rescuer.
 * Unbound, since a work item copies whatever its queue has to copy.
 */
struct workqueue_struct *virt_end_wq;

static LIST_HEAD(backends);
static DEFINE_MUTEX(backends_lock);	/* protects the list */

static struct virt_end_backend *find(const char *name)
{
	struct virt_end_backend *backend;

	lockdep_assert_held(&backends_lock);
	list_for_each_entry(backend, &backends, list)
		if (!strcmp(backend->name, name))
			return backend;
	return NULL;
}

int virt_end_backend_register(struct virt_end_backend *backend)
{
	int ret = 0;

	if (WARN_ON(!backend->name || !backend->create || !backend->destroy))
		return -EINVAL;

	mutex_lock(&backends_lock);
	if (find(backend->name))
		ret = -EBUSY;
	else
		list_add_tail(&backend->list, &backends);
	mutex_unlock(&backends_lock);
	return ret;
}
EXPORT_SYMBOL_NS_GPL(virt_end_backend_register, "VIRTBUS_END");

void virt_end_backend_unregister(struct virt_end_backend *backend)
{
	mutex_lock(&backends_lock);
	list_del(&backend->list);
	mutex_unlock(&backends_lock);
}
EXPORT_SYMBOL_NS_GPL(virt_end_backend_unregister, "VIRTBUS_END");

static struct virt_end_backend *find_get(const char *name)
{
	struct virt_end_backend *backend;

	mutex_lock(&backends_lock);
	backend = find(name);
	if (backend && !try_module_get(backend->owner))
		backend = NULL;
	mutex_unlock(&backends_lock);
	return backend;
}

/* The caller owns a reference to the back end's module. */
struct virt_end_backend *virt_end_backend_get(const char *name,
					      struct virt_why *why)
{
	struct virt_end_backend *backend = find_get(name);

	if (!backend && !request_module("virtbus-end-%s", name))
		backend = find_get(name);
	if (!backend) {
		virt_why(why, "no device end \"%s\": load the module with the alias virtbus-end-%s",
			 name, name);
		return ERR_PTR(-ENODEV);
	}
	return backend;
}

void virt_end_backend_put(struct virt_end_backend *backend)
{
	module_put(backend->owner);
}

static int __init virtbus_end_init(void)
{
	int ret;

	virt_end_wq = alloc_workqueue("virtbus_end",
				      WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	if (!virt_end_wq)
		return -ENOMEM;
	ret = virt_end_ram_init();
	if (ret)
		goto destroy_wq;
	ret = virt_end_echo_init();
	if (ret)
		goto exit_ram;
	ret = virt_end_pair_init();
	if (ret)
		goto exit_echo;
	return 0;

exit_echo:
	virt_end_echo_exit();
exit_ram:
	virt_end_ram_exit();
destroy_wq:
	destroy_workqueue(virt_end_wq);
	return ret;
}
module_init(virtbus_end_init);

static void __exit virtbus_end_exit(void)
{
	virt_end_pair_exit();
	virt_end_echo_exit();
	virt_end_ram_exit();
	destroy_workqueue(virt_end_wq);
}
module_exit(virtbus_end_exit);

MODULE_IMPORT_NS("VIRTBUS");
MODULE_DESCRIPTION("Device ends of the virtual device bus in this kernel");
MODULE_LICENSE("GPL");
