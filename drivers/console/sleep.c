// SPDX-License-Identifier: GPL-2.0
/*
 * sleep.c - consoles while the machine sleeps
 *
 * Terminals and files stay open. What is written meanwhile waits in the ring, what came
 * and was not read is kept; then both ends tell each other anew which ports there are.
 */
#include <linux/delay.h>

#include "console.h"

/* How long the host has to read what was written, in milliseconds. */
#define PATIENCE	200
#define STEP		5

static bool is_sending(struct vcon *vcon)
{
	unsigned int i;

	for (i = 0; i < vcon->nr_ports; i++) {
		vcon_tx_event(vcon->ports[i].queues[1]);
		if (vcon_tx_waiting(&vcon->ports[i].tx))
			return true;
	}
	return false;
}

/* A piece that the host has read in part it gets once more: better that than a gap. */
int vcon_freeze(struct virt_dev *vdev, struct virt_why *why)
{
	struct vcon *vcon = virt_dev_get_drvdata(vdev);
	unsigned int i, waited;

	for (waited = 0; waited < PATIENCE && is_sending(vcon); waited += STEP)
		msleep(STEP);
	vcon_look_off(vcon);
	vcon_control_off(vcon);
	virt_dev_stop(vdev);
	for (i = 0; i < vcon->nr_ports; i++)
		vcon_port_freeze(&vcon->ports[i]);
	return 0;
}

/* Where it fails nobody uses a queue; vcon_lost() follows, and users see their end. */
int vcon_thaw(struct virt_dev *vdev)
{
	struct vcon *vcon = virt_dev_get_drvdata(vdev);
	unsigned int i;
	int err;

	err = vcon_queues_open(vcon);
	for (i = 0; !err && i < vcon->nr_ports; i++)
		err = vcon_port_thaw(&vcon->ports[i]);
	if (!err)
		err = virt_dev_ready(vdev);
	if (err) {
		dev_err(&vdev->dev, "its ports cannot be used any more\n");
		for (i = 0; i < vcon->nr_ports; i++)
			vcon_port_stop(&vcon->ports[i]);
		return err;
	}
	for (i = 0; i < vcon->nr_ports; i++) {
		vcon_tx_send(&vcon->ports[i].tx);
		vcon_port_sent(&vcon->ports[i]);
		vcon_port_input(&vcon->ports[i]);
	}
	vcon_control_on(vcon);
	vcon_look_on(vcon);
	return 0;
}
