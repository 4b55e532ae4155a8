/* SPDX-License-Identifier: GPL-2.0 */
/*
 * virt_dev.h - devices and drivers of the virtual device bus
 *
 * For drivers: this file and virt_queue.h are all they include of ours.
 * Glues include virt_glue.h, which adds the other side of the contract.
 */
#ifndef _VIRTBUS_VIRT_DEV_H
#define _VIRTBUS_VIRT_DEV_H

#include <linux/device.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/stringify.h>
#include <linux/types.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>

#include <virtbus/spec.h>

struct virt_dev_core;
struct virt_transport;

/**
 * enum virt_state - where a device is in its life
 * @VIRT_INITIALISING: found and reset; no driver
 * @VIRT_INITWAIT: a driver is negotiating features
 * @VIRT_INITIALISED: features agreed; the driver sets up its queues
 * @VIRT_CONNECTED: in use
 * @VIRT_RECONFIGURING: a function is being attached or detached
 * @VIRT_RECONFIGURED: the other end has finished doing so
 * @VIRT_CLOSING: the driver is letting go
 * @VIRT_CLOSED: no driver any more; the device has been reset
 * @VIRT_FROZEN: suspended
 * @VIRT_BROKEN: the device end broke the rules; all I/O fails
 * @VIRT_GONE: no longer there
 * @VIRT_STATES: how many there are
 *
 * virtbus/state.c has the table of the legal transitions.
 */
enum virt_state {
	VIRT_INITIALISING,
	VIRT_INITWAIT,
	VIRT_INITIALISED,
	VIRT_CONNECTED,
	VIRT_RECONFIGURING,
	VIRT_RECONFIGURED,
	VIRT_CLOSING,
	VIRT_CLOSED,
	VIRT_FROZEN,
	VIRT_BROKEN,
	VIRT_GONE,
	VIRT_STATES
};

/**
 * struct virt_dev - one virtual device, whatever carries it
 * @dev: the device; its parent is the PCI function, CCW device or loop port
 * @id: kind of device (VIRTIO_ID_*) and vendor; set by virt_dev_alloc()
 * @transport: what carries it; constant
 * @dma_dev: device to map buffers for. Set by the glue before virt_dev_add();
 *	     used only when ACCESS_PLATFORM is agreed on, else addresses are
 *	     physical (virtio 1.2, 6.1)
 * @features: what both sides agreed on; constant from probe() to remove()
 *
 * Allocated by virt_dev_alloc(), freed by the last put_device(). There is no
 * irq here on purpose: a glue delivers events, it does not describe them.
 */
struct virt_dev {
	struct device dev;
	struct virtio_device_id id;
	const struct virt_transport *transport;
	struct device *dma_dev;
	u64 features;
/* private: virtbus.ko only */
	struct virt_dev_core *core;
};

#define to_virt_dev(d) container_of(d, struct virt_dev, dev)

/**
 * struct virt_driver - a driver for one kind of virtual device
 * @driver: the driver; set @driver.name, the core sets the rest
 * @ids: devices that it drives; ends with an all-zero entry
 * @features: feature bits of its kind that it understands
 * @nr_features: how many
 * @choose: optional; which of the features that both sides know to agree on. The
 *	    configuration may be read; nothing else works yet.
 * @probe: required; take over the device. State is Initialised: queues may be
 *	   opened and the configuration read. A driver that does I/O in here
 *	   calls virt_dev_ready() first; for the others the core does it when
 *	   probe() returns 0.
 * @remove: required; let go. Must end in bounded time whatever the device
 *	    does. When @lost ran before, no I/O is possible any more.
 *	    Must call virt_dev_stop() before it frees what a callback or @lost
 *	    uses, and virt_queues_close() if it opened queues.
 * @lost: required; the device is Broken or Gone and will not touch memory
 *	  any more: end every request with an error, now and from now on; before
 *	  memory that it was to write goes back, virt_queues_take_back(). Runs
 *	  at most once, perhaps beside @remove, never before @probe set its
 *	  drvdata, never after virt_dev_stop() has returned, but for one case:
 *	  the device did not come back from its sleep.
 * @config_changed: optional; the configuration changed. Serialised against
 *		    itself; not running after virt_dev_stop() has returned.
 * @idle: optional; nobody uses the device: refuse to let anybody in from now
 *	  on and return 0; or -EBUSY and who holds it. One step: there is no
 *	  moment between the check and the closing. Absent: always idle.
 * @reopen: required with @idle; undo it, because teardown does not follow
 * @freeze: optional; the machine goes to sleep, or stops: hold back I/O until @thaw,
 *	    and wait for what is under way, in bounded time. The core stops the device
 *	    and closes its queues after it. 0, or -EBUSY and why the machine must stay
 *	    awake. Absent: it must.
 * @thaw: required with @freeze; the state is Initialised, as in @probe, with the
 *	  features as they were: open the queues and go on. When that fails the
 *	  core closes them, and @lost follows: nobody may use them any more.
 * @hold: optional; make sure that what another driver made of a device of this
 *	  kind (found below @foreign) is not in use, and keep it so until
 *	  @unhold. Used before that driver is asked to let go. Returns a cookie
 *	  or ERR_PTR(-EBUSY) and who uses it. Absent: such a device is not taken.
 * @unhold: required with @hold; release the cookie
 *
 * Context of every operation: process, may sleep. choose, probe, remove, idle,
 * reopen, freeze and thaw of one device are serialised by the driver core's device lock.
 *
 * Written once: the same object binds over every transport.
 */
