// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - consoles on the virtual device bus (virtio 1.2, 5.3)
 *
 *	tty.c	the terminal /dev/conN
 *	tx.c	output
 *	rx.c	input
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "console.h"

static const struct virtio_device_id vcon_ids[] = {
	{ VIRTIO_ID_CONSOLE, VIRTIO_DEV_ANY_ID },
	{ 0 }
};

static const unsigned int vcon_features[] = {
	VIRTIO_CONSOLE_F_SIZE,
};

/* 5.3.4: the size is valid with the feature only. */
static void read_size(struct vcon *vcon)
{
	struct virtio_console_config config;

	if (!virt_dev_has(vcon->vdev, VIRTIO_CONSOLE_F_SIZE) ||
	    virt_dev_read_config(vcon->vdev, &config, sizeof(config)))
		return;
	vcon_tty_resize(vcon, le16_to_cpu((__force __le16)config.cols),
			le16_to_cpu((__force __le16)config.rows));
}

static int open_queues(struct vcon *vcon)
{
	const struct virt_queue_param params[VCON_QUEUES] = {
		[VCON_RX] = {
			.name = "input",
			.callback = vcon_rx_done,
			.priv = vcon,
			.max_segs = 1,
		},
		[VCON_TX] = {
			.name = "output",
			.callback = vcon_tx_done,
			.priv = vcon,
			.max_segs = 1,
		},
	};
	struct virt_queue *queues[VCON_QUEUES];
	int err;

	err = virt_queues_open(vcon->vdev, VCON_QUEUES, params, queues);
	if (err)
		return err;
	err = vcon_rx_init(&vcon->rx, queues[VCON_RX]);
	if (err)
		return err;
	spin_lock_irq(&vcon->tx.lock);
	vcon->tx.q = queues[VCON_TX];
	spin_unlock_irq(&vcon->tx.lock);
	return 0;
}

/* The device is silent: nothing of it is used any more. */
static void stop(struct vcon *vcon)
{
	vcon_rx_stop(&vcon->rx);
	vcon_tx_stop(&vcon->tx);
	virt_dev_stop(vcon->vdev);
	virt_queues_close(vcon->vdev);
	vcon_rx_free(&vcon->rx);
	vcon_tx_free(&vcon->tx);
}

static int vcon_probe(struct virt_dev *vdev)
{
	struct vcon *vcon;
	int err;

	vcon = kzalloc(sizeof(*vcon), GFP_KERNEL);
	if (!vcon)
		return -ENOMEM;
	vcon->vdev = vdev;
	get_device(&vdev->dev);
	vcon_port_init(vcon);
	vcon_rx_prepare(&vcon->rx);
	virt_dev_set_drvdata(vdev, vcon);

	err = vcon_tx_init(&vcon->tx);
	if (!err)
		err = open_queues(vcon);
	if (!err)
		err = virt_dev_ready(vdev);
	if (!err) {
		read_size(vcon);
		err = vcon_tty_add(vcon);
	}
	if (err) {
		stop(vcon);
		tty_port_put(&vcon->port);
	}
	return err;
}

static void vcon_lost(struct virt_dev *vdev)
{
	struct vcon *vcon = virt_dev_get_drvdata(vdev);

	vcon_rx_stop(&vcon->rx);
	vcon_tx_stop(&vcon->tx);
	tty_port_tty_hangup(&vcon->port, false);
}

static void vcon_remove(struct virt_dev *vdev)
{
	struct vcon *vcon = virt_dev_get_drvdata(vdev);

	vcon_tty_del(vcon);
	stop(vcon);
	/* who still has the terminal open keeps it, and us */
	tty_port_put(&vcon->port);
}

static void vcon_config_changed(struct virt_dev *vdev)
{
	read_size(virt_dev_get_drvdata(vdev));
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
};

static int __init vcon_init(void)
{
	int err;

	err = vcon_tty_init();
	if (err)
		return err;
	err = virt_driver_register(&vcon_driver);
	if (err)
		vcon_tty_exit();
	return err;
}

static void __exit vcon_exit(void)
{
	virt_driver_unregister(&vcon_driver);
	vcon_tty_exit();
}

module_init(vcon_init);
module_exit(vcon_exit);
MODULE_DESCRIPTION("consoles on the virtual device bus");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(VIRTBUS);
MODULE_ALIAS_VIRT_DEV(3);
