// SPDX-License-Identifier: GPL-2.0
/*
 * claim.c - taking functions from the in-tree driver, on request only
 *
 * The request is claim= (at load and at run time) or a spec that names the
 * function. A function is taken when it can be driven by us, is held by the
 * in-tree driver and nobody uses it; any other driver's stays where it is.
 */
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/spinlock.h>

#include "pci.h"

#define CLAIM_TEXT	512

static char claim_text[CLAIM_TEXT];	/* under vpci_admin_lock */
static bool claiming;			/* under vpci_admin_lock */
static DEFINE_SPINLOCK(claim_lock);
static struct virt_claim claim;		/* written under both locks */

/* The same number as vpci_addr() reads. */
static u64 addr_of(struct pci_dev *pdev)
{
	return (u64)pci_domain_nr(pdev->bus) << 16 | pci_dev_id(pdev);
}

/**
 * vpci_claimed() - is this function named in claim=?
 * @pdev: any PCI function
 *
 * Context: any.
 * Return: true if it is.
 */
bool vpci_claimed(struct pci_dev *pdev)
{
	bool claimed;

	spin_lock(&claim_lock);
	claimed = virt_claim_match(&claim, addr_of(pdev));
	spin_unlock(&claim_lock);
	return claimed;
}

/*
 * A range or "all" means the virtio devices in it, an address means just that
 * function: when it is none, that is worth a line.
 */
static bool meant(struct pci_dev *pdev)
{
	u64 key = addr_of(pdev);
	unsigned int i;

	lockdep_assert_held(&vpci_admin_lock);
	if (!vpci_claimed(pdev))
		return false;
	if (pdev->vendor == PCI_VENDOR_ID_REDHAT_QUMRANET)
		return true;
	for (i = 0; i < claim.n; i++)
		if (claim.range[i].first == key && claim.range[i].last == key)
			return true;
	return false;
}

static int bind(struct pci_dev *pdev, struct virt_why *why)
{
	int err;

	/* a driver_override may keep it for somebody else */
	if (!pci_bus_type.match(&pdev->dev, &vpci_driver.driver)) {
		virt_why(why, "its driver_override keeps it for another driver; clear that first");
		return -EBUSY;
	}
	err = device_driver_attach(&vpci_driver.driver, &pdev->dev);
	if (err)
		virt_why(why, "it could not be bound (error %d), see the kernel log",
			 err);
	return err;
}

/* Out of use, out of the in-tree driver's hands, into ours. */
static int take_over(struct pci_dev *pdev, u32 type, struct virt_why *why)
{
	struct virt_hold hold;
	int err;

	err = virt_hold(&pdev->dev, type, &hold, why);
	if (err)
		return err;
	err = vpci_taken(pdev);
	if (err)
		goto unhold;

	device_release_driver(&pdev->dev);
	err = bind(pdev, why);
	if (err)
		vpci_give_back(pdev);
	else
		pci_info(pdev, "taken from %s\n", VPCI_IN_TREE);
unhold:
	virt_unhold(&hold);
	return err;
}

/**
 * vpci_take() - bind a function to our driver because an admin says so
 * @pdev: any PCI function
 * @why: why not, or NULL
 *
 * Context: process, under vpci_admin_lock.
 * Return: 0 when it was ours already, 1 when it is now, or -errno and nothing
 * has changed: -ENODEV when we cannot drive it, -EBUSY when it is in use.
 */
int vpci_take(struct pci_dev *pdev, struct virt_why *why)
{
	struct vpci_layout layout;
	struct device_driver *driver;
	char name[32] = "";
	bool ours;
	int err;

	lockdep_assert_held(&vpci_admin_lock);
	/* one that is on its way back must arrive there first */
	vpci_give_back_wait();

	device_lock(&pdev->dev);
	driver = pdev->dev.driver;
	ours = driver == &vpci_driver.driver;
	if (driver)
		strscpy(name, driver->name, sizeof(name));
	device_unlock(&pdev->dev);
	if (ours)
		return 0;

	err = vpci_read_layout(pdev, &layout, why);
	if (err)
		return err;
	if (!name[0]) {
		err = bind(pdev, why);
	} else if (!strcmp(name, VPCI_IN_TREE)) {
		err = take_over(pdev, layout.type, why);
	} else {
		virt_why(why, "it is driven by %s; unbind it from that first",
			 name);
		err = -EBUSY;
	}
	return err ?: 1;
}

/* The first refusal, after all that can be taken has been taken. */
static int claim_now(void)
{
	struct pci_dev *pdev = NULL;
	int ret = 0;

	lockdep_assert_held(&vpci_admin_lock);
	for_each_pci_dev(pdev) {
		struct virt_why why = {};
		int err;

		if (!meant(pdev))
			continue;
		err = vpci_take(pdev, &why);
		if (err >= 0)
			continue;
		pci_err(pdev, "not claimed: %s\n", why.text);
		/* "all" asks for no more than there are drivers for */
		if (!ret && !(claim.all && err == -ENODEV))
			ret = err;
	}
	return ret;
}

/**
 * vpci_claim_start() - the module is loaded: take what claim= names
 *
 * What is refused is told to the log.
 *
 * Context: process.
 */
void vpci_claim_start(void)
{
	mutex_lock(&vpci_admin_lock);
	claiming = true;
	claim_now();
	mutex_unlock(&vpci_admin_lock);
}

/**
 * vpci_claim_stop() - the module goes: claim= takes nothing any more
 *
 * Context: process.
 */
void vpci_claim_stop(void)
{
	mutex_lock(&vpci_admin_lock);
	claiming = false;
	mutex_unlock(&vpci_admin_lock);
}

static int claim_set(const char *val, const struct kernel_param *kp)
{
	struct virt_claim parsed;
	int err;

	err = val ? virt_claim_parse(&parsed, val, vpci_addr) : -EINVAL;
	if (err || strlen(val) >= CLAIM_TEXT) {
		pr_err("%s: claim=%.*s is wrong: give PCI addresses (0000:00:03.0), ranges (ADDR-ADDR), up to %u of them with commas, or all\n",
		       KBUILD_MODNAME,
		       val ? min_t(int, strcspn(val, "\n"), 64) : 0,
		       val ?: "", VIRT_CLAIMS);
		return -EINVAL;
	}

	mutex_lock(&vpci_admin_lock);
	strscpy(claim_text, val, sizeof(claim_text));
	claim_text[strcspn(claim_text, "\n")] = '\0';
	spin_lock(&claim_lock);
	claim = parsed;
	spin_unlock(&claim_lock);
	if (claiming)
		err = claim_now();
	mutex_unlock(&vpci_admin_lock);
	return err;
}

static int claim_get(char *buf, const struct kernel_param *kp)
{
	int len;

	mutex_lock(&vpci_admin_lock);
	len = sysfs_emit(buf, "%s\n", claim_text);
	mutex_unlock(&vpci_admin_lock);
	return len;
}

const struct kernel_param_ops vpci_claim_ops = {
	.set = claim_set,
	.get = claim_get,
};