struct virt_driver {
	struct device_driver driver;
	const struct virtio_device_id *ids;
	const unsigned int *features;
	unsigned int nr_features;

	u64 (*choose)(struct virt_dev *vdev, u64 features);
	int (*probe)(struct virt_dev *vdev);
	void (*remove)(struct virt_dev *vdev);
	void (*lost)(struct virt_dev *vdev);
	void (*config_changed)(struct virt_dev *vdev);
	int (*idle)(struct virt_dev *vdev, struct virt_why *why);
	void (*reopen)(struct virt_dev *vdev);
	int (*freeze)(struct virt_dev *vdev, struct virt_why *why);
	int (*thaw)(struct virt_dev *vdev);
	void *(*hold)(struct device *foreign, struct virt_why *why);
	void (*unhold)(void *hold);
};

#define to_virt_driver(d) container_of(d, struct virt_driver, driver)

/**
 * __virt_driver_register() - make a driver known to the bus
 * @vdrv: the driver
 * @owner: its module
 * @mod_name: its module's name
 *
 * Context: process.
 * Return: 0, -EINVAL when a required operation is missing, or another -errno.
 */
int __must_check __virt_driver_register(struct virt_driver *vdrv,
					struct module *owner,
					const char *mod_name);
#define virt_driver_register(vdrv) \
	__virt_driver_register(vdrv, THIS_MODULE, KBUILD_MODNAME)

/**
 * virt_driver_unregister() - forget a driver; unbinds it from every device
 * @vdrv: the driver
 *
 * Context: process.
 */
void virt_driver_unregister(struct virt_driver *vdrv);

/**
 * MODULE_ALIAS_VIRT_DEV() - load this module for devices of a kind
 * @type: a VIRTIO_ID_*; must expand to a plain decimal literal
 *
 * MODULE_DEVICE_TABLE() does nothing for a bus that modpost does not know.
 */
#define MODULE_ALIAS_VIRT_DEV(type) \
	MODULE_ALIAS("virtbus:t" __stringify(type) "v*")

/**
 * virt_name() - the device's name: ubd0, eth1, ...
 * @vdev: the device
 *
 * Context: any.
 * Return: the name; it never changes.
 */
static inline const char *virt_name(const struct virt_dev *vdev)
{
	return dev_name(&vdev->dev);
}

/**
 * virt_dev_has() - was this feature agreed on?
 * @vdev: the device
 * @bit: the feature's number
 *
 * Context: any, between probe() and remove().
 * Return: true if both sides have it.
 */
static inline bool virt_dev_has(const struct virt_dev *vdev, unsigned int bit)
{
	return bit < 64 && (vdev->features & BIT_ULL(bit));
}

/**
 * virt_dev_read_config() - take one consistent snapshot of the configuration
 * @vdev: the device
 * @config: little-endian structure of its kind (linux/virtio_*.h)
 * @size: its size; what the device does not have is zeroed
 *
 * Context: process, may sleep.
 * Return: 0, -ENODEV when the device is gone, -EIO when it is broken,
 * -ETIMEDOUT when it does not answer.
 */
