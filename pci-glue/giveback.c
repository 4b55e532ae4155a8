// SPDX-License-Identifier: GPL-2.0
/*
 * giveback.c - functions that were taken from another driver go back to it
 *
 * A function is remembered from the moment it is taken: by a claim, or, when it
 * is plugged in later, by a driver override that lets nobody else have it.
 * When our driver lets go of it, for whatever reason but its removal, a work
 * item offers it to all drivers but ours. The device lock is held when we learn
 * that, hence the work; it runs under the lock of PCI hotplug, so that it cannot
 * bind a driver to a function that is being removed.
 */
#include <linux/kernel.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "pci.h"

/**
 * struct taken - a function that was taken
 * @entry: in the list of all of them
 * @pdev: the function, with a reference
 * @back: on its way back; our driver refuses it
 */
struct taken {
	struct list_head entry;
	struct pci_dev *pdev;
	bool back;
};

static DEFINE_MUTEX(taken_lock);
static LIST_HEAD(taken_list);		/* under taken_lock */

static struct taken *find_taken(struct pci_dev *pdev)
{
	struct taken *taken;

	lockdep_assert_held(&taken_lock);
	list_for_each_entry(taken, &taken_list, entry)
		if (taken->pdev == pdev)
			return taken;
	return NULL;
}

static struct pci_dev *next_back(void)
{
	struct pci_dev *pdev = NULL;
	struct taken *taken;

	mutex_lock(&taken_lock);
	list_for_each_entry(taken, &taken_list, entry) {
		if (!taken->back)
			continue;
		pdev = taken->pdev;
		break;
	}
	mutex_unlock(&taken_lock);
	return pdev;
}

static void forget(struct pci_dev *pdev)
{
	struct taken *taken;

	mutex_lock(&taken_lock);
	taken = find_taken(pdev);
	list_del(&taken->entry);
	mutex_unlock(&taken_lock);
	kfree(taken);
	pci_dev_put(pdev);
}

static void offer(struct pci_dev *pdev)
{
	struct device *dev = &pdev->dev;

	if (device_match_driver_override(dev, &vpci_driver.driver) > 0 &&
	    device_set_driver_override(dev, ""))
		pci_err(pdev, "its driver_override could not be cleared: write a newline to it\n");
	if (device_attach(dev) > 0)
		pci_info(pdev, "given back\n");
}

/* The only one that takes functions off the list. */
static void give_back_work(struct work_struct *work)
{
	struct pci_dev *pdev;

	while ((pdev = next_back())) {
		pci_lock_rescan_remove();
		if (device_is_registered(&pdev->dev))
			offer(pdev);
		pci_unlock_rescan_remove();
		forget(pdev);
	}
}

static DECLARE_WORK(back_work, give_back_work);

/**
 * vpci_taken() - remember that a function was another driver's
 * @pdev: the function
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int vpci_taken(struct pci_dev *pdev)
{
	struct taken *taken;

	taken = kzalloc(sizeof(*taken), GFP_KERNEL);
	if (!taken)
		return -ENOMEM;
	mutex_lock(&taken_lock);
	if (find_taken(pdev)) {
		kfree(taken);
	} else {
		taken->pdev = pci_dev_get(pdev);
		list_add_tail(&taken->entry, &taken_list);
	}
	mutex_unlock(&taken_lock);
	return 0;
}

/**
 * vpci_give_back() - our driver does not have it (any more)
 * @pdev: the function; nothing happens when it was never another driver's
 *
 * Context: process; the device lock may be held.
 */
void vpci_give_back(struct pci_dev *pdev)
{
	struct taken *taken;

	mutex_lock(&taken_lock);
	taken = find_taken(pdev);
	if (taken) {
		taken->back = true;
		schedule_work(&back_work);
	}
	mutex_unlock(&taken_lock);
}

/**
 * vpci_going_back() - is it on its way to another driver?
 * @pdev: the function
 *
 * Context: process.
 * Return: true if our driver must refuse it.
 */
bool vpci_going_back(struct pci_dev *pdev)
{
	struct taken *taken;
	bool back;

	mutex_lock(&taken_lock);
	taken = find_taken(pdev);
	back = taken && taken->back;
	mutex_unlock(&taken_lock);
	return back;
}

/**
 * vpci_give_back_wait() - wait for what is on its way
 *
 * Context: process; no device lock is held.
 */
void vpci_give_back_wait(void)
{
	flush_work(&back_work);
}

/**
 * vpci_give_back_all() - the driver is unregistered: nothing stays ours
 *
 * Context: process, when nothing can be taken any more.
 */
void vpci_give_back_all(void)
{
	struct taken *taken;

	mutex_lock(&taken_lock);
	list_for_each_entry(taken, &taken_list, entry)
		taken->back = true;
	mutex_unlock(&taken_lock);
	schedule_work(&back_work);
	flush_work(&back_work);
}

/* Would we take it if it were another driver's and not in use? */
static int wanted(struct pci_dev *pdev, struct virt_why *why)
{
	struct vpci_layout layout;
	struct virt_hold hold;
	int err;

	err = vpci_read_layout(pdev, &layout, why);
	if (err)
		return err;
	err = virt_hold(&pdev->dev, layout.type, &hold, why);
	if (!err)
		virt_unhold(&hold);
	return err;
}

/* Plugged in: before any driver is asked. */
static void reserve(struct pci_dev *pdev)
{
	struct virt_why why = {};

	if (pdev->vendor != PCI_VENDOR_ID_REDHAT_QUMRANET ||
	    !vpci_claimed(pdev))
		return;
	if (wanted(pdev, &why)) {
		pci_err(pdev, "not claimed: %s\n", why.text);
		return;
	}
	if (vpci_taken(pdev)) {
		pci_err(pdev, "not claimed: out of memory\n");
		return;
	}
	if (device_set_driver_override(&pdev->dev, vpci_driver.name)) {
		pci_err(pdev, "not claimed: its driver_override cannot be set\n");
		vpci_give_back(pdev);
	}
}

static int on_bus_event(struct notifier_block *nb, unsigned long event,
			void *data)
{
	struct pci_dev *pdev = to_pci_dev(data);

	switch (event) {
	case BUS_NOTIFY_ADD_DEVICE:
		reserve(pdev);
		/* perhaps a bridge, or what is behind one */
		vpci_eject_look();
		break;
	case BUS_NOTIFY_REMOVED_DEVICE:
		vpci_give_back(pdev);
		break;
	}
	return NOTIFY_DONE;
}

struct notifier_block vpci_bus_notifier = {
	.notifier_call = on_bus_event,
};
