// SPDX-License-Identifier: GPL-2.0
/*
 * use.c - who has ports open, and the end of that
 */
#include <linux/lockdep.h>
#include <linux/module.h>

#include "console.h"

/**
 * vcon_use() - somebody opens a port that nobody has open
 * @face: through what
 *
 * Context: process, may sleep.
 * Return: 0, -EBUSY when it is open, -ENODEV when the port or the device is going
 * or gone, -EIO when the device is broken.
 */
int vcon_use(struct vcon_face *face)
{
	struct vcon_port *port = face->port;
	struct vcon *vcon = port->vcon;
	int err = -ENODEV;

	mutex_lock(&vcon->use_lock);
	if (port->opened)
		err = -EBUSY;
	else if (!vcon->closed && rcu_access_pointer(port->face) == face)
		err = virt_dev_use(vcon->vdev);
	if (!err) {
		face->used = true;
		WRITE_ONCE(port->opened, 1);
		vcon->users++;
		vcon_look_begin(vcon);
	}
	mutex_unlock(&vcon->use_lock);
	if (!err && vcon->multiport)
		vcon_control_run(vcon);
	return err;
}

/**
 * vcon_unuse() - it is closed, or leads nowhere any more
 * @face: what vcon_use() was called with; once more is harmless
 *
 * What was written may still be on its way.
 *
 * Context: process, may sleep.
 */
void vcon_unuse(struct vcon_face *face)
{
	struct vcon_port *port = face->port;
	struct vcon *vcon = port->vcon;
	bool used;

	mutex_lock(&vcon->use_lock);
	used = face->used;
	if (used) {
		face->used = false;
		WRITE_ONCE(port->opened, 0);
		vcon->users--;
	}
	mutex_unlock(&vcon->use_lock);
	if (!used)
		return;
	virt_dev_unuse(vcon->vdev);
	if (vcon->multiport)
		vcon_control_run(vcon);
}

/**
 * vcon_use_kernel() - the kernel begins to print on a port
 * @face: of the port; the kernel does not print there yet
 *
 * Unlike somebody who has it open, it does not keep our module by itself.
 *
 * Context: process, under vcon.use_lock.
 * Return: 0, -EIO when the device is broken, -ENODEV when it is going or gone.
 */
int vcon_use_kernel(struct vcon_face *face)
{
	struct vcon *vcon = face->port->vcon;
	int err;

	lockdep_assert_held(&vcon->use_lock);
	err = vcon->closed ? -ENODEV : virt_dev_use(vcon->vdev);
	if (err)
		return err;
	__module_get(THIS_MODULE);
	face->port->kernel = true;
	vcon->users++;
	vcon_look_begin(vcon);
	return 0;
}

/* It prints there no more. */
void vcon_unuse_kernel(struct vcon_face *face)
{
	struct vcon *vcon = face->port->vcon;

	lockdep_assert_held(&vcon->use_lock);
	face->port->kernel = false;
	vcon->users--;
	virt_dev_unuse(vcon->vdev);
	module_put(THIS_MODULE);
}

static void tell_who(struct vcon *vcon, struct virt_why *why)
{
	const struct vcon_face *face;
	unsigned int i;

	lockdep_assert_held(&vcon->use_lock);
	for (i = 0; i < vcon->nr_ports; i++) {
		face = rcu_dereference_protected(vcon->ports[i].face,
						 lockdep_is_held(&vcon->use_lock));
		if (face && vcon->ports[i].kernel) {
			virt_why(why, "the kernel prints on /dev/%s (0 into /sys/class/tty/%s/console ends that)",
				 face->node, face->node);
			return;
		}
		if (face && face->used) {
			virt_why(why, "/dev/%s is open", face->node);
			return;
		}
	}
	virt_why(why, "one of its ports is just going");
}

/* Check and close in one step: vcon_use() looks under the same lock. */
int vcon_idle(struct virt_dev *vdev, struct virt_why *why)
{
	struct vcon *vcon = virt_dev_get_drvdata(vdev);
	int err = 0;

	mutex_lock(&vcon->use_lock);
	if (vcon->users) {
		tell_who(vcon, why);
		err = -EBUSY;
	} else {
		vcon->closed = true;
	}
	mutex_unlock(&vcon->use_lock);
	return err;
}

void vcon_reopen(struct virt_dev *vdev)
{
	struct vcon *vcon = virt_dev_get_drvdata(vdev);

	mutex_lock(&vcon->use_lock);
	vcon->closed = false;
	mutex_unlock(&vcon->use_lock);
}
