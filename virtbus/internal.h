/* SPDX-License-Identifier: GPL-2.0 */
/*
 * internal.h - what the files of virtbus.ko share: private to this directory
 */
#ifndef _VIRTBUS_INTERNAL_H
#define _VIRTBUS_INTERNAL_H

#include <linux/device.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <virtbus/virt_dev.h>
#include <virtbus/virt_glue.h>
#include <virtbus/virt_queue.h>

/**
 * struct virt_bus - the bus; there is one
 * @bus: its face in the driver model: /sys/bus/virtbus
 * @wq: work that I/O waits for (ending the requests of a lost device)
 * @names_lock: protects @names
 * @names: devices that have a name, on the bus or on their way there
 * @transports_lock: protects @transports
 * @transports: registered glues
 */
struct virt_bus {
	struct bus_type bus;
	struct workqueue_struct *wq;
	struct mutex names_lock;
	struct list_head names;
	struct mutex transports_lock;
	struct list_head transports;
};

extern struct virt_bus virt_bus;

/**
 * struct virt_refusal - the last time that a device was not given away
 * @count: how often it was not, so far
 * @time: when, in seconds of the wall clock (UTC)
 * @door: who asked; NULL: nobody yet
 * @why: what was answered
 */
struct virt_refusal {
	unsigned int count;
	time64_t time;
	const char *door;
	struct virt_why why;
};

/**
 * struct virt_dev_core - what the core knows of a device
 * @vdev: the public part
 * @name_entry: in virt_bus.names
 * @name: its name, from before the device has one in the driver model
 * @lock: serialises transfers, ready and stop; taken after the device lock
 * @status: the device status that the driver side has written; under @lock
 * @ready: DRIVER_OK was written: lost() may be called; under @lock
 * @told: lost() was called; under @lock
 * @stopped: no transfers by works any more; under @lock
 * @config_missed: a configuration event came before @ready; under @lock
 * @events_open: the transport delivers events; under @lock
 * @idled: its driver's idle() said yes, and reopen() has not undone it; belongs
 *	   to who has @shut
 * @state_lock: protects @state, @untold, @error, @queues, @nr_queues,
 *		@driver_override, @users, @shut, @closed, @turned_away and
 *		@refusal; taken in any context, nothing is called under it
 * @state: where the device is in its life
 * @untold: states that userspace was not told of yet
 * @nr_untold: how many
 * @error: why it is Broken; empty otherwise
 * @queues: open queues
 * @nr_queues: how many
 * @lost_work: resets a lost device and tells its driver
 * @config_work: reads the status and tells the driver
 * @state_work: tells userspace of a new state
 * @deadline_work: breaks a device whose driver cannot let go of it
 * @driver_override: only a driver of this name may bind, or NULL
 * @users: how many use it, by virt_dev_use()
 * @shut: which door asks for it, or takes it away; NULL: none
 * @closed: nobody may begin to use it; only with @shut
 * @turned_away: a driver wanted it while it was closed
 * @refusal: the last answer of no
 * @config_events: configuration events so far
 * @glue: the transport's own
 */
struct virt_dev_core {
	struct virt_dev vdev;
	struct list_head name_entry;
	char name[VIRT_NAME_MAX + 1];

	struct mutex lock;
	u8 status;
	bool ready;
	bool told;
	bool stopped;
	bool config_missed;
	bool events_open;
	bool idled;

	spinlock_t state_lock;
	enum virt_state state;
	u8 untold[2 * VIRT_STATES];
	unsigned int nr_untold;
	char error[VIRT_WHY_MAX];
	struct virt_queue **queues;
	unsigned int nr_queues;

	struct work_struct lost_work;
	struct work_struct config_work;
	struct work_struct state_work;
	struct delayed_work deadline_work;
	char *driver_override;
	unsigned int users;
	const char *shut;
	bool closed;
	bool turned_away;
	struct virt_refusal refusal;
	atomic_t config_events;

	u8 glue[] __aligned(sizeof(u64));
};

/* state.c */
int __must_check virt_state_set(struct virt_dev_core *core,
				enum virt_state to);
const char *virt_state_name(enum virt_state state);
bool virt_state_lose(struct virt_dev_core *core, enum virt_state to,
		     const char *error);
void virt_state_work(struct work_struct *work);

/* lost.c */
void virt_lost_work(struct work_struct *work);
void virt_config_work(struct work_struct *work);
void virt_deadline_work(struct work_struct *work);
void virt_deadline_start(struct virt_dev_core *core);
int virt_reset(struct virt_dev_core *core);

/* negotiate.c */
int virt_negotiate(struct virt_dev_core *core, struct virt_driver *vdrv);
int virt_renegotiate(struct virt_dev_core *core);
int virt_status_add(struct virt_dev_core *core, u8 bits);

/* sleep.c */
extern const struct dev_pm_ops virt_bus_pm;
void virt_bus_shutdown(struct device *dev);

/* transport.c */
long virt_transfer(struct virt_dev_core *core, void *buffer,
		   unsigned long size, int type);

/* name.c */
int virt_name_take(struct virt_dev_core *core, const char *name,
		   struct virt_why *why);
void virt_name_release(struct virt_dev_core *core);

/* queue_attr.c */
int virt_queue_attrs_add(struct virt_queue *q);
void virt_queue_attrs_del(struct virt_queue *q);

/* shut.c */
bool virt_function_is_shut(const struct device *function);
struct virt_dev *virt_function_device(struct device *function);

/* sysfs.c */
extern const struct attribute_group *virt_dev_groups[];
extern const struct attribute_group *virt_bus_groups[];

#endif /* _VIRTBUS_INTERNAL_H */
