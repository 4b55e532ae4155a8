/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pci.h - what the files of virtbus_pci.ko share: private to this directory
 */
#ifndef _VIRTBUS_PCI_H
#define _VIRTBUS_PCI_H

#include <linux/io.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/virtio_pci.h>

#include <virtbus/virt_dev.h>
#include <virtbus/virt_glue.h>
#include <virtbus/virt_queue.h>

/* The name of the driver that the kernel brings along. */
#define VPCI_IN_TREE	"virtio-pci"

/**
 * struct vpci_cap - where a structure of the device is (virtio 1.2, 4.1.4)
 * @pos: of its capability in configuration space; 0: it has none
 * @bar: number of the BAR that it is in
 * @offset: in the BAR
 * @length: in bytes
 */
struct vpci_cap {
	u8 pos;
	u8 bar;
	u32 offset;
	u32 length;
};

/**
 * struct vpci_layout - what a function's configuration space says of it
 * @type: kind of device, VIRTIO_ID_*
 * @common: common configuration
 * @notify: notification area
 * @isr: interrupt status
 * @device: configuration of its kind; some kinds have none
 * @notify_mult: bytes between the notification addresses of two queues
 */
struct vpci_layout {
	u32 type;
	struct vpci_cap common;
	struct vpci_cap notify;
	struct vpci_cap isr;
	struct vpci_cap device;
	u32 notify_mult;
};

/**
 * enum vpci_events - how the device calls
 * @VPCI_NONE: it does not
 * @VPCI_INTX: one line, shared with other devices
 * @VPCI_MSIX: MSI-X, one vector for the configuration, one for each queue, or
 *	       some for one queue each and the last for all others
 */
enum vpci_events {
	VPCI_NONE,
	VPCI_INTX,
	VPCI_MSIX,
};

/**
 * struct vpci_vector - one MSI-X vector
 * @vdev: the device
 * @queue: its queue, for a vector of one queue: set when the queue is enabled
 * @first: the queue, or the first of those that share it
 * @shared: several do
 * @name: in /proc/interrupts
 */
struct vpci_vector {
	struct virt_dev *vdev;
	struct virt_queue *queue;
	unsigned int first;
	bool shared;
	char name[VIRT_NAME_MAX + 16];
};

/**
 * struct vpci - a PCI function that is bound to our driver
 * @entry: in the list of all of them (plug.c)
 * @pdev: the function
 * @type: kind of device, VIRTIO_ID_*
 * @vdev: the device that it is, or NULL: idle. Changes under the function's
 *	  device lock.
 * @passed: vpci_add_all() has been here
 * @bars: BARs that are ours, one bit each
 * @common: common configuration
 * @isr: interrupt status; reading it takes the interrupt line back
 * @notify: notification area
 * @notify_len: bytes of it that are mapped
 * @notify_mult: bytes between the notification addresses of two queues
 * @device: configuration of its kind, or NULL
 * @device_len: bytes of it that are mapped
 * @events: how the device calls
 * @nr_queues: queues that it calls for
 * @vectors: the vectors that are requested
 * @nr_vectors: how many
 *
 * Lives from probe() to remove(). The fields behind @device_len belong to
 * vector.c, between events_open() and events_close().
 */
struct vpci {
	struct list_head entry;
	struct pci_dev *pdev;
	u32 type;
	struct virt_dev *vdev;
	bool passed;

	int bars;
	struct virtio_pci_common_cfg __iomem *common;
	u8 __iomem *isr;
	u8 __iomem *notify;
	u32 notify_len;
	u32 notify_mult;
	u8 __iomem *device;
	u32 device_len;

	enum vpci_events events;
	unsigned int nr_queues;
	struct vpci_vector *vectors;
	unsigned int nr_vectors;
};

static inline struct vpci *to_vpci(const struct virt_dev *vdev)
{
	return *(struct vpci **)virt_dev_glue(vdev);
}

/* Registers are accessed in their natural width (virtio 1.2, 4.1.3.1). */
static inline u8 vpci_read8(const u8 __iomem *reg)
{
	return ioread8(reg);
}

static inline u16 vpci_read16(const __le16 __iomem *reg)
{
	return ioread16(reg);
}

static inline u32 vpci_read32(const __le32 __iomem *reg)
{
	return ioread32(reg);
}

static inline void vpci_write8(u8 value, u8 __iomem *reg)
{
	iowrite8(value, reg);
}

static inline void vpci_write16(u16 value, __le16 __iomem *reg)
{
	iowrite16(value, reg);
}

static inline void vpci_write32(u32 value, __le32 __iomem *reg)
{
	iowrite32(value, reg);
}

/* A device that is not there reads as all ones, which is no status. */
static inline bool vpci_absent(const struct vpci *vp)
{
	return vpci_read8(&vp->common->device_status) == 0xff;
}

/* main.c */
extern struct pci_driver vpci_driver;
extern const struct virt_transport vpci_transport;

/* cap.c */
int vpci_read_layout(struct pci_dev *pdev, struct vpci_layout *layout,
		     struct virt_why *why);
int vpci_map(struct vpci *vp, const struct vpci_layout *layout,
	     struct virt_why *why);
void vpci_unmap(struct vpci *vp);

/* transfer.c */
int vpci_write_now(struct virt_dev *vdev, unsigned int offset, const void *data,
		   size_t size);
long vpci_transfer(struct virt_dev *vdev, void *buffer, unsigned long size,
		   int type);

/* vector.c */
int vpci_events_open(struct virt_dev *vdev, unsigned int nr_queues);
void vpci_events_close(struct virt_dev *vdev);
void vpci_vector_queue(struct vpci *vp, struct virt_queue *q);
const struct cpumask *vpci_queue_cpus(struct virt_queue *q);
void vpci_queue_aim(struct virt_queue *q, const struct cpumask *cpus);

/* plug.c */
bool vpci_stay_idle(struct vpci *vp);
void vpci_forget(struct vpci *vp);
void vpci_add_all(void);
int vpci_add(struct vpci *vp, const char *name, struct virt_why *why);
void vpci_del(struct vpci *vp, bool gone);
void vpci_unplug(struct virt_dev *vdev);
void vpci_name_next(struct pci_dev *pdev);
struct vpci *vpci_ours(struct pci_dev *pdev);

/* config.c */
extern struct mutex vpci_admin_lock;
int vpci_addr(const char *text, u64 *key);
int vpci_spec(struct virt_dev *vdev, char *buf, size_t size);
int vpci_config(const struct virt_spec *spec, struct virt_why *why);

/* claim.c */
extern const struct kernel_param_ops vpci_claim_ops;
bool vpci_claimed(struct pci_dev *pdev);
int vpci_take(struct pci_dev *pdev, struct virt_why *why);
void vpci_claim_start(void);
void vpci_claim_stop(void);

/* giveback.c */
extern struct notifier_block vpci_bus_notifier;
int vpci_taken(struct pci_dev *pdev);
void vpci_give_back(struct pci_dev *pdev);
bool vpci_going_back(struct pci_dev *pdev);
void vpci_give_back_wait(void);
void vpci_give_back_all(void);

/* eject.c */
#ifdef CONFIG_HOTPLUG_PCI_ACPI
int vpci_eject_start(void);
void vpci_eject_stop(void);
void vpci_eject_look(void);
#else
static inline int vpci_eject_start(void) { return 0; }
static inline void vpci_eject_stop(void) { }
static inline void vpci_eject_look(void) { }
#endif

#endif /* _VIRTBUS_PCI_H */
