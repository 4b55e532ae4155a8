// SPDX-License-Identifier: GPL-2.0
/*
 * virtbus_taken_bus.c - takes the name of a driver or of a transport on the bus
 *
 *	modprobe virtbus_taken_bus driver=virtbus_blk
 *	modprobe virtbus_taken_bus transport=loop
 */
#include <linux/module.h>

#include <virtbus/virt_glue.h>

static char *driver;
module_param(driver, charp, 0);
MODULE_PARM_DESC(driver, "name of a driver to register");
static char *transport;
module_param(transport, charp, 0);
MODULE_PARM_DESC(transport, "name of a transport to register");

/* A kind of device that nobody has. */
static const struct virtio_device_id no_ids[] = { { 0x7ffc, VIRTIO_DEV_ANY_ID }, { 0 } };
static int no_probe(struct virt_dev *vdev) { return -ENODEV; }
static void no_more(struct virt_dev *vdev) { }

static struct virt_driver no_driver = {
	.ids = no_ids,
	.probe = no_probe,
	.remove = no_more,
	.lost = no_more,
};

static long no_transfer(struct virt_dev *vdev, void *buffer, unsigned long size, int type)
{
	return -ENODEV;
}

static int no_events(struct virt_dev *vdev, unsigned int nr_queues) { return -ENODEV; }
static void no_kick(struct virt_queue *q) { }
static int no_spec(struct virt_dev *vdev, char *buf, size_t size) { return -ENODEV; }
static int no_config(const struct virt_spec *spec, struct virt_why *why) { return -ENODEV; }

static const char *const no_backends[] = { NULL };
static struct virt_transport no_transport = {
	.owner = THIS_MODULE,
	.backends = no_backends,
	.transfer = no_transfer,
	.events_open = no_events,
	.events_close = no_more,
	.kick = no_kick,
	.spec = no_spec,
	.config = no_config,
	.unplug = no_more,
};

static int __init taken_init(void)
{
	if (driver) {
		no_driver.driver.name = driver;
		return virt_driver_register(&no_driver);
	}
	if (!transport)
		return -EINVAL;
	no_transport.name = transport;
	return virt_transport_register(&no_transport);
}

static void __exit taken_exit(void)
{
	if (driver)
		virt_driver_unregister(&no_driver);
	else
		virt_transport_unregister(&no_transport);
}

module_init(taken_init);
module_exit(taken_exit);
MODULE_IMPORT_NS("VIRTBUS");
MODULE_IMPORT_NS("VIRTBUS_GLUE");
MODULE_DESCRIPTION("takes a name on the virtual device bus");
MODULE_LICENSE("GPL");
