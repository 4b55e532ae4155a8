/* SPDX-License-Identifier: GPL-2.0 */
/*
 * console.h - what the files of the console driver share: private to this
 * directory
 *
 * Locks: tty_port.mutex serialises opening, closing and idle(), and protects
 * @closed. tx.lock and rx.lock are spinlocks, taken with interrupts off; they are
 * never held together, and nothing of the terminal layer that may sleep is called
 * under them.
 */
#ifndef _VIRTBUS_CONSOLE_H
#define _VIRTBUS_CONSOLE_H

#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/spinlock.h>
#include <linux/tty.h>
#include <linux/tty_port.h>
#include <linux/virtio_console.h>
#include <linux/workqueue.h>

#include <virtbus/virt_dev.h>
#include <virtbus/virt_queue.h>

/* What may wait for the host; a power of two. */
#define VCON_TX_BYTES	SZ_16K

/* Buffers that wait for input, and the size of each. */
#define VCON_RX_SLOTS	16
#define VCON_RX_BYTES	SZ_4K

/* 5.3.2: the queues of the first port */
enum vcon_queue { VCON_RX, VCON_TX, VCON_QUEUES };

/**
 * struct vcon_tx - output: a ring, of which the device has one piece at a time
 * @lock: protects all of it and serialises both sides of @q
 * @q: the queue, or NULL when it is not there (any more)
 * @ring: VCON_TX_BYTES
 * @head: bytes ever written into the ring
 * @tail: bytes ever sent
 * @with_device: bytes from @tail on that the device has
 */
struct vcon_tx {
	spinlock_t lock;		/* see above */
	struct virt_queue *q;
	u8 *ring;
	u32 head;
	u32 tail;
	u32 with_device;
};

/**
 * struct vcon_rx - input: buffers that the device fills
 * @lock: protects all of it and serialises both sides of @q
 * @q: the queue, or NULL when it is not there (any more)
 * @open: somebody wants input; without, the device keeps it
 * @throttled: not now
 * @slots: buffers in use
 * @buf: a buffer for each slot
 * @held: slot whose bytes did not all fit into the terminal, or -1
 * @held_at: bytes of it that did
 * @held_len: bytes that it has
 * @retry: tries again with what did not fit
 */
struct vcon_rx {
	spinlock_t lock;		/* see above */
	struct virt_queue *q;
	bool open;
	bool throttled;
	unsigned int slots;
	u8 *buf[VCON_RX_SLOTS];
	int held;
	u32 held_at;
	u32 held_len;
	struct delayed_work retry;
};

/**
 * struct vcon - one console
 * @vdev: the device; a reference is held until this is freed
 * @port: its face in the terminal layer; frees us with its last reference
 * @index: number of its terminal
 * @closed: nobody may open it any more; under port.mutex
 * @size: what the host said last of columns and rows; 0 when it did not
 * @tx: output
 * @rx: input
 */
struct vcon {
	struct virt_dev *vdev;
	struct tty_port port;
	unsigned int index;
	bool closed;
	struct winsize size;
	struct vcon_tx tx;
	struct vcon_rx rx;
};

/* tx.c */
int vcon_tx_init(struct vcon_tx *tx);
void vcon_tx_stop(struct vcon_tx *tx);
void vcon_tx_free(struct vcon_tx *tx);
u32 vcon_tx_write(struct vcon_tx *tx, const u8 *bytes, u32 count);
void vcon_tx_send(struct vcon_tx *tx);
u32 vcon_tx_room(struct vcon_tx *tx);
u32 vcon_tx_waiting(struct vcon_tx *tx);
void vcon_tx_drop(struct vcon_tx *tx);
void vcon_tx_done(struct virt_queue *q);

/* rx.c */
void vcon_rx_prepare(struct vcon_rx *rx);
int vcon_rx_init(struct vcon_rx *rx, struct virt_queue *q);
void vcon_rx_stop(struct vcon_rx *rx);
void vcon_rx_free(struct vcon_rx *rx);
void vcon_rx_open(struct vcon_rx *rx, bool open);
void vcon_rx_throttle(struct vcon_rx *rx, bool throttled);
void vcon_rx_done(struct virt_queue *q);

/* tty.c */
int vcon_tty_init(void);
void vcon_tty_exit(void);
void vcon_port_init(struct vcon *vcon);
int vcon_tty_add(struct vcon *vcon);
void vcon_tty_del(struct vcon *vcon);
void vcon_tty_resize(struct vcon *vcon, u16 cols, u16 rows);
int vcon_idle(struct virt_dev *vdev, struct virt_why *why);
void vcon_reopen(struct virt_dev *vdev);

#endif /* _VIRTBUS_CONSOLE_H */
