/* SPDX-License-Identifier: GPL-2.0 */
/*
 * virt_glue.h - the transport's side of the contract: for glues only
 *
 * Symbols live in the namespace VIRTBUS_GLUE.
 */
#ifndef _VIRTBUS_VIRT_GLUE_H
#define _VIRTBUS_VIRT_GLUE_H

#include <virtbus/virt_dev.h>
#include <virtbus/virt_queue.h>

/**
 * enum virt_xfer - what virt_transport.transfer() moves
 * @VIRT_XFER_READ_FEATURES: __le64, offered by the device
 * @VIRT_XFER_WRITE_FEATURES: __le64, accepted by the driver
 * @VIRT_XFER_READ_STATUS: u8, the device status
 * @VIRT_XFER_WRITE_STATUS: u8; 0 is a reset, which has happened (the device
 *			    said so) when 0 is returned
 * @VIRT_XFER_READ_CONFIG: struct virt_xfer_config; the configuration from its
 *			   start, as one snapshot: never a mix of two versions.
 *			   Returns the bytes that the device has, at most @size.
 * @VIRT_XFER_WRITE_CONFIG: struct virt_xfer_config; a part of the configuration
 * @VIRT_XFER_QUEUE_INFO: struct virt_xfer_queue; @index in, @size out: the
 *			  largest size that the device allows, 0: no such queue
 * @VIRT_XFER_QUEUE_ENABLE: struct virt_xfer_queue; tell the device where the
 *			    queue is; also sets @queue's glue pointer
 */
enum virt_xfer {
	VIRT_XFER_READ_FEATURES,
	VIRT_XFER_WRITE_FEATURES,
	VIRT_XFER_READ_STATUS,
	VIRT_XFER_WRITE_STATUS,
	VIRT_XFER_READ_CONFIG,
	VIRT_XFER_WRITE_CONFIG,
	VIRT_XFER_QUEUE_INFO,
	VIRT_XFER_QUEUE_ENABLE,
};

/**
 * struct virt_xfer_config - a stretch of the configuration
 * @offset: where it starts; 0 when reading
 * @size: its size in bytes
 * @data: little-endian bytes
 */
struct virt_xfer_config {
	u32 offset;
	u32 size;
	void *data;
};

/**
 * struct virt_xfer_queue - where a queue is
 * @index: its number
 * @size: its number of descriptors
 * @desc: address of the descriptor area, as the device sees it
 * @driver: address of the driver area (available ring)
 * @device: address of the device area (used ring)
 * @queue: the queue, for VIRT_XFER_QUEUE_ENABLE
 */
struct virt_xfer_queue {
	u16 index;
	u16 size;
	u64 desc;
	u64 driver;
	u64 device;
	struct virt_queue *queue;
};

/**
 * struct virt_transport - a way of reaching devices (PCI, CCW, loop, ...)
 * @name: short name, shown in the "transport" attribute: "pci", "ccw", "loop"
 * @owner: module of the glue; held while one of its devices is in use
 * @features: transport feature bits that it supports, beside the ring's own
 * @backends: names of the back ends that its specs begin with; ends with NULL
 * @transfer: required; move @size bytes of @type between @buffer and the device.
 *	      In process context, may sleep; calls for one device are serialised
 *	      by the core. Must return in bounded time.
 *	      Gives bytes moved or -errno; -ENODEV when the device is gone,
 *	      -ETIMEDOUT when it does not answer.
 * @events_open: required; arrange that virt_queue_event() is called for queues
 *		 0 to @nr_queues - 1 and virt_dev_config_event() for the
 *		 configuration. Called before the queues are enabled.
 *		 In process context.
 * @events_close: required; undo it: no event is running or coming when it
 *		  returns. In process context.
 * @kick: required; tell the device that there is work in a queue. In any context.
 * @write_now: optional; write 1, 2 or 4 bytes of the configuration without waiting
 *	       for anything. In any context, even in a panic. Gives 0 or -errno.
 * @cut: optional; the device does not answer to a reset: keep it from touching
 *	 memory by other means (PCI: bus mastering off). In process context.
 * @queue_cpus: optional; CPUs that the queue's events are directed to, or NULL.
 *		In process context.
 * @queue_aim: optional; direct the queue's events to CPUs, if that can be chosen. In
 *	       process context.
 * @spec: required; write the part of the spec behind NAME= that would recreate
 *	  the device ("pci,0000:00:03.0"). In process context.
 *	  Gives its length, as scnprintf().
 * @config: required; make the device that a spec describes, under its name.
 *	    In process context. Gives 0 or -errno with the reason in @why.
 * @unplug: required; withdraw a device with virt_dev_del() because an admin
 *	    asked for it by name, under the lock that also protects the glue's
 *	    own removal; the function behind it stays with the glue, idle, until
 *	    @config or unbind. Nothing to do when it is on its way out already.
 *	    In process context, may sleep.
 *
 * One constant object per glue. virt_transport_register() refuses a glue that
 * lacks a required operation, so the core never tests for it.
 */
