/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ccw.h - private to virtbus_ccw.ko: virtio 1.2 over channel I/O (4.3)
 *
 * Locks, outermost first:
 *
 *   claiming_lock	one claim= at a time (claim.c)
 *   bind_lock		one taking or giving of a device at a time (bind.c)
 *   device lock	of the ccw device: going online, going offline, removal
 *   channel.lock	one channel program at a time (channel.c)
 *   ccw device lock	a spinlock, interrupts off: what the interrupt handler
 *			and notify() look at. cio calls both with it held.
 */
#ifndef _VIRTBUS_S390_CCW_H
#define _VIRTBUS_S390_CCW_H

#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <asm/ccwdev.h>
#include <asm/cio.h>
#include <asm/isc.h>

#include <virtbus/virt_glue.h>

#define VCCW_CU_TYPE	0x3832

/* The driver that such devices have without us. */
#define VCCW_IN_TREE	"virtio_ccw"

/* Longest configuration that we transfer; no device type comes near. */
#define VCCW_CONFIG_MAX	256

/* Queues that fit into the 8 bytes of classic indicators. */
#define VCCW_CLASSIC_QUEUES	64

/* Adapter interrupts come in the class of the subchannels' interrupts. */
#define VCCW_ISC	IO_SCH_ISC

/* Channel commands: virtio 1.2, 4.3.1 */
enum vccw_cmd {
	VCCW_CMD_WRITE_FEAT		= 0x11,
	VCCW_CMD_READ_FEAT		= 0x12,
	VCCW_CMD_SET_VQ			= 0x13,
	VCCW_CMD_WRITE_CONF		= 0x21,
	VCCW_CMD_READ_CONF		= 0x22,
	VCCW_CMD_WRITE_STATUS		= 0x31,
	VCCW_CMD_READ_VQ_CONF		= 0x32,
	VCCW_CMD_VDEV_RESET		= 0x33,
	VCCW_CMD_SET_IND		= 0x43,
	VCCW_CMD_SET_CONF_IND		= 0x53,
	VCCW_CMD_READ_STATUS		= 0x72,
	VCCW_CMD_SET_IND_ADAPTER	= 0x73,
	VCCW_CMD_SET_VIRTIO_REV		= 0x83,
};

/* Payloads. Big-endian but for the features (virtio 1.2, 4.3.1.1). */

struct vccw_rev {
	__be16 revision;
	__be16 length;
} __packed;

struct vccw_feat {
	__le32 features;
	u8 index;
} __packed;

struct vccw_vq_conf {
	__be16 index;
	__be16 num;
} __packed;

struct vccw_vq {
	__be64 desc;
	__be32 reserved;
	__be16 index;
	__be16 num;
	__be64 driver;
	__be64 device;
} __packed;

struct vccw_thinint {
	__be64 summary;
	__be64 indicator;
	__be64 bit;
	u8 isc;
} __packed;

union vccw_payload {
	struct vccw_rev rev;
	struct vccw_feat feat;
	struct vccw_vq_conf vq_conf;
	struct vccw_vq vq;
	struct vccw_thinint thinint;
	__be64 address;
	u8 status;
	u8 config[VCCW_CONFIG_MAX];
};

/**
 * struct vccw_dma - what the device reads and writes, below 2 GB
 * @ccw: the channel program: one command
 * @indicators: classic queue indicators; bit N from the right is queue N
 * @conf_indicators: bit 0 from the right: the configuration changed
 * @payload: of the command that is running
 */
struct vccw_dma {
	struct ccw1 ccw;
	unsigned long indicators;
	unsigned long conf_indicators;
	union vccw_payload payload;
};

/**
 * struct vccw_channel - runs channel programs, one at a time
 * @lock: held while one runs, with the use of @dma->payload around it
 * @dma: memory shared with the device, or NULL while offline
 * @done: the program ended
 * @token: tells its interrupt from that of an earlier one; ccw device lock
 * @busy: it is running; ccw device lock
 * @result: how it ended; ccw device lock
 * @stuck: a program could not be stopped: @dma belongs to the device for ever
 */
