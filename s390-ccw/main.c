// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - virtbus_ccw.ko: virtbus devices over channel I/O (s390x)
 *
 * Start with vccw_init(): it is the module's whole life, vccw_exit() in reverse.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ccw.h"

bool vccw_classic;
module_param_named(classic, vccw_classic, bool, 0444);
MODULE_PARM_DESC(classic, "use classic instead of adapter interrupts (for tests)");

module_param_cb(claim, &vccw_claim_ops, NULL, 0644);
MODULE_PARM_DESC(claim, "devices to take from virtio_ccw: 0.0.1000, 0.0.1000-0.0.10ff, with commas, or all");

/* config= may be given several times. */
struct config {
	struct list_head node;
	char text[];
};

static LIST_HEAD(configs);

static int config_set(const char *text, const struct kernel_param *kp)
{
	struct config *c = kmalloc(sizeof(*c) + strlen(text) + 1, GFP_KERNEL);

	if (!c)
		return -ENOMEM;
	strcpy(c->text, text);
	list_add_tail(&c->node, &configs);
	return 0;
}

static const struct kernel_param_ops config_ops = { .set = config_set };

module_param_cb(config, &config_ops, NULL, 0);
MODULE_PARM_DESC(config, "device to make: NAME=ccw,0.0.1000; may be repeated");

/* One refused spec does not take the other devices from the machine. */
static void apply_configs(bool apply)
{
	struct config *c, *next;

	list_for_each_entry_safe(c, next, &configs, node) {
		struct virt_why why = {};
		int ret = 0;

		if (apply)
			ret = virt_config(c->text, &vccw_transport, &why);
		if (ret)
			pr_err("virtbus_ccw: config=%s: %s (error %d)\n", c->text, why.text,
			       ret);
		list_del(&c->node);
		kfree(c);
	}
}

/**
 * vccw_addr() - read a channel device's address
 * @text: 0.S.DDDD, as in /sys/bus/ccw/devices
 * @key: the result, as vccw_key()
 *
 * Return: 0, or -EINVAL.
 */
int vccw_addr(const char *text, u64 *key)
{
	unsigned int cssid, ssid, devno;
	int len = -1;

	/* %x would also take a sign, a prefix and leading space */
	if (strspn(text, "0123456789abcdefABCDEF.") != strlen(text))
		return -EINVAL;
	if (sscanf(text, "%1x.%1x.%4x%n", &cssid, &ssid, &devno, &len) != 3 ||
	    len < 0 || text[len] || cssid || ssid > 3)
		return -EINVAL;
	*key = (u64)ssid << 16 | devno;
	return 0;
}

/* virt_transport.spec() */
static int spec(struct virt_dev *vdev, char *buf, size_t size)
{
	struct vccw_glue *glue = virt_dev_glue(vdev);

	return scnprintf(buf, size, "ccw,0.%x.%04x", glue->id.ssid,
			 glue->id.devno);
}

static const char *const backends[] = { "ccw", NULL };

const struct virt_transport vccw_transport = {
	.name = "ccw",
	.owner = THIS_MODULE,
	.backends = backends,
	.transfer = vccw_transfer,
	.events_open = vccw_events_open,
	.events_close = vccw_events_close,
	.kick = vccw_kick,
	.spec = spec,
	.config = vccw_config,
	.unplug = vccw_device_unplug,
};

static int __init vccw_init(void)
{
	int ret;

	ret = vccw_device_init();
	if (ret)
		goto free_configs;
	ret = vccw_errand_init();
	if (ret)
		goto exit_device;
	ret = virt_transport_register(&vccw_transport);
	if (ret)
		goto exit_errand;
	ret = ccw_driver_register(&vccw_driver);
	if (ret)
		goto unregister_transport;
	ret = vccw_claim_start();
	if (ret)
		goto unregister_driver;

	vccw_bind_allow(true);
	/* Names that were asked for first, then those that are left. */
	apply_configs(true);
	vccw_claim_present();
	return 0;

unregister_driver:
	ccw_driver_unregister(&vccw_driver);
unregister_transport:
	virt_transport_unregister(&vccw_transport);
exit_errand:
	vccw_errand_exit();
exit_device:
	vccw_device_exit();
free_configs:
	apply_configs(false);
	return ret;
}

static void __exit vccw_exit(void)
{
	vccw_claim_stop();
	vccw_bind_allow(false);
	ccw_driver_unregister(&vccw_driver);
	/* Work items that waited for a device lock find it unbound. */
	vccw_device_exit();
	vccw_errand_exit();
	virt_transport_unregister(&vccw_transport);
	vccw_adapter_exit();
}

module_init(vccw_init);
module_exit(vccw_exit);
MODULE_DESCRIPTION("virtbus: devices over channel I/O");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("VIRTBUS");
MODULE_IMPORT_NS("VIRTBUS_GLUE");
