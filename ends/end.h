/* SPDX-License-Identifier: GPL-2.0 */
/*
 * end.h - private to ends/: a device end's control side, queues and faults
 *
 * Locks, outermost first:
 *
 *	core->lock	status, accepted features, enabling and stopping queues,
 *			resize, the text of the spec. Never taken by a work item,
 *			since it is held while work items are waited for.
 *	core->config_lock  the bytes of the configuration
 *	queue->lock	the used ring of one queue, and its events
 *	faults->lock	which faults are armed
 */
#ifndef _VIRTBUS_ENDS_END_H
#define _VIRTBUS_ENDS_END_H

#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/virtio_byteorder.h>
#include <linux/virtio_ring.h>
#include <linux/workqueue.h>

#include <virtbus/virt_end_host.h>

#undef pr_fmt
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

/*
 * What a device can be asked to do wrong: fault.c has their names,
 * Documentation/faults.rst says what each one is.
 */
enum virt_fault {
	FAULT_ID_RANGE,
	FAULT_ID_WIDE,
	FAULT_ID_WRONG,
	FAULT_ID_REPEAT,
	FAULT_REORDER,
	FAULT_LEN_LONG,
	FAULT_LEN_SHORT,
	FAULT_INDEX_JUMP,
	FAULT_INDEX_BACK,
	FAULT_SILENT,
	FAULT_EVENT_LOST,
	FAULT_DELAY,
	FAULT_IO_ERROR,
	FAULT_RESET_STUCK,
	FAULT_FEATURES_REFUSED,
	FAULT_NO_VERSION_1,
	FAULT_FEATURES_ALL,
	FAULT_CONFIG_LIES,
	FAULT_CONFIG_ZERO,
	FAULT_CONFIG_RANDOM,
	FAULT_AT_ONCE,		/* from here on: strike when they are asked for */
	FAULT_GONE = FAULT_AT_ONCE,
	FAULT_NEEDS_RESET,
	FAULT_CONFIG_STORM,
	FAULT_EVENT_STORM,
	FAULTS
};

/**
 * struct virt_faults - the faults of one end
 * @lock: protects the rest; @armed is also read without it
 * @armed: bit per fault
 * @left: times that each will still strike, 0: as long as it is armed
 * @struck: times that each struck
 */
struct virt_faults {
	spinlock_t lock;		/* protects the rest */
	unsigned long armed;
	unsigned int left[FAULTS];
	u64 struck[FAULTS];
};

/**
 * struct virt_end_queue - the device's side of one split queue
 * @end: the end
 * @index: its number
 * @work: serves it
 * @running: buffers may be popped and pushed; cleared before @work is waited for
 * @lock: protects the used side
 * @size: descriptors, 0: not enabled
 * @event_idx: VIRTIO_F_EVENT_IDX was agreed on
 * @indirect: VIRTIO_F_INDIRECT_DESC was agreed on
 * @desc: descriptor table
 * @avail: available ring
 * @used: used ring
 * @avail_idx: available side: next entry to take
 * @avail_seen: available side: the driver's index when we last looked
 * @used_idx: used side: next entry to write
 * @published: used side: what the driver sees of @used_idx
 * @held: bit per head: popped and not pushed
 * @room: bytes that the device may write into each held head
 * @kept: used side, fault reorder: a completion was kept back
 * @kept_head: its head
 * @kept_len: its length
 */
struct virt_end_queue {
	struct virt_end *end;
	unsigned int index;
	struct work_struct work;
	bool running;
	struct mutex lock;		/* protects the used side */
	unsigned int size;
	bool event_idx;
	bool indirect;
	const struct vring_desc *desc;
	const struct vring_avail *avail;
	struct vring_used *used;
	u16 avail_idx;
	u16 avail_seen;
	u16 used_idx;
	u16 published;
	unsigned long *held;
	u32 *room;
	bool kept;
	unsigned int kept_head;
	u32 kept_len;
};

/**
 * struct virt_end_core - what ends/ knows of an end
 * @host: what carries it
 * @backend: its kind
 * @name: the device's name, for messages
 * @lock: see the top of this file
 * @config_lock: protects the bytes of the configuration
 * @features: offered by the device, the ring's and the transport's included
 * @offered: @features, or what a fault made of them when the driver asked
 * @accepted: by the driver
 * @status: written by the driver and agreed to; without DEVICE_NEEDS_RESET
 * @needs_reset: DEVICE_NEEDS_RESET
 * @gone: vanished, by a fault
 * @faults: what it was asked to do wrong
 * @first: first argument of the spec, empty when there is none
 * @rest: the spec behind it
 * @queue: its queues
 */
struct virt_end_core {
	const struct virt_end_host *host;
	struct virt_end_backend *backend;
	char name[VIRT_NAME_MAX + 1];
	struct mutex lock;		/* the control side */
	struct mutex config_lock;	/* virt_end.config's bytes */
	u64 features;
	u64 offered;
	u64 accepted;
	u8 status;
	unsigned long needs_reset;
	bool gone;
	struct virt_faults faults;
	char first[VIRT_SPEC_MAX + 1];
	char rest[VIRT_SPEC_MAX + 1];
	struct virt_end_queue queue[];
};

/* backend.c */
extern struct workqueue_struct *virt_end_wq;
struct virt_end_backend *virt_end_backend_get(const char *name,
					      struct virt_why *why);
void virt_end_backend_put(struct virt_end_backend *backend);

/* end.c */
void virt_end_vanish(struct virt_end *end);

/* queue.c: the life of a queue, and the used side */
void virt_end_queue_init(struct virt_end *end, unsigned int index);
void virt_end_queue_start(struct virt_end_queue *q);
void virt_end_queue_stop(struct virt_end_queue *q);
void virt_end_queue_put(struct virt_end_queue *q, unsigned int id, u32 len);
void virt_end_queue_publish(struct virt_end_queue *q, bool event);
bool virt_end_queue_running(const struct virt_end_queue *q);

/* chain.c: the available side */
u16 virt_end_avail_idx(const struct virt_end_queue *q);

/* fault.c */
void virt_faults_init(struct virt_faults *faults);
int virt_fault_arm(struct virt_end *end, const char *text,
		   struct virt_why *why);
bool virt_fault(struct virt_end *end, enum virt_fault fault);
void virt_fault_push(struct virt_end_queue *q, unsigned int head, u32 len);
void virt_fault_config(struct virt_end *end, void *buf, size_t size);

/* spec.c */
int virt_end_number(const struct virt_spec *spec, const char *key,
		    unsigned int min, unsigned int max, unsigned int *value,
		    struct virt_why *why);
int virt_end_size(const struct virt_spec *spec, unsigned int min,
		  unsigned int *value, struct virt_why *why);

/* the back ends of this module */
int virt_end_echo_init(void);
void virt_end_echo_exit(void);
int virt_end_pair_init(void);
void virt_end_pair_exit(void);
int virt_end_ram_init(void);
void virt_end_ram_exit(void);

#endif /* _VIRTBUS_ENDS_END_H */