struct vccw_channel {
	struct mutex lock;		/* see above */
	struct vccw_dma *dma;
	struct completion done;
	unsigned long token;
	bool busy;
	int result;
	bool stuck;
};

struct vccw_area;

/**
 * struct vccw_queue - where an indicator leads
 * @queue: the queue, or NULL until it is enabled
 * @lock: one event of the queue at a time, whichever CPU has the interrupt
 */
struct vccw_queue {
	struct virt_queue *queue;
	spinlock_t lock;		/* see above */
};

/**
 * struct vccw_events - how a device calls us
 * @queues: one for each queue, or NULL while closed
 * @nr_queues: how many
 * @area: where the adapter indicators are, or NULL
 * @bit: the first of them
 * @open: a driver may wait for events; ccw device lock
 * @classic: queue indicators are in the vccw_dma; ccw device lock
 * @conf: so is the configuration indicator, and it is live; ccw device lock
 */
struct vccw_events {
	struct vccw_queue *queues;
	unsigned int nr_queues;
	struct vccw_area *area;
	unsigned long bit;
	bool open;
	bool classic;
	bool conf;
};

/**
 * struct vccw_port - a ccw device that is bound to us
 * @ref: the device while bound, work items, an unplug
 * @cdev: the ccw device; referenced
 * @id: its address
 * @online_work: puts it online
 * @waiting: to be put online together with others; xarray's lock
 * @taken: it was the in-tree driver's and is given back; device lock
 * @tell: tell the log that it was taken, when it turns out to be of use; device
 *	  lock
 * @unbound: remove() has run; device lock
 * @down: shutdown() has run; device lock
 * @removing: it goes offline because its device is removed; device lock
 * @name: name that its virtbus device shall have, or NULL; device lock
 * @why: where the reason of a failure to go online goes, or NULL; device lock
 * @vdev: its virtbus device, or NULL; written with both the device lock and the
 *	  ccw device lock
 * @gone: it has vanished; only ever set while it is online
 * @unregistering: cio has said so, and takes it away: remove() follows
 * @quiet: the device said that it was reset, and knows no indicators since:
 *	   it touches no memory of ours
 * @revision: of the virtio-ccw interface
 * @status: last status written; all that there is to read before revision 2
 * @ch: channel programs
 * @ev: events
 */
struct vccw_port {
	struct kref ref;
	struct ccw_device *cdev;
	struct ccw_dev_id id;
	struct work_struct online_work;
	bool waiting;
	bool taken;
	bool tell;
	bool unbound;
	bool down;
	bool removing;
	const char *name;
	struct virt_why *why;
	struct virt_dev *vdev;
	bool gone;
	bool unregistering;
	bool quiet;
	unsigned int revision;
	u8 status;
	struct vccw_channel ch;
	struct vccw_events ev;
};

/**
 * struct vccw_glue - our part of a virtbus device
 * @port: its ccw device, or NULL when it is on its way out
 * @id: the address, for the spec
 * @schid: the subchannel, as the notify hypercall wants it
 */
struct vccw_glue {
	struct vccw_port *port;
	struct ccw_dev_id id;
	u32 schid;
};

/* main.c: the module, its parameters, the transport */
extern const struct virt_transport vccw_transport;
extern bool vccw_classic;

int vccw_addr(const char *text, u64 *key);

static inline u64 vccw_key(const struct ccw_dev_id *id)
{
	return (u64)id->ssid << 16 | id->devno;
}

/* device.c: ccw devices that are bound to us */
extern struct ccw_driver vccw_driver;

int vccw_device_init(void);
void vccw_device_exit(void);
void vccw_device_online_waiting(void);
void vccw_device_wait(void);
struct vccw_port *vccw_port_find(struct ccw_device *cdev);
void vccw_port_put(struct vccw_port *port);

/* online.c: from there to a virtbus device, and back */
int vccw_set_online(struct ccw_device *cdev);
int vccw_set_offline(struct ccw_device *cdev);
void vccw_withdraw(struct vccw_port *port);
int vccw_device_config(struct ccw_device *cdev, const char *name,
		       struct virt_why *why);
