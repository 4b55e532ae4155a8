// SPDX-License-Identifier: GPL-2.0
/*
 * plug.c - a function that is ours is idle, or it is a device with a name
 *
 * Locks, in this order: vpci_admin_lock, the function's device lock, the lock of
 * the list. Whoever changes vpci.vdev holds the device lock: probe() and
 * remove() are called with it, config() and unplug() take it.
 */
#include <linux/kernel.h>
#include <linux/slab.h>

#include "pci.h"

static DEFINE_MUTEX(functions_lock);
static LIST_HEAD(functions);		/* all that are bound */
/* While the module loads, specs choose their names first. */
static bool loading = true;
/* The function that vpci_config() is about to name. */
static struct pci_dev *naming;

/**
 * vpci_stay_idle() - a new function: it is listed from now on
 * @vp: the function
 *
 * Context: process, in probe().
 * Return: true if somebody else will add it: the spec that is being configured,
 * or vpci_add_all().
 */
bool vpci_stay_idle(struct vpci *vp)
{
	bool idle;

	mutex_lock(&functions_lock);
	list_add_tail(&vp->entry, &functions);
	idle = loading || naming == vp->pdev;
	mutex_unlock(&functions_lock);
	return idle;
}

/**
 * vpci_forget() - undo vpci_stay_idle()
 * @vp: the function
 *
 * Context: process, in remove().
 */
void vpci_forget(struct vpci *vp)
{
	mutex_lock(&functions_lock);
	list_del(&vp->entry);
	mutex_unlock(&functions_lock);
}

/**
 * vpci_name_next() - the next device that this function becomes gets a name
 * @pdev: the function, or NULL: no more
 *
 * Context: process, under vpci_admin_lock.
 */
void vpci_name_next(struct pci_dev *pdev)
{
	lockdep_assert_held(&vpci_admin_lock);
	mutex_lock(&functions_lock);
	naming = pdev;
	mutex_unlock(&functions_lock);
}

/**
 * vpci_ours() - what we know of a function
 * @pdev: any PCI function
 *
 * Context: process, under the function's device lock.
 * Return: its state, or NULL when it is not bound to our driver.
 */
struct vpci *vpci_ours(struct pci_dev *pdev)
{
	device_lock_assert(&pdev->dev);
	if (pdev->dev.driver != &vpci_driver.driver)
		return NULL;
	return pci_get_drvdata(pdev);
}

/**
 * vpci_add() - make a device of an idle function
 * @vp: the function
 * @name: the device's name, or NULL: the next free one
 * @why: why it failed, or NULL
 *
 * Context: process, under the function's device lock.
 * Return: 0, or -errno and it is idle.
 */
int vpci_add(struct vpci *vp, const char *name, struct virt_why *why)
{
	struct virt_dev *vdev;
	int err;

	vdev = virt_dev_alloc(&vp->pdev->dev, &vpci_transport, vp->type,
			      vp->pdev->subsystem_vendor,
			      sizeof(struct vpci *));
	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	*(struct vpci **)virt_dev_glue(vdev) = vp;
	vdev->dma_dev = &vp->pdev->dev;

	pci_set_master(vp->pdev);
	/* from here on it has a name that can be unplugged */
	WRITE_ONCE(vp->vdev, vdev);
	err = virt_dev_add(vdev, name, why);
	if (err) {
		WRITE_ONCE(vp->vdev, NULL);
		pci_clear_master(vp->pdev);
		put_device(&vdev->dev);
	}
	return err;
}

/**
 * vpci_del() - make an idle function of a device
 * @vp: the function; it is a device
 * @gone: it is not there any more
 *
 * Context: process, under the function's device lock.
 */
void vpci_del(struct vpci *vp, bool gone)
{
	struct virt_dev *vdev = vp->vdev;

	WRITE_ONCE(vp->vdev, NULL);
	virt_dev_del(vdev, gone);
	pci_clear_master(vp->pdev);
	put_device(&vdev->dev);
}

/* A listed function that may be meant, with a reference; look again! */
static struct pci_dev *find_idle(void)
{
	struct pci_dev *pdev = NULL;
	struct vpci *vp;

	mutex_lock(&functions_lock);
	loading = false;
	list_for_each_entry(vp, &functions, entry) {
		if (READ_ONCE(vp->vdev) || vp->passed)
			continue;
		vp->passed = true;
		pdev = pci_dev_get(vp->pdev);
		break;
	}
	mutex_unlock(&functions_lock);
	return pdev;
}

/**
 * vpci_add_all() - the specs have chosen their names: now the others
 *
 * Context: process, once, when the module loads.
 */
void vpci_add_all(void)
{
	struct pci_dev *pdev;

	while ((pdev = find_idle())) {
		struct virt_why why = {};
		struct vpci *vp;

		device_lock(&pdev->dev);
		vp = vpci_ours(pdev);
		if (vp && !vp->vdev && vpci_add(vp, NULL, &why))
			dev_err(&pdev->dev, "idle: %s; unbind and bind it to try again\n",
				why.text);
		device_unlock(&pdev->dev);
		pci_dev_put(pdev);
	}
}

/* virt_transport.unplug() */
void vpci_unplug(struct virt_dev *vdev)
{
	struct pci_dev *pdev = NULL;
	struct vpci *vp;

	/*
	 * The device may be on its way out, and its parent with it: only the
	 * list says safely which function it is.
	 */
	mutex_lock(&functions_lock);
	list_for_each_entry(vp, &functions, entry)
		if (READ_ONCE(vp->vdev) == vdev)
			pdev = pci_dev_get(vp->pdev);
	mutex_unlock(&functions_lock);
	if (!pdev)
		return;

	device_lock(&pdev->dev);
	vp = vpci_ours(pdev);
	if (vp && vp->vdev == vdev)
		vpci_del(vp, false);
	device_unlock(&pdev->dev);
	pci_dev_put(pdev);
}
