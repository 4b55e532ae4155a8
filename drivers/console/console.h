/* SPDX-License-Identifier: GPL-2.0 */
/*
 * console.h - what the files of the console driver share: private to this
 * directory
 *
 * A console device has ports. Each port that is there has a face, the thing that
 * users see: a terminal (tty.c) when it is a console, else a file (file.c).
 *
 * Locks, outermost first: tty_port.mutex or the file's own, then vcon.use_lock;
 * port.tx.lock and port.rx.lock are spinlocks, taken with interrupts off; nothing
 * of the terminal layer is called under them, and neither is taken under the other.
 * What the core logs under them may be printed here: kernel.c only tries tx.lock.
 * The table of ports and the faces are changed by one thread at a time: probe(),
 * then the control work, and remove() after that was stopped.
 */
#ifndef _VIRTBUS_CONSOLE_H
#define _VIRTBUS_CONSOLE_H

#include <linux/console.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/spinlock.h>
#include <linux/virtio_console.h>
#include <linux/workqueue.h>

#include <virtbus/virt_dev.h>
#include <virtbus/virt_queue.h>

/* Ports of a device that we look at; QEMU makes 31 at most. */
#define VCON_PORTS	32

/* What may wait for the host; a power of two. */
#define VCON_TX_BYTES	SZ_16K

/* Buffers that wait for input, and the size of each. */
#define VCON_RX_SLOTS	16
#define VCON_RX_BYTES	SZ_4K

/* Buffers for what the host says of its ports: one event for each at once. */
#define VCON_CONTROL_SLOTS	32
#define VCON_CONTROL_BYTES	256

/* A port's name, with its end. */
#define VCON_NAME_BYTES		64

struct vcon;
struct vcon_face;
struct vcon_port;

/**
 * struct vcon_tx - output: a ring, of which the device has one piece at a time
 * @lock: protects all of it and serialises both sides of @q
 * @q: the queue, or NULL when it is not there (any more)
 * @asleep: it is not there for now: what is written waits for it
 * @face: who may write; NULL: nobody
 * @ring: VCON_TX_BYTES
 * @head: bytes ever written into the ring
 * @tail: bytes ever sent
 * @with_device: bytes from @tail on that the device has
 * @unsaid: something was sent, and the face does not know it yet
 */
struct vcon_tx {
	spinlock_t lock;		/* see above */
	struct virt_queue *q;
	bool asleep;
	struct vcon_face *face;
	u8 *ring;
	u32 head;
	u32 tail;
	u32 with_device;
	bool unsaid;
};

/**
 * struct vcon_piece - input that a reader has taken
 * @slot: buffer that it is in
 * @at: bytes of the buffer that were read already
 * @len: bytes that it has
 * @bytes: the buffer
 */
struct vcon_piece {
	int slot;
	u32 at;
	u32 len;
	const u8 *bytes;
};

/**
 * struct vcon_rx - input: buffers that the device fills
 * @lock: protects all of it and serialises both sides of @q
 * @q: the queue, or NULL when it is not there (any more)
 * @face: who may read; NULL: nobody
 * @slots: buffers in use
 * @idle: a bit for each that nobody has
 * @buf: a buffer for each slot
 * @next: what is read next; slot is -1 when it is still in the queue, or kept
 * @asleep: the queue is not there for now
 * @nr_kept: pieces that came before the machine slept
 * @kept: these, the oldest first; what is in the queue comes after them
 */
struct vcon_rx {
	spinlock_t lock;		/* see above */
	struct virt_queue *q;
	struct vcon_face *face;
	unsigned int slots;
	unsigned long idle;
	u8 *buf[VCON_RX_SLOTS];
	struct vcon_piece next;
	bool asleep;
	unsigned int nr_kept;
	struct vcon_piece kept[VCON_RX_SLOTS];
};

/**
 * struct vcon_face_ops - what a port says to its face
 * @input: there is something to read; any context
 * @sent: there is room for output; any context
 * @carrier: port.host_open is new; may sleep
 * @resize: port.cols and port.rows are new; may sleep
 * @lost: the device is lost: whoever waits must wake up; any context
 * @del: nobody finds it any more, and who has it open sees its end; gives up the
 *	 port's reference; may sleep
 */
struct vcon_face_ops {
	void (*input)(struct vcon_face *face);
	void (*sent)(struct vcon_face *face);
	void (*carrier)(struct vcon_face *face);
	void (*resize)(struct vcon_face *face);
	void (*lost)(struct vcon_face *face);
	void (*del)(struct vcon_face *face);
};

/**
 * struct vcon_face - what users see of a port; embedded in what tty.c or file.c
 * makes of it, and freed by that, a grace period after @del or later
 * @ops: calls into it
 * @port: the port
 * @node: its file below /dev, for people; as long as it is the port's face
 * @used: it is the one that has the port open; under vcon.use_lock
 */
