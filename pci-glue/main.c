// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - virtbus_pci.ko: the PCI driver and the module's life
 *
 * Virtio 1.2 devices over PCI. There is no MODULE_DEVICE_TABLE() on purpose:
 * installing this module must not change who drives a device.
 */
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>

#include "pci.h"

#define VPCI_SPECS	16

/* Into the module's arguments, which live as long as the module. */
static const char *specs[VPCI_SPECS];
static unsigned int nr_specs;

static int config_set(const char *val, const struct kernel_param *kp)
{
	if (!val || nr_specs == VPCI_SPECS) {
		pr_err("%s: config= wants NAME=pci,ADDRESS, at most %u times; write the others to /sys/bus/virtbus/config\n",
		       KBUILD_MODNAME, VPCI_SPECS);
		return -EINVAL;
	}
	specs[nr_specs++] = val;
	return 0;
}

static const struct kernel_param_ops config_ops = { .set = config_set };
module_param_cb(config, &config_ops, NULL, 0);
MODULE_PARM_DESC(config, "Name a device, NAME=pci,0000:00:03.0; may be repeated");
module_param_cb(claim, &vpci_claim_ops, NULL, 0644);
MODULE_PARM_DESC(claim, "Take these from the in-tree driver: address, range, list of them, or all");

static void set_dma_mask(struct pci_dev *pdev)
{
	if (dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64)) &&
	    dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32)))
		pci_warn(pdev, "neither 64-bit nor 32-bit DMA can be set up; I/O may fail\n");
}

static int start(struct vpci *vp, const struct vpci_layout *layout,
		 struct virt_why *why)
{
	struct pci_dev *pdev = vp->pdev;
	int err;

	err = pci_enable_device(pdev);
	if (err) {
		virt_why(why, "it cannot be enabled (error %d)", err);
		return err;
	}
	set_dma_mask(pdev);
	err = vpci_map(vp, layout, why);
	if (err)
		goto disable;

	pci_set_drvdata(pdev, vp);
	if (vpci_stay_idle(vp))
		return 0;
	err = vpci_add(vp, NULL, why);
	if (!err)
		return 0;

	vpci_forget(vp);
	pci_set_drvdata(pdev, NULL);
	vpci_unmap(vp);
disable:
	pci_disable_device(pdev);
	return err;
}

static int vpci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct vpci_layout layout;
	struct virt_why why = {};
	struct vpci *vp = NULL;
	int err;

	if (vpci_going_back(pdev))
		return -ENODEV;

	err = vpci_read_layout(pdev, &layout, &why);
	if (err)
		goto fail;
	vp = kzalloc(sizeof(*vp), GFP_KERNEL);
	if (!vp) {
		err = -ENOMEM;
		goto fail;
	}
	vp->pdev = pdev;
	err = start(vp, &layout, &why);
	if (!err)
		return 0;
fail:
	if (!why.text[0])
		virt_why(&why, "it cannot be set up");
	if (err == -ENODEV)
		pci_notice(pdev, "not driven: %s\n", why.text);
	else
		pci_err(pdev, "not driven: %s (error %d)\n", why.text, err);
	kfree(vp);
	vpci_give_back(pdev);
	return err;
}

static void vpci_remove(struct pci_dev *pdev)
{
	struct vpci *vp = pci_get_drvdata(pdev);

	vpci_forget(vp);
	if (vp->vdev)
		vpci_del(vp, !pci_device_is_present(pdev));
	pci_set_drvdata(pdev, NULL);
	vpci_unmap(vp);
	pci_disable_device(pdev);
	kfree(vp);
	vpci_give_back(pdev);
}

/* The bus has reset the device; the next kernel (kexec) finds its DMA off, too. */
static void vpci_shutdown(struct pci_dev *pdev)
{
	pci_disable_device(pdev);
}

static const struct pci_device_id vpci_ids[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_REDHAT_QUMRANET, PCI_ANY_ID) },
	{}
};

struct pci_driver vpci_driver = {
	.name = KBUILD_MODNAME,
	.id_table = vpci_ids,
	.probe = vpci_probe,
	.remove = vpci_remove,
	.shutdown = vpci_shutdown,
	.groups = virt_bind_groups,
	.driver.suppress_bind_attrs = true,
	/* specs count on it that probing is over when loading goes on */
	.driver.probe_type = PROBE_FORCE_SYNCHRONOUS,
};

static void vpci_kick(struct virt_queue *q)
{
	iowrite16(q->index, (void __iomem __force *)q->glue);
}

static void vpci_cut(struct virt_dev *vdev)
{
	pci_clear_master(to_vpci(vdev)->pdev);
}

static const char *const backends[] = { "pci", NULL };

const struct virt_transport vpci_transport = {
	.name = "pci",
	.owner = THIS_MODULE,
	.backends = backends,
	.transfer = vpci_transfer,
	.events_open = vpci_events_open,
	.events_close = vpci_events_close,
	.kick = vpci_kick,
	.write_now = vpci_write_now,
	.cut = vpci_cut,
	.queue_cpus = vpci_queue_cpus,
	.queue_aim = vpci_queue_aim,
	.spec = vpci_spec,
	.config = vpci_config,
	.unplug = vpci_unplug,
};

static int apply_specs(void)
{
	struct virt_why why = {};
	unsigned int i;
	int err;

	for (i = 0; i < nr_specs; i++) {
		err = virt_config(specs[i], &vpci_transport, &why);
		if (err) {
			pr_err("%s: config=%s: %s\n", KBUILD_MODNAME, specs[i],
			       why.text);
			return err;
		}
	}
	return 0;
}

/* The driver goes first: its devices need the transport until they are gone. */
static void stop(void)
{
	bus_unregister_notifier(&pci_bus_type, &vpci_bus_notifier);
	vpci_eject_stop();
	pci_unregister_driver(&vpci_driver);
	vpci_give_back_all();
	virt_transport_unregister(&vpci_transport);
}

static int __init vpci_init(void)
{
	int err;

	err = virt_transport_register(&vpci_transport);
	if (err)
		return err;
	err = bus_register_notifier(&pci_bus_type, &vpci_bus_notifier);
	if (err)
		goto unregister_transport;
	/* before there is a device that could be in use */
	err = vpci_eject_start();
	if (err)
		goto stop_eject;
	err = pci_register_driver(&vpci_driver);
	if (err)
		goto stop_eject;
	err = apply_specs();
	if (err) {
		stop();
		return err;
	}
	vpci_add_all();
	vpci_claim_start();
	return 0;

stop_eject:
	bus_unregister_notifier(&pci_bus_type, &vpci_bus_notifier);
	vpci_eject_stop();
	vpci_give_back_all();
unregister_transport:
	virt_transport_unregister(&vpci_transport);
	return err;
}

static void __exit vpci_exit(void)
{
	vpci_claim_stop();
	stop();
}

module_init(vpci_init);
module_exit(vpci_exit);
MODULE_IMPORT_NS("VIRTBUS");
MODULE_IMPORT_NS("VIRTBUS_GLUE");
MODULE_DESCRIPTION("virtbus over PCI: virtio 1.2 devices");
MODULE_LICENSE("GPL");