struct virt_transport {
	const char *name;
	struct module *owner;
	u64 features;
	const char *const *backends;

	long (*transfer)(struct virt_dev *vdev, void *buffer,
			 unsigned long size, int type);
	int (*events_open)(struct virt_dev *vdev, unsigned int nr_queues);
	void (*events_close)(struct virt_dev *vdev);
	void (*kick)(struct virt_queue *q);
	int (*write_now)(struct virt_dev *vdev, unsigned int offset,
			 const void *data, size_t size);
	void (*cut)(struct virt_dev *vdev);
	const struct cpumask *(*queue_cpus)(struct virt_queue *q);
	void (*queue_aim)(struct virt_queue *q, const struct cpumask *cpus);
	int (*spec)(struct virt_dev *vdev, char *buf, size_t size);
	int (*config)(const struct virt_spec *spec, struct virt_why *why);
	void (*unplug)(struct virt_dev *vdev);
};

/**
 * virt_transport_register() - check a glue's operations and let it add devices
 * @transport: the glue's constant operations
 *
 * Context: process.
 * Return: 0; -EINVAL when a required operation is missing; -EBUSY when its
 * name or one of its back ends is taken.
 */
int __must_check virt_transport_register(const struct virt_transport *transport);

/**
 * virt_transport_unregister() - undo virt_transport_register()
 * @transport: the glue's operations; all its devices are deleted
 *
 * Waits until no spec is being configured through it.
 *
 * Context: process.
 */
void virt_transport_unregister(const struct virt_transport *transport);

/**
 * virt_dev_alloc() - allocate a device with room for the glue's own state
 * @parent: PCI function, CCW device, loop port
 * @transport: the glue
 * @type: kind of device, VIRTIO_ID_*
 * @vendor: the vendor that the transport knows of, or 0
 * @glue_size: bytes wanted behind virt_dev_glue(); zeroed
 *
 * Context: process.
 * Return: a device with one reference (put_device(&vdev->dev)), or ERR_PTR.
 */
struct virt_dev *virt_dev_alloc(struct device *parent,
				const struct virt_transport *transport,
				u32 type, u32 vendor, size_t glue_size);

/**
 * virt_dev_glue() - the glue's own state of a device
 * @vdev: the device
 *
 * Context: any.
 * Return: the area asked for in virt_dev_alloc().
 */
void *virt_dev_glue(const struct virt_dev *vdev);

/**
 * virt_dev_add() - name, reset and announce a device
 * @vdev: the device
 * @name: its name, or NULL: the next free one of its kind
 * @why: why it failed, or NULL
 *
 * A driver may be bound when it returns. The glue must be ready for transfers.
 *
 * Context: process.
 * Return: 0; -EEXIST when the name is taken; -EINVAL when it does not fit the
 * kind of device; other -errno. On error the caller still owns its reference
 * and nothing is left behind.
 */
