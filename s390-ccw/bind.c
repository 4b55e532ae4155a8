// SPDX-License-Identifier: GPL-2.0
/*
 * bind.c - who drives a device: taking from the in-tree driver, giving back
 *
 * virtio_ccw is built into most kernels and binds to every virtio device before
 * we are asked. A device of its is taken on request only, not while it is in use,
 * and it is given back when it is unbound from us.
 *
 * That driver puts devices online asynchronously without the device lock. To
 * unbind it while it does so leaves a live virtio device behind that nobody
 * owns. So its work is waited for first.
 */
#include <linux/async.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ccw.h"

/* Serialises taking, giving, and the end of both. */
static DEFINE_MUTEX(bind_lock);

/* We are registered, and not on the way out. bind_lock. */
static bool may_bind;

/* The binding that we are making: read by our own probe(). bind_lock. */
static struct {
	struct ccw_device *cdev;
	bool taken;
	enum vccw_bind how;
} binding;

/* The device that we give back: the notifier must not claim it. bind_lock. */
static struct device *giving;

/**
 * vccw_binding() - why is probe() called?
 * @cdev: the device that is bound
 * @taken: set when it is to be given back one day
 *
 * Return: the reason.
 */
enum vccw_bind vccw_binding(struct ccw_device *cdev, bool *taken)
{
	if (READ_ONCE(binding.cdev) != cdev)
		return VCCW_BIND_BUS;
	*taken = binding.taken;
	return binding.how;
}

static int attach(struct ccw_device *cdev, bool taken, enum vccw_bind how)
{
	int ret;

	lockdep_assert_held(&bind_lock);
	binding.taken = taken;
	binding.how = how;
	WRITE_ONCE(binding.cdev, cdev);
	ret = device_driver_attach(&vccw_driver.driver, &cdev->dev);
	WRITE_ONCE(binding.cdev, NULL);
	return ret;
}

/* Nothing to do for a device that is going away or has found a driver. */
static void attach_in_tree(struct ccw_device *cdev)
{
	struct device_driver *drv;
	int ret;

	lockdep_assert_held(&bind_lock);
	drv = driver_find(VCCW_IN_TREE, vccw_driver.driver.bus);
	if (!drv)
		return;
	WRITE_ONCE(giving, &cdev->dev);
	ret = device_driver_attach(drv, &cdev->dev);
	WRITE_ONCE(giving, NULL);
	if (ret && ret != -ENODEV && ret != -EBUSY)
		dev_err(&cdev->dev,
			"not given back to " VCCW_IN_TREE " (error %d): write %s to its bind\n",
			ret, dev_name(&cdev->dev));
}

/* Who drives it now, in one look: our driver, the in-tree one, another. */
enum owner { NOBODY, OURS, IN_TREE, OTHER };

static enum owner owner(struct ccw_device *cdev)
{
	const struct device_driver *drv;
	enum owner ret = OTHER;

	device_lock(&cdev->dev);
	drv = cdev->dev.driver;
	if (!drv)
		ret = NOBODY;
	else if (drv == &vccw_driver.driver)
		ret = OURS;
	else if (!strcmp(drv->name, VCCW_IN_TREE))
		ret = IN_TREE;
	device_unlock(&cdev->dev);
	return ret;
}

static int take(struct ccw_device *cdev, enum vccw_bind how,
		struct virt_why *why)
{
	struct virt_hold hold;
	int ret;

	lockdep_assert_held(&bind_lock);
	/* What it is still putting online could be neither seen nor held. */
	async_synchronize_full();
	ret = virt_hold(&cdev->dev, cdev->id.cu_model, &hold, why);
	if (ret)
		return ret;
	/* In case it was bound again in between. */
	async_synchronize_full();
	device_release_driver(&cdev->dev);
	virt_unhold(&hold);

	ret = attach(cdev, true, how);
	if (ret) {
		virt_why(why, "it cannot be bound (error %d)", ret);
		attach_in_tree(cdev);
	}
	return ret;
}

static int make_ours(struct ccw_device *cdev, enum vccw_bind how,
		     struct virt_why *why)
{
	int ret;

	lockdep_assert_held(&bind_lock);
	if (!may_bind) {
		virt_why(why, "virtbus_ccw is being loaded or unloaded");
		return -ESHUTDOWN;
	}
	switch (owner(cdev)) {
	case OURS:
		return 1;
	case IN_TREE:
		return take(cdev, how, why);
	case NOBODY:
		ret = attach(cdev, false, how);
		if (ret)
			virt_why(why, "it cannot be bound (error %d)", ret);
		return ret;
	default:
		virt_why(why, "another driver than " VCCW_IN_TREE " has it: unbind that first");
		return -EBUSY;
	}
}

/**
 * vccw_make_ours() - bind a device to our driver because an admin says so
 * @cdev: a virtio device
 * @how: VCCW_BIND_CLAIM or VCCW_BIND_SPEC: the caller puts it online
 * @why: why not
 *
 * Context: process, no lock held.
 * Return: 0 when it is ours now, 1 when it was already, or -errno and nothing
 * has changed: -EBUSY when it is in use, -ESHUTDOWN when we are not ready.
 */
int vccw_make_ours(struct ccw_device *cdev, enum vccw_bind how,
		   struct virt_why *why)
{
	int ret;

	mutex_lock(&bind_lock);
	ret = make_ours(cdev, how, why);
	mutex_unlock(&bind_lock);
	return ret;
}

/* Let go of what vccw_make_ours() bound, if we still have it. */
void vccw_unmake_ours(struct ccw_device *cdev)
{
	if (owner(cdev) == OURS)
		device_release_driver(&cdev->dev);
}

/* An admin may have bound it to us again meanwhile: the debt stays, then. */
static void give_back(struct ccw_device *cdev)
{
	struct vccw_port *port;

	mutex_lock(&bind_lock);
	device_lock(&cdev->dev);
	port = vccw_port_find(cdev);
	if (port)
		port->taken = true;
	device_unlock(&cdev->dev);
	attach_in_tree(cdev);
	mutex_unlock(&bind_lock);
}

/* Called by remove(): the device lock is held. */
void vccw_give_back(struct ccw_device *cdev)
{
	if (vccw_errand(cdev, give_back))
		dev_err(&cdev->dev,
			"not given back to " VCCW_IN_TREE ", no memory: write %s to its bind\n",
			dev_name(&cdev->dev));
}

/* Is it being given back right now? For notifiers: the device lock is held. */
bool vccw_giving_back(struct device *dev)
{
	return READ_ONCE(giving) == dev;
}

/* Devices may be bound from now on; or none is any more when this returns. */
void vccw_bind_allow(bool allow)
{
	mutex_lock(&bind_lock);
	may_bind = allow;
	mutex_unlock(&bind_lock);
}
