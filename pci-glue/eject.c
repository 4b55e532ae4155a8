// SPDX-License-Identifier: GPL-2.0
/*
 * eject.c - the host asks for a slot (device_del), and a device in use says no
 *
 * QEMU asks by ACPI, and the kernel's ACPI hotplug asks nobody: what the host wants
 * is unbound and removed. It does so by a pointer to a function that each slot has,
 * and we put ours in front of that. All functions of a slot go, or none does. The
 * host is told nothing of a refusal; the device stays, and it may ask again.
 *
 * The pointers and the list of them are under the ACPI scan lock. While the host
 * asks, the kernel holds it; and while a device is plugged in, with all that its
 * probe() does: so it is not taken there. New slots, those of a bridge that is
 * plugged in, get ours by a work item.
 *
 * Locks, in this order: the ACPI scan lock, the lock of PCI rescans (without the
 * ACPI scan lock a bridge may be removed, and its slots' pointers with it), the
 * function's device lock, the device's.
 */
#include <linux/acpi.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "pci.h"

/**
 * struct asked - a function that may go
 * @entry: in the list of those that the host wants
 * @shut: for virt_function_reopen()
 */
struct asked {
	struct list_head entry;
	struct virt_shut shut;
};

/**
 * struct slot - a slot whose requests come to us first
 * @entry: in the list of all of them
 * @adev: its ACPI device, with a reference
 * @notify: who would be asked without us
 */
struct slot {
	struct list_head entry;
	struct acpi_device *adev;
	int (*notify)(struct acpi_device *adev, u32 type);
};

static LIST_HEAD(slots);	/* under the ACPI scan lock */
static bool stopped;		/* so is this: no slot is taken any more */

static int on_notify(struct acpi_device *adev, u32 type);

static bool is_wrapped(const struct acpi_device *adev)
{
	return adev->hp && adev->hp->notify == on_notify;
}

static struct slot *find_slot(struct acpi_device *adev)
{
	struct slot *slot;

	list_for_each_entry(slot, &slots, entry)
		if (slot->adev == adev)
			return slot;
	return NULL;
}

/*
 * Is that function in the slot, or behind a bridge in it? Its bus, or that of a bridge
 * above it, is the one that the slot's parent leads to. A function holds its bus, and
 * that the bridge.
 */
static bool is_in(const struct pci_dev *pdev, struct acpi_device *adev)
{
	for (; pdev; pdev = pdev->bus->self)
		if (pdev->bus->bridge &&
		    ACPI_COMPANION(pdev->bus->bridge) == acpi_dev_parent(adev) &&
		    PCI_SLOT(pdev->devfn) == acpi_device_adr(adev) >> 16)
			return true;
	return false;
}

/* Slots without a function of ours are not our business: nothing changes for them. */
static bool has_ours(struct acpi_device *adev)
{
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev)
		if (READ_ONCE(pdev->dev.driver) == &vpci_driver.driver &&
		    is_in(pdev, adev)) {
			pci_dev_put(pdev);
			return true;
		}
	return false;
}

static int shut_one(struct pci_dev *pdev, struct list_head *all)
{
	struct virt_why why = {};
	struct asked *asked;
	int err = -ENOMEM;

	asked = kmalloc(sizeof(*asked), GFP_KERNEL);
	virt_why(&why, "out of memory");
	if (asked)
		err = virt_function_shut(&asked->shut, &pdev->dev,
					 VIRT_DOOR_EJECT, &why);
	if (err) {
		pci_notice(pdev, "the host wants it back, and does not get it: %s\n",
			   why.text);
		kfree(asked);
		return err;
	}
	list_add(&asked->entry, all);
	return 0;
}

/* Those that have not gone are as they were. */
static void reopen_all(struct list_head *all)
{
	struct asked *asked, *next;

	list_for_each_entry_safe(asked, next, all, entry) {
		virt_function_reopen(&asked->shut);
		kfree(asked);
	}
}

/*
 * All functions of a slot, or none. Also those that nobody drives, or not we: as
 * long as the others are asked none may become one of ours that is in use.
 */
