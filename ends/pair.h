/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pair.h - private to ends/pair*.c: two network cards and the cable between them
 *
 * Locks, outermost first:
 *
 *	virt_pair_lock	which ends there are, and so who is at the other end
 *	line->lock	the packets on their way to one receive queue
 *
 * An end touches its own queues only, and each in the work item that serves it.
 */
#ifndef _VIRTBUS_ENDS_PAIR_H
#define _VIRTBUS_ENDS_PAIR_H

#include <linux/if_ether.h>
#include <linux/virtio_net.h>

#include "end.h"

/* Two queues each, and the control queue. */
#define PAIR_QUEUES	((VIRT_END_QUEUES - 1) / 2)

/* A packet with its header: 64 KiB of IP. */
#define PAIR_HDR	sizeof(struct virtio_net_hdr_v1)
#define PAIR_PACKET_MAX	(PAIR_HDR + ETH_HLEN + 4 + 65535)

/* Buffers of one packet. */
#define PAIR_PARTS	64

/**
 * struct pair_packet - a packet on its way
 * @list: in a line
 * @len: bytes, with the header
 * @bytes: header and packet
 */
struct pair_packet {
	struct list_head list;
	size_t len;
	u8 bytes[];
};

/**
 * struct pair_line - what is on its way to a receive queue
 * @lock: protects @packets, @waiting and @open
 * @packets: in order
 * @waiting: their bytes
 * @open: the driver is there to receive
 * @packet: the packet that is being given; the rest belongs to who serves
 * @at: bytes of it that were given
 * @nr_parts: buffers that it has already
 * @parts: their numbers
 * @filled: bytes in each
 * @first: the buffer that its header is in; also one that waits for a packet
 * @has_first: there is such a buffer
 * @buf: any other buffer
 */
struct pair_line {
	struct mutex lock;		/* see above */
	struct list_head packets;
	size_t waiting;
	bool open;
	struct pair_packet *packet;
	size_t at;
	unsigned int nr_parts;
	unsigned int parts[PAIR_PARTS];
	size_t filled[PAIR_PARTS];
	struct virt_end_buf first;
	bool has_first;
	struct virt_end_buf buf;
};

/**
 * struct pair - one end of a cable
 * @end: what the rest sees
 * @list: in the list of ends; under virt_pair_lock
 * @name: its name
 * @peer: the name of the other end
 * @alive: it may be told that its configuration changed
 * @config: its configuration
 * @nr_pairs: pairs of queues that it has
 * @cur_pairs: pairs that its driver uses
 * @tx: the buffer that each transmit queue is at
 * @control: the buffer that the control queue is at
 * @lines: to each receive queue
 */
struct pair {
	struct virt_end end;
	struct list_head list;
	char name[VIRT_NAME_MAX + 1];
	char peer[VIRT_NAME_MAX + 1];
	bool alive;
	struct virtio_net_config config;
	unsigned int nr_pairs;
	unsigned int cur_pairs;
	struct virt_end_buf tx[PAIR_QUEUES];
	struct virt_end_buf control;
	struct pair_line lines[];
};

/* pair.c */
extern struct mutex virt_pair_lock;
struct pair *virt_pair_other(const struct pair *pair);
unsigned int virt_pair_control_queue(const struct pair *pair);

/* pair-wire.c: packets */
void virt_pair_lines_init(struct pair *pair);
void virt_pair_lines_reset(struct pair *pair);
void virt_pair_transmit(struct pair *pair, unsigned int n);
void virt_pair_receive(struct pair *pair, unsigned int n);

/* pair-control.c: commands */
void virt_pair_command(struct pair *pair);

#endif /* _VIRTBUS_ENDS_PAIR_H */
