// SPDX-License-Identifier: GPL-2.0
/*
 * cap.c - what a PCI function is, and where its registers are
 *
 * Capabilities are the device's word: each is read once, into a structure of
 * ours, and that is checked before it is used (virtio 1.2, 4.1.2 and 4.1.4).
 */
#include <linux/mm.h>
#include <linux/sizes.h>

#include "pci.h"

#define VPCI_TRANSITIONAL	0x1000	/* first device id */
#define VPCI_MODERN		0x1040
#define VPCI_LAST		0x107f

/* A list of capabilities that is longer than this bites its own tail. */
#define VPCI_MAX_CAPS		48

/*
 * More than any device has use for: 64 Ki queues with an address each page
 * would be 256 MiB, QEMU's 1024 queues are 4 MiB.
 */
#define VPCI_MAX_NOTIFY		SZ_64M

static int read_type(struct pci_dev *pdev, u32 *type, struct virt_why *why)
{
	if (pdev->vendor != PCI_VENDOR_ID_REDHAT_QUMRANET ||
	    pdev->device < VPCI_TRANSITIONAL || pdev->device > VPCI_LAST) {
		virt_why(why, "not a virtio device (PCI id %04x:%04x); those are 1af4:1000 to 1af4:107f",
			 pdev->vendor, pdev->device);
		return -ENODEV;
	}
	if (pdev->device < VPCI_MODERN)
		*type = pdev->subsystem_device;
	else
		*type = pdev->device - VPCI_MODERN;
	if (!*type) {
		virt_why(why, "a virtio device of no kind (PCI id %04x:%04x, subsystem id 0): the hypervisor must say what it is",
			 pdev->vendor, pdev->device);
		return -ENODEV;
	}
	return 0;
}

static bool usable_bar(struct pci_dev *pdev, u8 bar)
{
	return bar < PCI_STD_NUM_BARS && pci_resource_len(pdev, bar) &&
	       pci_resource_flags(pdev, bar) & (IORESOURCE_IO | IORESOURCE_MEM);
}

/* Takes the first usable capability of each type, as the device prefers. */
static void read_cap(struct pci_dev *pdev, u8 pos, struct vpci_layout *layout)
{
	u32 head, bar, offset, length, mult = 0;
	struct vpci_cap *cap;
	size_t size = sizeof(struct virtio_pci_cap);

	pci_read_config_dword(pdev, pos, &head);
	switch (head >> 24) {
	case VIRTIO_PCI_CAP_COMMON_CFG:
		cap = &layout->common;
		break;
	case VIRTIO_PCI_CAP_NOTIFY_CFG:
		cap = &layout->notify;
		size = sizeof(struct virtio_pci_notify_cap);
		break;
	case VIRTIO_PCI_CAP_ISR_CFG:
		cap = &layout->isr;
		break;
	case VIRTIO_PCI_CAP_DEVICE_CFG:
		cap = &layout->device;
		break;
	default:
		return;
	}
	if (cap->pos || ((head >> 16) & 0xff) < size ||
	    pos + size > PCI_CFG_SPACE_SIZE)
		return;

	pci_read_config_dword(pdev, pos + VIRTIO_PCI_CAP_BAR, &bar);
	pci_read_config_dword(pdev, pos + VIRTIO_PCI_CAP_OFFSET, &offset);
	pci_read_config_dword(pdev, pos + VIRTIO_PCI_CAP_LENGTH, &length);
	if (cap == &layout->notify)
		pci_read_config_dword(pdev, pos + VIRTIO_PCI_NOTIFY_CAP_MULT,
				      &mult);
	bar &= 0xff;
	if (!usable_bar(pdev, bar))
		return;

	cap->pos = pos;
	cap->bar = bar;
	cap->offset = offset;
	cap->length = length;
	if (cap == &layout->notify)
		layout->notify_mult = mult;
}

/**
 * vpci_read_layout() - is this a device that we can drive, and how?
 * @pdev: any PCI function; it may be bound to another driver
 * @layout: what it is
 * @why: why not, or NULL
 *
 * Only reads configuration space.
 *
 * Context: process.
 * Return: 0 or -ENODEV.
 */
int vpci_read_layout(struct pci_dev *pdev, struct vpci_layout *layout,
		     struct virt_why *why)
{
	unsigned int n = 0;
	int err, pos;

	memset(layout, 0, sizeof(*layout));
	err = read_type(pdev, &layout->type, why);
	if (err)
		return err;