int __must_check virt_dev_add(struct virt_dev *vdev, const char *name,
			      struct virt_why *why);

/**
 * virt_dev_del() - unbind and withdraw a device
 * @vdev: the device; the caller still owns its reference
 * @gone: true when it is no longer there to talk to (surprise removal)
 *
 * Context: process.
 */
void virt_dev_del(struct virt_dev *vdev, bool gone);

/**
 * virt_dev_gone() - the device has vanished
 * @vdev: the device
 *
 * Its requests are failed by a work item; virt_dev_del() must follow.
 *
 * Context: any.
 */
void virt_dev_gone(struct virt_dev *vdev);

/**
 * virt_dev_config_event() - the device says that its configuration changed
 * @vdev: the device
 *
 * Context: any; the driver hears of it in process context.
 */
void virt_dev_config_event(struct virt_dev *vdev);

/**
 * virt_queue_event() - the device says that it used buffers of a queue
 * @q: the queue
 *
 * Context: any, interrupts off; serialised by the glue for one queue.
 * Return: true if there was work (so that a shared line can say so).
 */
bool virt_queue_event(struct virt_queue *q);

/**
 * virt_dev_queue_events() - the same when the glue knows only the device
 * @vdev: the device
 * @first: the first queue that it can be
 *
 * Looks at every queue from @first on. For shared vectors and classic indicators.
 *
 * Context: any, interrupts off.
 * Return: true if any queue had work.
 */
bool virt_dev_queue_events(struct virt_dev *vdev, unsigned int first);

/**
 * virt_dev_queue() - a device's queue by its number
 * @vdev: the device
 * @index: the queue's number
 *
 * Context: any, between events_open() and events_close().
 * Return: the queue, or NULL when it is not open.
 */
struct virt_queue *virt_dev_queue(struct virt_dev *vdev, unsigned int index);

/**
 * virt_config() - make a device from a spec
 * @text: the spec
 * @only: only through this transport; NULL: whichever knows the back end
 * @why: why it failed, or NULL
 *
 * Context: process.
 * Return: 0 or -errno.
 */
int virt_config(const char *text, const struct virt_transport *only,
		struct virt_why *why);

/**
 * enum virt_door - by which way a device is asked for
 * @VIRT_DOOR_REMOVE: the device's "remove"
 * @VIRT_DOOR_UNBIND: "unbind" of its driver
 * @VIRT_DOOR_FUNCTION: "unbind" of the glue's driver
 * @VIRT_DOOR_EJECT: the host asks by ACPI
 * @VIRT_DOOR_OFFLINE: "online" of a channel device
 */
enum virt_door {
	VIRT_DOOR_REMOVE,
	VIRT_DOOR_UNBIND,
	VIRT_DOOR_FUNCTION,
	VIRT_DOOR_EJECT,
	VIRT_DOOR_OFFLINE,
};

/**
 * virt_dev_shut() - may this device go?
 * @vdev: the device; the caller has a reference
 * @door: who asks
 * @why: who holds it, or NULL
 *
 * Asks its driver. When it may go, nobody can begin to use it any more and no
 * driver is bound: it must be taken away, or given back with virt_dev_reopen(). A
 * refusal is counted, kept in "reason", logged, traced and sent as a uevent. Where
 * its driver has been coming or going for a second, and cannot be asked, it may go
 * unless somebody has begun to use it.
 *
 * Context: process, may sleep for a second; the device lock of its function may be
 * held, its own not.
 * Return: 0; -EBUSY when it is in use or taken away already by somebody else;
 * -EINTR when a signal came.
 */
int __must_check virt_dev_shut(struct virt_dev *vdev, enum virt_door door,
			       struct virt_why *why);

/**
 * virt_dev_reopen() - undo virt_dev_shut()
 * @vdev: the device; it may have been deleted meanwhile
 *
 * A driver that came for it meanwhile, and was turned away, is bound now.
 *
 * Context: process, may sleep; its device lock is not held.
 */