struct vcon_face {
	const struct vcon_face_ops *ops;
	struct vcon_port *port;
	const char *node;
	bool used;
};

/**
 * struct vcon_kernel - a terminal as the kernel's console
 * @console: what printk() knows; under vcon.use_lock, but for its own calls
 * @face: the terminal
 * @driver: its driver
 * @stalled: the host does not listen: nobody waits for it
 * @past: what is printed goes past the queue, which is stuck
 * @lost: bytes that were left out, and nobody said so yet
 * @sysrq: the next key is a command
 * @dead: the terminal goes; under vcon.use_lock
 */
struct vcon_kernel {
	struct console console;
	struct vcon_face *face;
	struct tty_driver *driver;
	bool stalled;
	bool past;
	unsigned long lost;
	bool sysrq;
	bool dead;
};

/**
 * struct vcon_port - one port of a device; its memory is kept as long as @vcon
 * @vcon: the device
 * @id: its number
 * @tx: output
 * @rx: input
 * @queues: its queues, input first
 * @face: what users see of it; NULL when there is nothing; read under RCU
 * @present: the host has it
 * @is_console: the host wants it to be a console
 * @host_open: somebody listens on the host, or nobody can tell
 * @show_at: when a face is due that the host says nothing more about, in jiffies; 0: it
 *	     has not yet read that we have the port
 * @tried: it has a face, for what the host has said, or cannot have one
 * @again_at: after a sleep, when the host has said again how things are, in jiffies; or 0
 * @said_present: it has said so since
 * @said_open: it has said since that somebody listens
 * @told_present: the host knows that we have it
 * @told_open: the host knows that it is open
 * @opened: faces that are open: 0 or 1; under vcon.use_lock
 * @kernel: the kernel prints here; under vcon.use_lock
 * @cols: columns of the host's terminal, or 0
 * @rows: its rows, or 0
 * @name: its name, or empty
 */
struct vcon_port {
	struct vcon *vcon;
	unsigned int id;
	struct vcon_tx tx;
	struct vcon_rx rx;
	struct virt_queue *queues[2];
	struct vcon_face __rcu *face;
	bool present;
	bool is_console;
	bool host_open;
	unsigned long show_at;
	bool tried;
	unsigned long again_at;
	bool said_present;
	bool said_open;
	bool told_present;
	bool told_open;
	unsigned int opened;
	bool kernel;
	u16 cols;
	u16 rows;
	char name[VCON_NAME_BYTES];
};

/**
 * struct vcon_control - how both ends talk about the ports (virtio 1.2, 5.3.6.2)
 * @lock: protects @off
 * @off: the work does not run any more
 * @work: takes what came and tells what is new; all else here is its own. When
 *	  there is one port only it follows the configuration
 * @in: what the host says
 * @out: what we say
 * @in_buf: a buffer for each slot of @in
 * @in_slots: how many
 * @out_msg: a message for each slot of @out
 * @out_slots: how many
 * @ready: we have said that we are ready
 */
struct vcon_control {
	spinlock_t lock;		/* see above */
	bool off;
	struct delayed_work work;
	struct virt_queue *in;
	struct virt_queue *out;
	u8 *in_buf[VCON_CONTROL_SLOTS];
	unsigned int in_slots;
	struct virtio_console_control *out_msg;
	unsigned int out_slots;
	bool ready;
};

/**
 * struct vcon - one console device
 * @vdev: the device; a reference is held until this is freed
 * @ref: the driver's, and one for each face
 * @multiport: the host talks about ports; else there is one, a console
 * @control: how it does so
 * @look_work: looks for interrupts that were lost
 * @use_lock: protects @closed, @looking, @users and the ports' @opened
 * @closed: nobody may open anything any more
 * @looking: @look_work may run, while there are users
 * @users: ports that are open, and that the kernel prints on
 * @nr_ports: how many there may be
 * @ports: all of them
 */
struct vcon {
	struct virt_dev *vdev;
	struct kref ref;
	bool multiport;
	struct vcon_control control;
	struct delayed_work look_work;
	struct mutex use_lock;		/* see above */
	bool closed;
	bool looking;
	unsigned int users;
	unsigned int nr_ports;
	struct vcon_port ports[];
};

/* main.c */
void vcon_get(struct vcon *vcon);
void vcon_put(struct vcon *vcon);
void vcon_read_size(struct vcon *vcon);
int vcon_queues_open(struct vcon *vcon);

/* port.c */
void vcon_port_prepare(struct vcon *vcon, unsigned int id);
int vcon_port_add(struct vcon_port *port);
int vcon_port_show(struct vcon_port *port);
void vcon_port_attach(struct vcon_face *face);
void vcon_port_detach(struct vcon_face *face);
void vcon_port_del(struct vcon_port *port);
void vcon_port_stop(struct vcon_port *port);
void vcon_port_freeze(struct vcon_port *port);
int vcon_port_thaw(struct vcon_port *port);
void vcon_port_free(struct vcon_port *port);
void vcon_port_input(struct vcon_port *port);
void vcon_port_sent(struct vcon_port *port);
void vcon_port_set_carrier(struct vcon_port *port, bool open);
void vcon_port_set_name(struct vcon_port *port, const u8 *bytes, size_t len);
void vcon_port_set_size(struct vcon_port *port, u16 cols, u16 rows);

