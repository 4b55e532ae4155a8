// SPDX-License-Identifier: GPL-2.0
/*
 * online.c - from a ccw device that is ours to a virtbus device, and back
 *
 * Everything here runs with the device lock of the ccw device held, but for what
 * unplug must do to get there.
 */
#include <linux/string.h>

#include "ccw.h"

/* glue->port of devices that are on their way out, against unplug */
static DEFINE_SPINLOCK(glue_lock);

static void set_vdev(struct vccw_port *port, struct virt_dev *vdev)
{
	spin_lock_irq(get_ccwdev_lock(port->cdev));
	port->vdev = vdev;
	spin_unlock_irq(get_ccwdev_lock(port->cdev));
}

/* The virtbus device is no longer ours; drops the reference. */
static void forget(struct vccw_port *port)
{
	struct virt_dev *vdev = port->vdev;
	struct vccw_glue *glue = virt_dev_glue(vdev);

	set_vdev(port, NULL);
	spin_lock(&glue_lock);
	glue->port = NULL;
	spin_unlock(&glue_lock);
	put_device(&vdev->dev);
}

/* Make the virtbus device; the channel works. */
static int announce(struct vccw_port *port, struct virt_why *why)
{
	struct ccw_device *cdev = port->cdev;
	struct subchannel_id schid;
	struct vccw_glue *glue;
	struct virt_dev *vdev;
	int ret;

	vdev = virt_dev_alloc(&cdev->dev, &vccw_transport, cdev->id.cu_model,
			      cdev->id.cu_type, sizeof(*glue));
	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	vdev->dma_dev = &cdev->dev;

	BUILD_BUG_ON(sizeof(schid) != sizeof(glue->schid));
	ccw_device_get_schid(cdev, &schid);
	glue = virt_dev_glue(vdev);
	memcpy(&glue->schid, &schid, sizeof(schid));
	glue->id = port->id;
	glue->port = port;

	/* Before it is added: its driver must hear of events. */
	set_vdev(port, vdev);
	ret = virt_dev_add(vdev, port->name, why);
	if (ret)
		forget(port);
	else if (READ_ONCE(port->gone))
		virt_dev_gone(vdev);
	return ret;
}

void vccw_withdraw(struct vccw_port *port)
{
	if (!port->vdev)
		return;
	virt_dev_del(port->vdev, READ_ONCE(port->gone));
	forget(port);
	vccw_channel_close(port);
}

int vccw_set_online(struct ccw_device *cdev)
{
	struct vccw_port *port = vccw_port_find(cdev);
	struct virt_why local = {}, *why;
	int ret;

	if (!port)
		return -ENODEV;
	why = port->why ?: &local;
	ret = vccw_channel_open(port);
	if (ret)
		goto out;
	ret = vccw_set_revision(port);
	if (ret == -EOPNOTSUPP)
		virt_why(why, "it is a legacy virtio device: remove max_revision=0 on the host, or leave it to virtio_ccw");
	if (!ret)
		ret = announce(port, why);
	if (ret)
		vccw_channel_close(port);
out:
	if (ret && !why->text[0])
		virt_why(why, "it cannot be set up (error %d)", ret);
	/*
	 * Whoever asks for a reason tells it to the admin. That a device has
	 * vanished on the way is nothing to tell.
	 */
	if (ret && !port->why && !port->gone)
		dev_err(&cdev->dev, "not put online: %s\n", why->text);
	if (!ret && port->tell)
		dev_info(&cdev->dev, "taken from " VCCW_IN_TREE "\n");
	port->tell = false;
	return ret;
}

/*
 * Somebody writes 0 to "online", which an error keeps as it is; or a removal by
 * name, which has asked already, or does not ask.
 */
int vccw_set_offline(struct ccw_device *cdev)
{
	struct vccw_port *port = vccw_port_find(cdev);
	int err;

	if (!port)
		return 0;
	if (port->vdev && !port->removing) {
		err = virt_dev_shut(port->vdev, VIRT_DOOR_OFFLINE, NULL);
		if (err)
			return err;
	}
	vccw_withdraw(port);
	/* an error: cio must not unregister it twice, see vccw_cio_leave(); remove() follows */
	return READ_ONCE(port->unregistering) ? -ENODEV : 0;
}

/* Put a device of ours online under a name. */
int vccw_device_config(struct ccw_device *cdev, const char *name,
		       struct virt_why *why)
{
	struct vccw_port *port;
	int ret;

	device_lock(&cdev->dev);
	port = vccw_port_find(cdev);
	if (!port || port->unbound || READ_ONCE(port->unregistering) ||
	    port->down) {
		virt_why(why, "%s is being removed", dev_name(&cdev->dev));
		ret = -ENODEV;
	} else if (port->vdev) {
		virt_why(why, "%s is %s already", dev_name(&cdev->dev),
			 virt_name(port->vdev));
		ret = -EBUSY;
	} else {
		port->name = name;
		port->why = why;
		ret = vccw_cio_online(cdev);
		port->name = NULL;
		port->why = NULL;
		if (ret && why && !why->text[0])
			virt_why(why, "%s cannot be put online (error %d)",
				 dev_name(&cdev->dev), ret);
	}
	device_unlock(&cdev->dev);
	return ret;
}

/* virt_transport.unplug() */
void vccw_device_unplug(struct virt_dev *vdev)
{
	struct vccw_glue *glue = virt_dev_glue(vdev);
	struct vccw_port *port;

	spin_lock(&glue_lock);
	port = glue->port;
	if (port)
		kref_get(&port->ref);
	spin_unlock(&glue_lock);
	if (!port)
		return;
	device_lock(&port->cdev->dev);
	/*
	 * Offline, because it agrees on a revision anew only then (4.3.2.1). What
	 * cio refuses, for a device that is just vanishing, is done without it.
	 */
	port->removing = true;
	if (port->vdev == vdev && vccw_cio_offline(port->cdev))
		vccw_withdraw(port);
	port->removing = false;
	device_unlock(&port->cdev->dev);
	vccw_port_put(port);
}