void virt_dev_reopen(struct virt_dev *vdev);

/**
 * struct virt_shut - a function that is about to go; on the stack of who asks
 * @entry: in the list of all of them
 * @function: the PCI function or CCW device
 * @vdev: the device that it is, or NULL
 */
struct virt_shut {
	struct list_head entry;
	struct device *function;
	struct virt_dev *vdev;
};

/**
 * virt_function_shut() - may this function go, and the device that it is?
 * @shut: for virt_function_reopen(), which must follow a success
 * @function: any device; one that is none of the bus's may go
 * @door: who asks
 * @why: who holds it, or NULL
 *
 * As virt_dev_shut(). No other device is made of the function meanwhile: what is
 * unbound, or removed, after a success is what was asked for.
 *
 * Context: process, may sleep for some seconds; the function's device lock is not
 * held.
 * Return: as virt_dev_shut(); -EBUSY also when the function has been coming or going
 * for a second, which counts as a refusal of its device.
 */
int __must_check virt_function_shut(struct virt_shut *shut,
				    struct device *function,
				    enum virt_door door, struct virt_why *why);

/**
 * virt_function_reopen() - the function has gone, or does not go after all
 * @shut: filled in by virt_function_shut()
 *
 * Context: process, may sleep; the function's device lock is not held.
 */
void virt_function_reopen(struct virt_shut *shut);

/*
 * virt_bind_groups - "bind" and "unbind" for a glue's driver
 *
 * In place of those of the driver core: device_driver.groups, with
 * suppress_bind_attrs. A device in use refuses to be unbound.
 */
extern const struct attribute_group *virt_bind_groups[];

#define VIRT_CLAIMS	16

/**
 * struct virt_claim - the addresses named in a claim= parameter
 * @all: every address
 * @n: number of ranges
 * @range: first and last address of each, as the glue's numbers
 */
struct virt_claim {
	bool all;
	unsigned int n;
	struct {
		u64 first, last;
	} range[VIRT_CLAIMS];
};

/**
 * virt_claim_parse() - read ADDR, ADDR-ADDR, several of them with commas, or all
 * @claim: the result
 * @text: the text; empty: nothing is claimed
 * @addr: reads one address into the glue's number; 0 or -EINVAL
 *
 * Context: process.
 * Return: 0, or -EINVAL.
 */
int virt_claim_parse(struct virt_claim *claim, const char *text,
		     int (*addr)(const char *text, u64 *key));

/**
 * virt_claim_match() - is this address claimed?
 * @claim: what virt_claim_parse() read
 * @key: the glue's number
 *
 * Context: any.
 * Return: true if it is.
 */
bool virt_claim_match(const struct virt_claim *claim, u64 key);

/**
 * struct virt_hold - a device of another driver that is kept out of use
 * @vdrv: the driver that knows how
 * @cookie: its own
 */
struct virt_hold {
	struct virt_driver *vdrv;
	void *cookie;
};

/**
 * virt_hold() - make sure that another driver's device is not in use
 * @foreign: the PCI function or CCW device that the other driver is bound to
 * @type: its kind, VIRTIO_ID_*
 * @hold: for virt_unhold()
 * @why: who uses it, or what is missing
 *
 * Asks the virtbus driver for that kind. It stays out of use until
 * virt_unhold(), which must follow a success.
 *
 * Context: process, may sleep.
 * Return: 0; -EBUSY when it is in use; -ENODEV when no virtbus driver for that
 * kind is loaded, so that taking the device would only lose it.
 */
int virt_hold(struct device *foreign, u32 type, struct virt_hold *hold,
	      struct virt_why *why);

/**
 * virt_unhold() - let go what virt_hold() held
 * @hold: filled in by virt_hold()
 *
 * Context: process.
 */
void virt_unhold(struct virt_hold *hold);

#endif /* _VIRTBUS_VIRT_GLUE_H */
