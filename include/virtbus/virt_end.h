/* SPDX-License-Identifier: GPL-2.0 */
/*
 * virt_end.h - device ends: the other side of the wire, as kernel code
 *
 * A device end does what QEMU does for a virtio device: it says what it is,
 * offers features, and serves the buffers that a driver makes available. It
 * knows its kind of device and nothing of the road to it: the loop glue calls
 * it in the same kernel, and it is meant to run unchanged over memory shared
 * with another guest. It never trusts what the driver wrote into a queue.
 *
 * For back ends: this file is all they include of ours, beside spec.h. What
 * carries an end includes virt_end_host.h, the other side of the contract.
 *
 * Symbols live in the namespace VIRTBUS_END.
 */
#ifndef _VIRTBUS_VIRT_END_H
#define _VIRTBUS_VIRT_END_H

#include <linux/list.h>
#include <linux/module.h>
#include <linux/types.h>
#include <linux/uio.h>

#include <virtbus/spec.h>

struct virt_end;
struct virt_end_core;

/* The most segments that one buffer may have, indirect ones included. */
#define VIRT_END_SEGS	256

/* The most queues of one end, and the largest size of a queue. */
#define VIRT_END_QUEUES		64
#define VIRT_END_QUEUE_SIZE	1024

/**
 * struct virt_end_ops - what a device end does
 * @reset: required; forget everything about the driver. No serve() is running
 *	   or coming when it is called, and buffers that were popped and not
 *	   pushed are forgotten. In process context.
 * @serve: required; the driver made buffers available in @queue: take them with
 *	   virt_end_pop() until there are none, and answer each, now or later,
 *	   with virt_end_push(). In process context, may sleep for a bounded
 *	   time; serialised for one queue.
 * @config_write: optional; the driver writes @size bytes of the configuration
 *		  at @offset, which are inside it: check them and keep what it
 *		  may write. Absent: the configuration is read-only.
 *		  In process context, under virt_end_config_lock().
 * @resize: optional; the first argument of the end's specs is a size, and this
 *	    changes it. Must call virt_end_config_changed(). In process context,
 *	    serialised. Gives 0 or -errno with the reason in @why.
 */
struct virt_end_ops {
	void (*reset)(struct virt_end *end);
	void (*serve)(struct virt_end *end, unsigned int queue);
	void (*config_write)(struct virt_end *end, unsigned int offset,
			     const void *data, unsigned int size);
	int (*resize)(struct virt_end *end, u64 bytes, struct virt_why *why);
};

/**
 * struct virt_end - one device end
 * @ops: what it does
 * @type: kind of device, VIRTIO_ID_*
 * @features: offered feature bits of its kind; the ring's are added
 * @nr_queues: how many queues it has, at most VIRT_END_QUEUES
 * @queue_size: the largest size of each, a power of two, at most
 *		VIRT_END_QUEUE_SIZE
 * @config: its configuration, little-endian; changed under virt_end_config_lock()
 * @config_size: bytes
 *
 * Filled in by the back end's create(), and constant after that but for what
 * @config points at.
 */
struct virt_end {
	const struct virt_end_ops *ops;
	u32 type;
	u64 features;
	unsigned int nr_queues;
	unsigned int queue_size;
	void *config;
	size_t config_size;
/* private: ends/ and the host of the end */
	void *host_data;
	struct virt_end_core *core;
};

/**
 * struct virt_end_backend - a kind of device end that specs can name
 * @name: "ram"; its module has the alias virtbus-end-NAME
 * @owner: its module; held as long as one of its ends exists
 * @create: required; make one from a spec; NAME is spec->name. The spec is valid
 *	    during the call only. In process context. Gives the end or ERR_PTR
 *	    with the reason in @why.
 * @destroy: required; free it; it was reset. In process context.
 */
struct virt_end_backend {
	const char *name;
	struct module *owner;
	struct virt_end *(*create)(const struct virt_spec *spec,
				   struct virt_why *why);
	void (*destroy)(struct virt_end *end);
/* private: ends/ */
	struct list_head list;
};

