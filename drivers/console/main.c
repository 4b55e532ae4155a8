// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - consoles on the virtual device bus (virtio 1.2, 5.3)
 *
 *	port.c		a port: its coming and its going
 *	control.c	what the host and we tell each other about ports
 *	tx.c, rx.c	output, input
 *	tty.c		what users see of a console: a terminal, /dev/conN
 *	file.c		what they see of another port: /dev/virtio-ports/NAME
 *	kernel.c	a terminal as the kernel's console
 *	sleep.c		while the machine sleeps
 *	use.c		who has something open
 *	hold.c		what the in-tree driver made of a device that we are to take
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "console.h"

/* 5.3.2: the control queues come after the first port's */
enum { CONTROL_IN = 2, CONTROL_OUT = 3 };

static const struct virtio_device_id vcon_ids[] = {
	{ VIRTIO_ID_CONSOLE, VIRTIO_DEV_ANY_ID },
	{ 0 }
};

static const unsigned int vcon_features[] = {
	VIRTIO_CONSOLE_F_SIZE,
	VIRTIO_CONSOLE_F_MULTIPORT,
	VIRTIO_CONSOLE_F_EMERG_WRITE,
};

static void release(struct kref *ref)
{
	struct vcon *vcon = container_of(ref, struct vcon, ref);
	unsigned int i;

	for (i = 0; i < vcon->nr_ports; i++)
		vcon_port_free(&vcon->ports[i]);
	put_device(&vcon->vdev->dev);
	kfree(vcon);
}

void vcon_get(struct vcon *vcon)
{
	kref_get(&vcon->ref);
}

void vcon_put(struct vcon *vcon)
{
	kref_put(&vcon->ref, release);
}

/* 5.3.4: the size is valid with the feature only; ports tell theirs otherwise. */
void vcon_read_size(struct vcon *vcon)
{
	struct virtio_console_config config;

	if (!virt_dev_has(vcon->vdev, VIRTIO_CONSOLE_F_SIZE) ||
	    virt_dev_read_config(vcon->vdev, &config, sizeof(config)))
		return;
	vcon_port_set_size(&vcon->ports[0],
			   le16_to_cpu((__force __le16)config.cols),
			   le16_to_cpu((__force __le16)config.rows));
}

/* How many ports the device may have, and we look at; or -errno. */
static int count_ports(struct virt_dev *vdev)
{
	struct virtio_console_config config;
	u32 n;
	int err;

	if (!virt_dev_has(vdev, VIRTIO_CONSOLE_F_MULTIPORT))
		return 1;
	err = virt_dev_read_config(vdev, &config, sizeof(config));
	if (err)
		return err;
	n = __virtio32_to_cpu(true, config.max_nr_ports);
	if (!n) {
		dev_err(&vdev->dev, "the host gives it 0 ports (max_ports of its virtio-serial): nothing to drive\n");
		return -EINVAL;
	}
	if (n > VCON_PORTS)
		dev_warn(&vdev->dev, "only %u of its %u ports can be used\n",
			 VCON_PORTS, n);
	return min_t(u32, n, VCON_PORTS);
}

/* Queue of a port: its input; its output is the next. */
static unsigned int queue_of(unsigned int port)
{
	return port ? 2 + 2 * port : 0;
}

/**
 * vcon_queues_open() - open all queues of a device
 * @vcon: it; it may have slept
 *
 * Context: process, may sleep; in probe() and thaw().
 * Return: 0 or -errno; the core closes what there is.
 */
int vcon_queues_open(struct vcon *vcon)
{
	unsigned int i, at, n = vcon->multiport ? 2 * vcon->nr_ports + 2 : 2;
	struct virt_queue_param *params;
	struct virt_queue **queues;
	char (*names)[20];
	int err = -ENOMEM;

	params = kcalloc(n, sizeof(*params), GFP_KERNEL);
	queues = kcalloc(n, sizeof(*queues), GFP_KERNEL);
	names = kcalloc(n, sizeof(*names), GFP_KERNEL);
	if (!params || !queues || !names)
		goto out;
	for (i = 0; i < n; i++)
		params[i] = (struct virt_queue_param){
			.name = names[i],
			.callback = vcon_control_event,
			.priv = vcon,
			.max_segs = 1,
		};
	for (i = 0; i < vcon->nr_ports; i++) {
		at = queue_of(i);
		snprintf(names[at], sizeof(*names), "input%u", i);
		snprintf(names[at + 1], sizeof(*names), "output%u", i);
		params[at].callback = vcon_rx_event;
		params[at + 1].callback = vcon_tx_event;
		params[at].priv = &vcon->ports[i];
		params[at + 1].priv = &vcon->ports[i];
	}
	if (vcon->multiport) {
		strscpy(names[CONTROL_IN], "control-in", sizeof(*names));
		strscpy(names[CONTROL_OUT], "control-out", sizeof(*names));
	}
	err = virt_queues_open(vcon->vdev, n, params, queues);
	if (err)
		goto out;
	for (i = 0; i < vcon->nr_ports; i++)
		memcpy(vcon->ports[i].queues, &queues[queue_of(i)],
		       sizeof(vcon->ports[i].queues));
	if (vcon->multiport)
		err = vcon_control_init(vcon, queues[CONTROL_IN],
					queues[CONTROL_OUT]);
out:
	kfree(names);
	kfree(queues);
	kfree(params);
	return err;
}