int __must_check virt_dev_read_config(struct virt_dev *vdev, void *config,
				      size_t size);

/**
 * virt_dev_write_config() - write a part of the configuration
 * @vdev: the device
 * @offset: where, in bytes from the start
 * @data: little-endian bytes
 * @size: how many
 *
 * Context: process, may sleep.
 * Return: as virt_dev_read_config().
 */
int __must_check virt_dev_write_config(struct virt_dev *vdev,
				       unsigned int offset, const void *data,
				       size_t size);

/**
 * virt_dev_write_config_now() - write a part of the configuration in a panic
 * @vdev: the device
 * @offset: where, in bytes from the start
 * @data: little-endian bytes
 * @size: how many: 1, 2 or 4
 *
 * For what the device expects at any moment, such as the emergency write of a
 * console: nothing else that goes on is waited for, or respected.
 *
 * Context: any, even in a panic.
 * Return: 0, or -EOPNOTSUPP where the transport cannot, or -ENODEV, -EINVAL.
 */
int virt_dev_write_config_now(struct virt_dev *vdev, unsigned int offset,
			      const void *data, size_t size);

/**
 * virt_dev_ready() - DRIVER_OK: the device may use the queues from here on
 * @vdev: the device
 *
 * For drivers that do I/O inside probe() (partition scan). Calling it twice is
 * harmless. Virtio 1.2, 3.1.1 step 8.
 *
 * Context: process, may sleep.
 * Return: 0 or -errno.
 */
int __must_check virt_dev_ready(struct virt_dev *vdev);

/**
 * virt_dev_stop() - reset the device, for good
 * @vdev: the device
 *
 * When it returns the device does not touch memory, no callback, no lost() and
 * no config_changed() is running or coming. Calling it twice is harmless.
 *
 * Context: process, may sleep; not from a callback of the same device.
 */
void virt_dev_stop(struct virt_dev *vdev);

/**
 * virt_dev_break() - the device end broke the rules: stop using the device
 * @vdev: the device
 * @fmt: what it did, for the admin; printf format, no newline
 *
 * Queue operations fail from now on; a work item resets the device and then
 * calls the driver's lost(). Only the first call counts.
 *
 * Context: any.
 */
__printf(2, 3)
void virt_dev_break(struct virt_dev *vdev, const char *fmt, ...);

/**
 * virt_dev_usable() - may the device still be talked to?
 * @vdev: the device
 *
 * Context: any.
 * Return: 0, -EIO when it is Broken, -ENODEV when it is Gone.
 */
int virt_dev_usable(const struct virt_dev *vdev);

/**
 * virt_dev_check() - is the device still there and well?
 * @vdev: the device
 *
 * Reads the device's status; a device that asks for a reset or has vanished
 * becomes Broken or Gone. For timers that wait for a silent device.
 *
 * Context: process, may sleep.
 * Return: 0 when it is well, or -errno.
 */
int virt_dev_check(struct virt_dev *vdev);

/**
 * virt_dev_use() - somebody begins to use the device (opens it, brings it up)
 * @vdev: the device
 *
 * Its transport's module stays loaded until virt_dev_unuse().
 *
 * Context: process.
 * Return: 0, -EIO when it is Broken, -ENODEV when it is Gone, is just being taken
 * away or its transport is being unloaded.
 */
int __must_check virt_dev_use(struct virt_dev *vdev);

/**
 * virt_dev_unuse() - undo virt_dev_use()
 * @vdev: the device
 *
 * Context: process.
 */
void virt_dev_unuse(struct virt_dev *vdev);

/**
 * virt_dev_state() - the device's state
 * @vdev: the device
 *
 * Context: any.
 * Return: the state; it may have changed by the time the caller looks.
 */
enum virt_state virt_dev_state(const struct virt_dev *vdev);

static inline void *virt_dev_get_drvdata(const struct virt_dev *vdev)
{
	return dev_get_drvdata(&vdev->dev);
}

static inline void virt_dev_set_drvdata(struct virt_dev *vdev, void *data)
{
	dev_set_drvdata(&vdev->dev, data);
}

#endif /* _VIRTBUS_VIRT_DEV_H */