/**
 * struct virt_end_buf - one buffer that the driver made available
 * @head: its number, for virt_end_push()
 * @out: segments that the device reads
 * @nr_out: how many
 * @out_len: their bytes
 * @in: segments that the device writes
 * @nr_in: how many
 * @in_len: their bytes
 *
 * The driver's memory: it may change while the end looks at it, so everything
 * that is checked is copied first. Too large for a stack.
 */
struct virt_end_buf {
	unsigned int head;
	struct kvec *out;
	unsigned int nr_out;
	size_t out_len;
	struct kvec *in;
	unsigned int nr_in;
	size_t in_len;
/* private: ends/queue.c */
	struct kvec seg[VIRT_END_SEGS];
};

/**
 * virt_end_pop() - take the next available buffer
 * @end: the device end
 * @queue: the queue
 * @buf: filled in; stays valid until it is pushed, or reset() is called
 *
 * Context: process; inside serve() or serialised with it.
 * Return: true if there was one. A queue that the driver filled with nonsense
 * gives false and the device asks for a reset (DEVICE_NEEDS_RESET).
 */
bool virt_end_pop(struct virt_end *end, unsigned int queue,
		  struct virt_end_buf *buf);

/**
 * virt_end_push() - give a buffer back
 * @end: the device end
 * @queue: the queue
 * @head: the buffer
 * @len: bytes written into its in segments
 *
 * Tells the driver when it wants to know. Faults that were asked for
 * (Documentation/faults.rst) happen here. Does nothing when the device was reset
 * since the buffer was popped, but no end may rely on that: a head may be with
 * the device again, so reset() ends what would push later.
 *
 * Context: process; needs no serialisation.
 */
void virt_end_push(struct virt_end *end, unsigned int queue, unsigned int head,
		   size_t len);

/**
 * virt_end_push_part() - give back one of several buffers of a message
 * @end: the device end
 * @queue: the queue
 * @head: the buffer
 * @len: bytes written into its in segments
 *
 * The driver sees it with the next virt_end_push(), that of the message's last
 * buffer. Faults happen there.
 *
 * Context: process; serialised with all that is pushed to the queue.
 */
void virt_end_push_part(struct virt_end *end, unsigned int queue,
			unsigned int head, size_t len);

/**
 * virt_end_broken() - the driver broke the rules: stop, and ask for a reset
 * @end: the device end
 * @fmt: what it did, for the admin; printf format, no newline
 *
 * For what only the end can see: a request without room for its status. Only
 * the first call after a reset counts. Virtio 1.2, 2.1.2.
 *
 * Context: process.
 */
__printf(2, 3)
void virt_end_broken(struct virt_end *end, const char *fmt, ...);

/**
 * virt_end_config_lock() - begin to change the configuration
 * @end: the device end
 *
 * A driver sees all of a change or nothing of it.
 *
 * Context: process, may sleep.
 */
void virt_end_config_lock(struct virt_end *end);

/**
 * virt_end_config_unlock() - the change is complete
 * @end: the device end
 *
 * Context: process.
 */
void virt_end_config_unlock(struct virt_end *end);

/**
 * virt_end_config_changed() - tell the driver to read the configuration again
 * @end: the device end
 *
 * Context: process; not under virt_end_config_lock().
 */
void virt_end_config_changed(struct virt_end *end);

/**
 * virt_end_backend_register() - let specs name this kind of end
 * @backend: the kind
 *
 * Context: process.
 * Return: 0, -EINVAL when a required operation is missing, or -EBUSY when the
 * name is taken.
 */
int __must_check virt_end_backend_register(struct virt_end_backend *backend);

/**
 * virt_end_backend_unregister() - undo it; none of its ends exists any more
 * @backend: the kind
 *
 * Context: process.
 */
void virt_end_backend_unregister(struct virt_end_backend *backend);

#endif /* _VIRTBUS_VIRT_END_H */