/* Nobody finds anything of it any more; the device is silent then. */
static void stop(struct vcon *vcon)
{
	unsigned int i;

	vcon_look_off(vcon);
	vcon_control_off(vcon);
	for (i = 0; i < vcon->nr_ports; i++) {
		vcon_port_del(&vcon->ports[i]);
		vcon_port_stop(&vcon->ports[i]);
	}
	virt_dev_stop(vcon->vdev);
	virt_queues_close(vcon->vdev);
	vcon_control_free(&vcon->control);
	vcon_put(vcon);
}

/* Without a control queue there is one port, and it is a console. */
static int add_only_port(struct vcon *vcon)
{
	struct vcon_port *port = &vcon->ports[0];
	int err;

	err = vcon_port_add(port);
	if (err)
		return err;
	port->is_console = true;
	port->host_open = true;
	vcon_read_size(vcon);
	return vcon_port_show(port);
}

static int vcon_probe(struct virt_dev *vdev)
{
	struct vcon *vcon;
	int err, n, i;

	n = count_ports(vdev);
	if (n < 0)
		return n;
	vcon = kzalloc(struct_size(vcon, ports, n), GFP_KERNEL);
	if (!vcon)
		return -ENOMEM;
	vcon->vdev = vdev;
	get_device(&vdev->dev);
	kref_init(&vcon->ref);
	mutex_init(&vcon->use_lock);
	vcon->multiport = virt_dev_has(vdev, VIRTIO_CONSOLE_F_MULTIPORT);
	vcon->nr_ports = n;
	vcon_control_prepare(&vcon->control);
	vcon_look_init(vcon);
	for (i = 0; i < n; i++)
		vcon_port_prepare(vcon, i);
	virt_dev_set_drvdata(vdev, vcon);

	err = vcon_queues_open(vcon);
	if (!err)
		err = virt_dev_ready(vdev);
	if (!err && !vcon->multiport)
		err = add_only_port(vcon);
	if (err) {
		stop(vcon);
		return err;
	}
	vcon_control_on(vcon);
	vcon_look_on(vcon);
	return 0;
}

static void vcon_lost(struct virt_dev *vdev)
{
	struct vcon *vcon = virt_dev_get_drvdata(vdev);
	unsigned int i;

	for (i = 0; i < vcon->nr_ports; i++)
		vcon_port_stop(&vcon->ports[i]);
}

static void vcon_remove(struct virt_dev *vdev)
{
	stop(virt_dev_get_drvdata(vdev));
}

static void vcon_config_changed(struct virt_dev *vdev)
{
	vcon_control_run(virt_dev_get_drvdata(vdev));
}

static struct virt_driver vcon_driver = {
	.driver.name = "virtbus_console",
	.ids = vcon_ids,
	.features = vcon_features,
	.nr_features = ARRAY_SIZE(vcon_features),
	.probe = vcon_probe,
	.remove = vcon_remove,
	.lost = vcon_lost,
	.config_changed = vcon_config_changed,
	.idle = vcon_idle,
	.reopen = vcon_reopen,
	.freeze = vcon_freeze,
	.thaw = vcon_thaw,
	.hold = vcon_hold,
	.unhold = vcon_unhold,
};

static int __init vcon_init(void)
{
	int err;

	err = vcon_tty_init();
	if (err)
		return err;
	err = vcon_file_init();
	if (err)
		goto no_file;
	err = virt_driver_register(&vcon_driver);
	if (err)
		goto no_driver;
	return 0;

no_driver:
	vcon_file_exit();
no_file:
	vcon_tty_exit();
	return err;
}

static void __exit vcon_exit(void)
{
	virt_driver_unregister(&vcon_driver);
	vcon_file_exit();
	vcon_tty_exit();
}

module_init(vcon_init);
module_exit(vcon_exit);
MODULE_DESCRIPTION("consoles on the virtual device bus");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("VIRTBUS");
MODULE_ALIAS_VIRT_DEV(3);