/* use.c */
int vcon_use(struct vcon_face *face);
void vcon_unuse(struct vcon_face *face);
int vcon_use_kernel(struct vcon_face *face);
void vcon_unuse_kernel(struct vcon_face *face);
int vcon_idle(struct virt_dev *vdev, struct virt_why *why);
void vcon_reopen(struct virt_dev *vdev);

/* control.c */
void vcon_control_prepare(struct vcon_control *control);
int vcon_control_init(struct vcon *vcon, struct virt_queue *in,
		      struct virt_queue *out);
void vcon_control_on(struct vcon *vcon);
void vcon_control_run(struct vcon *vcon);
void vcon_control_off(struct vcon *vcon);
void vcon_control_free(struct vcon_control *control);
void vcon_control_event(struct virt_queue *q);

/* look.c */
void vcon_look_init(struct vcon *vcon);
void vcon_look_begin(struct vcon *vcon);
void vcon_look_on(struct vcon *vcon);
void vcon_look_off(struct vcon *vcon);

/* kernel.c */
void vcon_kernel_prepare(struct vcon_kernel *kernel, struct vcon_face *face,
			 struct tty_driver *driver, unsigned int index);
void vcon_kernel_add(struct vcon_kernel *kernel);
bool vcon_kernel_is_on(struct vcon_kernel *kernel);
void vcon_kernel_del(struct vcon_kernel *kernel);
int vcon_kernel_set(struct vcon_kernel *kernel, bool on);
bool vcon_kernel_input(struct vcon_kernel *kernel, u8 c);

/* tx.c */
int vcon_tx_init(struct vcon_tx *tx, struct virt_queue *q);
void vcon_tx_attach(struct vcon_tx *tx, struct vcon_face *face);
void vcon_tx_stop(struct vcon_tx *tx);
void vcon_tx_freeze(struct vcon_tx *tx);
void vcon_tx_thaw(struct vcon_tx *tx, struct virt_queue *q);
u32 vcon_tx_write(struct vcon_tx *tx, struct vcon_face *face, const u8 *bytes, u32 count);
u32 vcon_tx_reserve(struct vcon_tx *tx, struct vcon_face *face, u8 **bytes);
void vcon_tx_commit(struct vcon_tx *tx, struct vcon_face *face, u32 count);
void vcon_tx_send(struct vcon_tx *tx);
u32 vcon_tx_try(struct vcon_tx *tx, struct vcon_face *face, const u8 *bytes,
		u32 count);
u32 vcon_tx_rescue(struct vcon_tx *tx, struct vcon_face *face,
		   u32 (*write)(struct vcon_face *face, const u8 *bytes, u32 n));
bool vcon_tx_alive(struct vcon_tx *tx);
bool vcon_tx_sleeps(struct vcon_tx *tx);
u32 vcon_tx_room(struct vcon_tx *tx);
u32 vcon_tx_waiting(struct vcon_tx *tx);
void vcon_tx_drop(struct vcon_tx *tx, struct vcon_face *face);
void vcon_tx_event(struct virt_queue *q);

/* rx.c */
int vcon_rx_init(struct vcon_rx *rx, struct virt_queue *q);
void vcon_rx_attach(struct vcon_rx *rx, struct vcon_face *face);
void vcon_rx_stop(struct vcon_rx *rx);
void vcon_rx_freeze(struct vcon_rx *rx);
int vcon_rx_thaw(struct vcon_rx *rx, struct virt_queue *q);
bool vcon_rx_waiting(struct vcon_rx *rx, struct vcon_face *face);
bool vcon_rx_take(struct vcon_rx *rx, struct vcon_face *face, struct vcon_piece *piece);
void vcon_rx_put(struct vcon_rx *rx, struct vcon_face *face, const struct vcon_piece *piece);
void vcon_rx_discard(struct vcon_rx *rx, struct vcon_face *face);
void vcon_rx_event(struct virt_queue *q);

/* sleep.c */
int vcon_freeze(struct virt_dev *vdev, struct virt_why *why);
int vcon_thaw(struct virt_dev *vdev);

/* hold.c */
void *vcon_hold(struct device *foreign, struct virt_why *why);
void vcon_unhold(void *hold);

/* tty.c */
int vcon_tty_add(struct vcon_port *port);
int vcon_tty_init(void);
void vcon_tty_exit(void);

/* file.c */
int vcon_file_add(struct vcon_port *port);
int vcon_file_init(void);
void vcon_file_exit(void);

#endif /* _VIRTBUS_CONSOLE_H */
