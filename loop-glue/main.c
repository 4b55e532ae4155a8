// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - the loop transport: devices whose device end is in this kernel
 *
 *	insmod virtbus_loop.ko config=ubd1=ram,64M config=ubd2=ram,1G,ro
 *	echo ubd3=ram,64M > /sys/bus/virtbus/config
 *
 * It knows no kind of device: ends/ and other modules do (virt_end.h).
 */
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "loop.h"

#define SPECS_MAX	32
#define BACKENDS_MAX	16

static DEFINE_MUTEX(loop_lock);		/* protects the next three */
static LIST_HEAD(ports);
static bool closing;
static DECLARE_WAIT_QUEUE_HEAD(port_freed);

static struct device *root;

static char *specs[SPECS_MAX];
static unsigned int nr_specs;

static int config_set(const char *text, const struct kernel_param *param)
{
	if (nr_specs == SPECS_MAX) {
		pr_err("more than %u times config=: make \"%s\" with /sys/bus/virtbus/config\n",
		       SPECS_MAX, text);
		return -ENOSPC;
	}
	specs[nr_specs] = kstrdup(text, GFP_KERNEL);
	return specs[nr_specs++] ? 0 : -ENOMEM;
}

static const struct kernel_param_ops config_ops = { .set = config_set };
module_param_cb(config, &config_ops, NULL, 0);
MODULE_PARM_DESC(config, "spec of a device to make, NAME=BACKEND[,ARG..][,KEY=VALUE..]; may be repeated");

/* Names that specs may begin with: ours, and those of modules to come. */
#define BACKENDS_OURS	3
static const char *backends[BACKENDS_MAX + 1] = { "ram", "loop", "pair" };
static char *ends[BACKENDS_MAX - BACKENDS_OURS];
static unsigned int nr_ends;
module_param_array(ends, charp, &nr_ends, 0);
MODULE_PARM_DESC(ends, "more back ends that specs may name: those with a module virtbus-end-NAME");

static struct loop_port *find(const char *name)
{
	struct loop_port *port;

	lockdep_assert_held(&loop_lock);
	list_for_each_entry(port, &ports, node)
		if (!strcmp(dev_name(&port->dev), name))
			return port;
	return NULL;
}

/* Reserve the name. */
static int list_port(struct loop_port *port, struct virt_why *why)
{
	int ret = 0;

	mutex_lock(&loop_lock);
	if (closing) {
		virt_why(why, "%s is being unloaded", KBUILD_MODNAME);
		ret = -ENODEV;
	} else if (find(dev_name(&port->dev))) {
		virt_why(why, "the name %s is taken: remove that device first, or use another name",
			 dev_name(&port->dev));
		ret = -EEXIST;
	} else {
		list_add_tail(&port->node, &ports);
	}
	mutex_unlock(&loop_lock);
	return ret;
}

/* Only one takes a port down. Under loop_lock. */
static bool take(struct loop_port *port)
{
	lockdep_assert_held(&loop_lock);
	if (port->leaving)
		return false;
	port->leaving = true;
	return true;
}

/* The name is free, and nothing of the port is left, when this returns. */
static void remove_port(struct loop_port *port)
{
	loop_port_unplug(port);
	mutex_lock(&loop_lock);
	list_del(&port->node);
	wake_up_all(&port_freed);
	mutex_unlock(&loop_lock);
	put_device(&port->dev);
}

static int loop_config(const struct virt_spec *spec, struct virt_why *why)
{
	struct loop_port *port = loop_port_alloc(spec->name, root);
	bool mine = false;
	int ret;

	if (!port) {
		virt_why(why, "no memory for a port");
		return -ENOMEM;
	}
	ret = list_port(port, why);
	if (ret) {
		put_device(&port->dev);
		return ret;
	}

	get_device(&port->dev);		/* somebody may take it down */
	ret = loop_port_fill(port, spec, why);
	if (!ret)
		ret = loop_port_plug(port, why);
	if (ret) {
		if (why && !why->text[0])
			virt_why(why, "it cannot be made (error %d)", ret);
		mutex_lock(&loop_lock);
		mine = take(port);
		mutex_unlock(&loop_lock);
	}
	complete_all(&port->made);
	if (mine)
		remove_port(port);
	put_device(&port->dev);
	return ret;
}

/* The device came from us, but its port may be on its way out already. */
static void loop_unplug(struct virt_dev *vdev)
{
	struct loop_port *port, *found = NULL;

	mutex_lock(&loop_lock);
	list_for_each_entry(port, &ports, node)
		if (port->vdev == vdev && take(port))
			found = port;
	mutex_unlock(&loop_lock);
	if (found)
		remove_port(found);
}

const struct virt_transport loop_transport = {
	.name = "loop",
	.owner = THIS_MODULE,
	.backends = backends,
	.transfer = loop_transfer,
	.events_open = loop_events_open,
	.events_close = loop_events_close,
	.kick = loop_kick,
	.cut = loop_cut,
	.spec = loop_port_spec,
	.config = loop_config,
	.unplug = loop_unplug,
};

static void remove_all(void)
{
	struct loop_port *port, *found;

	mutex_lock(&loop_lock);
	closing = true;
	do {
		found = NULL;
		list_for_each_entry(port, &ports, node) {
			if (take(port)) {
				found = port;
				break;
			}
		}
		if (found) {
			mutex_unlock(&loop_lock);
			remove_port(found);
			mutex_lock(&loop_lock);
		}
	} while (found);
	mutex_unlock(&loop_lock);
	/* those that others take down */
	wait_event(port_freed, list_empty_careful(&ports));
}

static void make_all(void)
{
	struct virt_why why;
	unsigned int i;
	int ret;

	for (i = 0; i < nr_specs; i++) {
		why.text[0] = '\0';
		ret = virt_config(specs[i], &loop_transport, &why);
		/* One bad spec must not cost a machine its other disks. */
		if (ret)
			pr_err("config=%s: %s (%d)\n", specs[i],
			       why.text[0] ? why.text : "failed", ret);
	}
}

static void free_specs(void)
{
	while (nr_specs)
		kfree(specs[--nr_specs]);
}

static int __init virtbus_loop_init(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < nr_ends; i++)
		backends[BACKENDS_OURS + i] = ends[i];

	root = root_device_register("virtbus_loop");
	if (IS_ERR(root)) {
		ret = PTR_ERR(root);
		/* which modprobe takes for "loaded already" */
		if (ret == -EEXIST)
			ret = -EBUSY;
		goto free_specs;
	}
	ret = virt_transport_register(&loop_transport);
	if (ret)
		goto unregister_root;
	make_all();
	free_specs();
	return 0;

unregister_root:
	root_device_unregister(root);
free_specs:
	free_specs();
	return ret;
}
module_init(virtbus_loop_init);

static void __exit virtbus_loop_exit(void)
{
	remove_all();
	virt_transport_unregister(&loop_transport);
	root_device_unregister(root);
}
module_exit(virtbus_loop_exit);

MODULE_IMPORT_NS("VIRTBUS");
MODULE_IMPORT_NS("VIRTBUS_GLUE");
MODULE_IMPORT_NS("VIRTBUS_END");
MODULE_DESCRIPTION("Loop transport of the virtual device bus: device ends in this kernel");
MODULE_LICENSE("GPL");
