/* SPDX-License-Identifier: GPL-2.0 */
/*
 * virt_end_host.h - device ends, seen by what carries them
 *
 * A host connects a device end to a driver: the loop glue does it within one
 * kernel. It hands over what the driver says (features, status, where the
 * queues are, that there is work) and delivers what the end says (events). The
 * end does all of the work in work items of its own; a host never waits for
 * more than the request that is being served.
 *
 *	create, then any number of times:
 *	    features, accept, status (FEATURES_OK), queue_enable,
 *	    status (DRIVER_OK), kick ..., status (0: reset)
 *	destroy
 *
 * Symbols live in the namespace VIRTBUS_END.
 */
#ifndef _VIRTBUS_VIRT_END_HOST_H
#define _VIRTBUS_VIRT_END_HOST_H

#include <virtbus/virt_end.h>

/**
 * struct virt_end_host - what carries device ends
 * @keys: keys of a spec that the host reads itself, so that no back end
 *	  refuses them; ends with NULL
 * @queue_event: required; tell the driver that buffers of a queue were used.
 *		 In process context; serialised for one queue but for the
 *		 fault event-storm.
 * @config_event: required; tell the driver that the configuration or the status
 *		  changed. In process context.
 * @gone: required; the device vanishes, because this was asked for as a fault:
 *	  nothing is served any more. In process context.
 * @translate: required; memory behind an address that the driver wrote into a
 *	       queue: gives where [addr, addr + size) is, contiguous, or NULL
 *	       when any byte of it is not there for the end to read, and to
 *	       write if @write. @size is not 0, and may be anything else. In
 *	       process context.
 *
 * One constant object per host.
 */
struct virt_end_host {
	const char *const *keys;
	void (*queue_event)(struct virt_end *end, unsigned int queue);
	void (*config_event)(struct virt_end *end);
	void (*gone)(struct virt_end *end);
	void *(*translate)(struct virt_end *end, u64 addr, u64 size,
			   bool write);
};

/**
 * virt_end_create() - make a device end from a spec
 * @spec: the spec; spec->backend names the kind, loaded if need be as module
 *	  virtbus-end-NAME
 * @host: what carries it
 * @host_data: the host's own, virt_end.host_data
 * @features: feature bits of the transport that the host wants offered
 * @why: why it failed
 *
 * Beside the back end's own keys every end knows: event_idx=0 and indirect=0
 * (do not offer these features of the ring), fault=NAME (a fault armed from the
 * start). An end may call back only after the first virt_end_set_status().
 *
 * Context: process, may sleep.
 * Return: the end, or ERR_PTR.
 */
struct virt_end *virt_end_create(const struct virt_spec *spec,
				 const struct virt_end_host *host,
				 void *host_data, u64 features,
				 struct virt_why *why);

/**
 * virt_end_destroy() - reset an end and free it
 * @end: the end; nobody else uses it
 *
 * Context: process, may sleep.
 */
void virt_end_destroy(struct virt_end *end);

/**
 * virt_end_spec() - the part of the spec behind NAME= that would recreate it
 * @end: the end
 * @buf: where to
 * @size: room there
 *
 * Context: process, may sleep.
 * Return: its length, as scnprintf().
 */
int virt_end_spec(struct virt_end *end, char *buf, size_t size);

/**
 * virt_end_usable() - may the device be talked to?
 * @end: the end
 *
 * Context: any.
 * Return: 0, or -ENODEV when it has vanished (a fault).
 */
int virt_end_usable(const struct virt_end *end);

/**
 * virt_end_features() - what the device offers
 * @end: the end
 *
 * Context: process.
 * Return: feature bits, those of the ring and of the transport included.
 */
u64 virt_end_features(struct virt_end *end);

/**
 * virt_end_accept() - what the driver accepts
 * @end: the end
 * @features: feature bits; checked when the driver sets FEATURES_OK
 *
 * Context: process, may sleep.
 * Return: 0, or -EBUSY: they were agreed on already.
 */
int virt_end_accept(struct virt_end *end, u64 features);