	for (pos = pci_find_capability(pdev, PCI_CAP_ID_VNDR);
	     pos > 0 && n < VPCI_MAX_CAPS;
	     pos = pci_find_next_capability(pdev, pos, PCI_CAP_ID_VNDR), n++)
		read_cap(pdev, pos, layout);

	if (layout->common.pos && layout->notify.pos && layout->isr.pos)
		return 0;
	if (layout->common.pos)
		virt_why(why, "its %s capability is missing or in no usable BAR: a fault of the hypervisor",
			 layout->notify.pos ? "ISR" : "notification");
	else if (pdev->device < VPCI_MODERN)
		virt_why(why, "legacy-only device (no virtio 1.0 capabilities): start QEMU with disable-modern=off");
	else
		virt_why(why, "no virtio 1.0 capabilities: a fault of the hypervisor, or the device is gone");
	return -ENODEV;
}

/* Checks a structure against its BAR and maps at most @max bytes of it. */
static u8 __iomem *map_cap(struct vpci *vp, const struct vpci_cap *cap,
			   const char *name, u32 min, u32 align, u32 max,
			   struct virt_why *why)
{
	resource_size_t bar_len = pci_resource_len(vp->pdev, cap->bar);
	u8 __iomem *map;

	if (cap->length < min || cap->offset % align ||
	    (u64)cap->offset + cap->length > bar_len) {
		virt_why(why, "its %s capability (offset %#x, length %#x, BAR %u of %#llx) is out of bounds: a fault of the hypervisor",
			 name, cap->offset, cap->length, cap->bar,
			 (u64)bar_len);
		return NULL;
	}
	map = pci_iomap_range(vp->pdev, cap->bar, cap->offset,
			      min(cap->length, max));
	if (!map)
		virt_why(why, "its %s registers (BAR %u) cannot be mapped: is the BAR disabled?",
			 name, cap->bar);
	return map;
}

/**
 * vpci_map() - check where the registers are and map them
 * @vp: the function; enabled
 * @layout: from vpci_read_layout()
 * @why: why not, or NULL
 *
 * Context: process.
 * Return: 0, or -errno and nothing is mapped.
 */
int vpci_map(struct vpci *vp, const struct vpci_layout *layout,
	     struct virt_why *why)
{
	int err;

	vp->type = layout->type;
	vp->bars = BIT(layout->common.bar) | BIT(layout->notify.bar) |
		   BIT(layout->isr.bar);
	if (layout->device.pos)
		vp->bars |= BIT(layout->device.bar);
	err = pci_request_selected_regions(vp->pdev, vp->bars,
					   vpci_driver.name);
	if (err) {
		vp->bars = 0;
		virt_why(why, "its registers are in use by something else, see /proc/iomem");
		return err;
	}

	vp->common = (void __iomem *)map_cap(vp, &layout->common, "common",
			sizeof(*vp->common), 4, sizeof(*vp->common), why);
	if (!vp->common)
		goto unmap;
	vp->isr = map_cap(vp, &layout->isr, "ISR", 1, 1, 1, why);
	if (!vp->isr)
		goto unmap;
	vp->notify = map_cap(vp, &layout->notify, "notification", 2, 2,
			     VPCI_MAX_NOTIFY, why);
	if (!vp->notify)
		goto unmap;
	vp->notify_len = min_t(u32, layout->notify.length, VPCI_MAX_NOTIFY);
	vp->notify_mult = layout->notify_mult;

	if (layout->device.pos) {
		vp->device = map_cap(vp, &layout->device, "device", 1, 4,
				     PAGE_SIZE, why);
		if (!vp->device)
			goto unmap;
		vp->device_len = min_t(u32, layout->device.length, PAGE_SIZE);
	}
	return 0;

unmap:
	vpci_unmap(vp);
	return -EINVAL;
}

/**
 * vpci_unmap() - undo vpci_map()
 * @vp: the function
 *
 * Context: process.
 */
void vpci_unmap(struct vpci *vp)
{
	if (vp->device)
		pci_iounmap(vp->pdev, vp->device);
	if (vp->notify)
		pci_iounmap(vp->pdev, vp->notify);
	if (vp->isr)
		pci_iounmap(vp->pdev, vp->isr);
	if (vp->common)
		pci_iounmap(vp->pdev, vp->common);
	pci_release_selected_regions(vp->pdev, vp->bars);
}