static int shut_all(struct acpi_device *adev, struct list_head *all)
{
	struct pci_dev *pdev = NULL;
	int err;

	if (!has_ours(adev))
		return 0;
	for_each_pci_dev(pdev) {
		if (!is_in(pdev, adev))
			continue;
		err = shut_one(pdev, all);
		if (err) {
			pci_dev_put(pdev);
			reopen_all(all);
			return err;
		}
	}
	return 0;
}

static int on_notify(struct acpi_device *adev, u32 type)
{
	struct slot *slot = find_slot(adev);
	LIST_HEAD(all);
	int err = 0;

	/* cannot be: it is in the list as long as the pointer is there */
	if (!slot)
		return -ENODEV;
	if (type == ACPI_NOTIFY_EJECT_REQUEST)
		err = shut_all(adev, &all);
	if (err)
		return err;
	err = slot->notify(adev, type);
	reopen_all(&all);
	return err;
}

/* acpi_dev_for_each_child(): each child of a bridge that can be plugged. */
static int wrap(struct acpi_device *adev, void *unused)
{
	struct slot *slot;

	if (!adev->hp || !adev->hp->notify || is_wrapped(adev))
		return 0;
	slot = kzalloc(sizeof(*slot), GFP_KERNEL);
	if (!slot)
		return -ENOMEM;
	slot->adev = adev;
	get_device(&adev->dev);
	slot->notify = adev->hp->notify;
	list_add(&slot->entry, &slots);
	acpi_initialize_hp_context(adev, adev->hp, on_notify,
				   adev->hp->uevent);
	return 0;
}

static int wrap_below(struct pci_bus *bus)
{
	struct acpi_device *bridge;
	struct pci_bus *child;
	int err = 0;

	bridge = bus->bridge ? ACPI_COMPANION(bus->bridge) : NULL;
	if (bridge)
		err = acpi_dev_for_each_child(bridge, wrap, NULL);
	list_for_each_entry(child, &bus->children, node)
		err = wrap_below(child) ?: err;
	return err;
}

static void forget(struct slot *slot)
{
	list_del(&slot->entry);
	put_device(&slot->adev->dev);
	kfree(slot);
}

/* Slots that went with their bridge. */
static void forget_gone(void)
{
	struct slot *slot, *next;

	list_for_each_entry_safe(slot, next, &slots, entry)
		if (!is_wrapped(slot->adev))
			forget(slot);
}

static int wrap_all(void)
{
	struct pci_bus *root = NULL;
	int err = 0;

	acpi_scan_lock_acquire();
	pci_lock_rescan_remove();
	forget_gone();
	while (!stopped && (root = pci_find_next_bus(root)))
		err = wrap_below(root) ?: err;
	pci_unlock_rescan_remove();
	acpi_scan_lock_release();
	return err;
}

static void later_work(struct work_struct *work)
{
	if (wrap_all())
		pr_err("%s: out of memory: what is plugged into new slots is not asked when the host wants it back\n",
		       KBUILD_MODNAME);
}

static DECLARE_WORK(later, later_work);

/**
 * vpci_eject_look() - there may be new slots
 *
 * Context: process, whatever lock is held.
 */
void vpci_eject_look(void)
{
	schedule_work(&later);
}

/**
 * vpci_eject_start() - be asked when the host wants a slot
 *
 * Context: process; not in a probe().
 * Return: 0 or -ENOMEM, and vpci_eject_stop() is to be called all the same.
 */
int vpci_eject_start(void)
{
	stopped = false;
	return wrap_all();
}

/**
 * vpci_eject_stop() - be asked no more; nobody is in here when it returns
 *
 * Context: process; nobody calls vpci_eject_look() any more.
 */
void vpci_eject_stop(void)
{
	struct slot *slot, *next;

	cancel_work_sync(&later);
	acpi_scan_lock_acquire();
	pci_lock_rescan_remove();
	stopped = true;
	list_for_each_entry_safe(slot, next, &slots, entry) {
		if (is_wrapped(slot->adev))
			acpi_initialize_hp_context(slot->adev, slot->adev->hp,
						   slot->notify,
						   slot->adev->hp->uevent);
		forget(slot);
	}
	pci_unlock_rescan_remove();
	acpi_scan_lock_release();
}