/**
 * virt_end_status() - the device status
 * @end: the end
 *
 * Context: any.
 * Return: what the driver set and the device agreed to, and DEVICE_NEEDS_RESET.
 */
u8 virt_end_status(const struct virt_end *end);

/**
 * virt_end_set_status() - the driver writes the device status
 * @end: the end
 * @status: VIRTIO_CONFIG_S_*, or 0: reset
 *
 * After a reset the end touches no memory of the driver, and no event is on its
 * way. FEATURES_OK does not stick when the features do not suit; DRIVER_OK
 * starts the queues. Virtio 1.2, 3.1.1.
 *
 * Context: process, may sleep; not from an event.
 * Return: 0, or -ETIMEDOUT when the device does not confirm a reset (a fault).
 */
int virt_end_set_status(struct virt_end *end, u8 status);

/**
 * virt_end_cut() - stop the end for good, whatever it thinks of it
 * @end: the end
 *
 * For an end that does not confirm a reset: it touches no memory of the driver
 * when this returns, until it is reset and enabled again.
 *
 * Context: process, may sleep; not from an event.
 */
void virt_end_cut(struct virt_end *end);

/**
 * virt_end_read_config() - take one consistent snapshot of the configuration
 * @end: the end
 * @offset: where it starts
 * @buf: little-endian bytes
 * @size: how many are wanted
 *
 * Context: process, may sleep.
 * Return: how many there were.
 */
size_t virt_end_read_config(struct virt_end *end, size_t offset, void *buf,
			    size_t size);

/**
 * virt_end_write_config() - the driver writes the configuration
 * @end: the end
 * @offset: where
 * @data: little-endian bytes
 * @size: how many
 *
 * Bytes that the driver may not write stay as they are.
 *
 * Context: process, may sleep.
 * Return: 0, or -EINVAL: outside of the configuration.
 */
int virt_end_write_config(struct virt_end *end, size_t offset, const void *data,
			  size_t size);

/**
 * virt_end_queue_size() - the largest size of a queue
 * @end: the end
 * @queue: its number
 *
 * Context: any.
 * Return: descriptors, 0: no such queue.
 */
unsigned int virt_end_queue_size(const struct virt_end *end,
				 unsigned int queue);

/**
 * virt_end_queue_enable() - the driver says where a queue is
 * @end: the end
 * @queue: its number
 * @size: its descriptors
 * @desc: address of the descriptor area
 * @driver: address of the driver area (available ring)
 * @device: address of the device area (used ring)
 *
 * Between FEATURES_OK and DRIVER_OK. Forgotten at the next reset.
 *
 * Context: process, may sleep.
 * Return: 0, -EINVAL for a bad number, size, alignment or address, -EBUSY at
 * the wrong time or when it was enabled already, -ENOMEM.
 */
int virt_end_queue_enable(struct virt_end *end, unsigned int queue,
			  unsigned int size, u64 desc, u64 driver, u64 device);

/**
 * virt_end_kick() - there is work in a queue
 * @end: the end
 * @queue: its number
 *
 * Context: any.
 */
void virt_end_kick(struct virt_end *end, unsigned int queue);

/**
 * virt_end_resize() - change the size of what the end has
 * @end: the end
 * @bytes: the new size
 * @why: why it failed
 *
 * Context: process, may sleep.
 * Return: 0, -EOPNOTSUPP, or another -errno.
 */
int virt_end_resize(struct virt_end *end, u64 bytes, struct virt_why *why);

/**
 * virt_end_fault_set() - make the device misbehave
 * @end: the end
 * @text: NAME [COUNT], or "none"; see Documentation/faults.rst
 * @why: what is wrong with it
 *
 * Context: process, may sleep; not from an event.
 * Return: 0 or -EINVAL.
 */
int virt_end_fault_set(struct virt_end *end, const char *text,
		       struct virt_why *why);

/**
 * virt_end_fault_show() - which faults are armed, and how often each struck
 * @end: the end
 * @buf: a page, as sysfs gives it
 *
 * Context: process.
 * Return: its length.
 */
int virt_end_fault_show(struct virt_end *end, char *buf);

#endif /* _VIRTBUS_VIRT_END_HOST_H */
