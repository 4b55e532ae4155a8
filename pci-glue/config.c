// SPDX-License-Identifier: GPL-2.0
/*
 * config.c - NAME=pci,ADDRESS: a function becomes the device of that name
 *
 * An idle function of ours becomes it, one that nobody drives is bound first,
 * and one that the in-tree driver holds is taken from it: a spec that names it
 * asks for that.
 */
#include <linux/kernel.h>

#include "pci.h"

/* Serialises what admins ask for: specs and claims. */
DEFINE_MUTEX(vpci_admin_lock);

/* virt_transport.spec() */
int vpci_spec(struct virt_dev *vdev, char *buf, size_t size)
{
	return scnprintf(buf, size, "pci,%s", pci_name(to_vpci(vdev)->pdev));
}

/**
 * vpci_addr() - read the address of a PCI function
 * @text: 0000:00:03.0 or 00:03.0
 * @key: one number for it: domain, bus, device and function
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int vpci_addr(const char *text, u64 *key)
{
	unsigned int domain = 0, bus, slot, fn;
	int end = 0;

	if (sscanf(text, "%8x:%2x:%2x.%1x%n", &domain, &bus, &slot, &fn,
		   &end) != 4) {
		domain = 0;
		if (sscanf(text, "%2x:%2x.%1x%n", &bus, &slot, &fn, &end) != 3)
			return -EINVAL;
	}
	if (!end || text[end] || slot > 31 || fn > 7)
		return -EINVAL;
	*key = (u64)domain << 16 | bus << 8 | PCI_DEVFN(slot, fn);
	return 0;
}

static struct pci_dev *find_function(const struct virt_spec *spec,
				     struct virt_why *why)
{
	static const char *const no_keys[] = { NULL };
	struct pci_dev *pdev;
	u64 key;
	int err;

	err = virt_spec_only_keys(spec, no_keys, why);
	if (err)
		return ERR_PTR(err);
	if (spec->nargs != 1 || vpci_addr(spec->args[0], &key)) {
		virt_why(why, "pci wants the address of one function, as in %s=pci,0000:00:03.0",
			 spec->name);
		return ERR_PTR(-EINVAL);
	}
	pdev = pci_get_domain_bus_and_slot(key >> 16, (key >> 8) & 0xff,
					   key & 0xff);
	if (!pdev) {
		virt_why(why, "no PCI function has the address %s, see lspci -D",
			 spec->args[0]);
		return ERR_PTR(-ENODEV);
	}
	return pdev;
}

/* The function is idle and ours, or says why it is not. */
static int name_function(struct pci_dev *pdev, const char *name,
			 struct virt_why *why)
{
	struct vpci *vp;
	int err;

	device_lock(&pdev->dev);
	vp = vpci_ours(pdev);
	if (!vp) {
		virt_why(why, "%s was taken away meanwhile", pci_name(pdev));
		err = -ENODEV;
	} else if (vp->vdev) {
		virt_why(why, "%s is %s already; remove that first",
			 pci_name(pdev), virt_name(vp->vdev));
		err = -EBUSY;
	} else {
		err = vpci_add(vp, name, why);
	}
	device_unlock(&pdev->dev);
	return err;
}

/* virt_transport.config() */
int vpci_config(const struct virt_spec *spec, struct virt_why *why)
{
	struct pci_dev *pdev = find_function(spec, why);
	int err, taken;

	if (IS_ERR(pdev))
		return PTR_ERR(pdev);

	mutex_lock(&vpci_admin_lock);
	vpci_name_next(pdev);
	taken = vpci_take(pdev, why);
	err = taken;
	if (taken >= 0)
		err = name_function(pdev, spec->name, why);
	/* what this spec bound it unbinds again when it cannot be honoured */
	if (err && taken > 0)
		device_release_driver(&pdev->dev);
	vpci_name_next(NULL);
	mutex_unlock(&vpci_admin_lock);
	pci_dev_put(pdev);
	return err;
}