void vccw_device_unplug(struct virt_dev *vdev);

/* channel.c: channel programs */
int vccw_channel_open(struct vccw_port *port);
void vccw_channel_close(struct vccw_port *port);
int vccw_channel_run(struct vccw_port *port, enum vccw_cmd cmd, size_t count);
void vccw_channel_irq(struct vccw_port *port, unsigned long token,
		      struct irb *irb);
void vccw_channel_gone(struct vccw_port *port);

/* cio.c: online and offline, by who holds the device lock */
int vccw_cio_online(struct ccw_device *cdev);
int vccw_cio_offline(struct ccw_device *cdev);
void vccw_cio_leave(struct ccw_device *cdev);

/* subchannel.c: the channel subsystem's own view */
bool vccw_subchannel_empty(struct ccw_device *cdev);

/* Around the use of the payload. */
static inline union vccw_payload *vccw_begin(struct vccw_port *port)
{
	mutex_lock(&port->ch.lock);
	return &port->ch.dma->payload;
}

static inline void vccw_end(struct vccw_port *port)
{
	mutex_unlock(&port->ch.lock);
}

/* command.c: the commands about a device as a whole */
void vccw_told(struct vccw_port *port, u64 address, int ret);
int vccw_set_revision(struct vccw_port *port);
int vccw_set_address(struct vccw_port *port, enum vccw_cmd cmd, u64 address);
int vccw_set_adapter(struct vccw_port *port, u64 summary, u64 indicator,
		     u64 bit);
int vccw_read_features(struct vccw_port *port, __le64 *features);
int vccw_write_features(struct vccw_port *port, __le64 features);
int vccw_read_status(struct vccw_port *port, u8 *status);
int vccw_write_status(struct vccw_port *port, u8 status);
int vccw_reset(struct vccw_port *port);

/* transfer.c: what the core transfers; kicks */
long vccw_transfer(struct virt_dev *vdev, void *buffer, unsigned long size,
		   int type);
void vccw_kick(struct virt_queue *q);

/* indicator.c: events */
int vccw_events_open(struct virt_dev *vdev, unsigned int nr_queues);
void vccw_events_close(struct virt_dev *vdev);
int vccw_events_enable(struct vccw_port *port, struct virt_queue *q);
void vccw_events_irq(struct vccw_port *port);
void vccw_queue_event(struct vccw_queue *vq);

/* airq.c: adapter interrupts */
int vccw_adapter_open(struct vccw_port *port);
void vccw_adapter_close(struct vccw_port *port);
void vccw_adapter_exit(void);

/* bind.c: who drives a device */
void vccw_bind_allow(bool allow);
/**
 * enum vccw_bind - why a device is bound to us
 * @VCCW_BIND_BUS: it was found, or somebody wrote to bind: put it online
 * @VCCW_BIND_CLAIM: it was claimed, maybe with others: the claim puts it online
 * @VCCW_BIND_SPEC: a spec puts it online, under a name
 */
enum vccw_bind {
	VCCW_BIND_BUS,
	VCCW_BIND_CLAIM,
	VCCW_BIND_SPEC,
};

enum vccw_bind vccw_binding(struct ccw_device *cdev, bool *taken);
int vccw_make_ours(struct ccw_device *cdev, enum vccw_bind how,
		   struct virt_why *why);
void vccw_unmake_ours(struct ccw_device *cdev);
void vccw_give_back(struct ccw_device *cdev);
bool vccw_giving_back(struct device *dev);

/* errand.c: things to do without a device's lock */
int vccw_errand_init(void);
void vccw_errand_exit(void);
int vccw_errand(struct ccw_device *cdev, void (*run)(struct ccw_device *cdev));
void vccw_errands_wait(void);

/* claim.c: requests for devices */
int vccw_claim_start(void);
void vccw_claim_present(void);
void vccw_claim_stop(void);
int vccw_config(const struct virt_spec *spec, struct virt_why *why);
extern const struct kernel_param_ops vccw_claim_ops;

#endif /* _VIRTBUS_S390_CCW_H */
