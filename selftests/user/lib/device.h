/* SPDX-License-Identifier: GPL-2.0 */
/*
 * device.h - a device end that follows virtio 1.2, 2.7, to the letter
 *
 * It knows of a queue what a transport would tell it, and the memory behind
 * that. Whatever the driver's side does that the standard forbids fails the
 * test. Its plain reads and writes are on purpose: a barrier that is missing on
 * the driver's side is then a data race.
 */
#ifndef _USER_DEVICE_H
#define _USER_DEVICE_H

#include "queue.h"

#define DEVICE_SEGS	512

/**
 * struct device_seg - a segment of a buffer
 * @mem: where it is
 * @len: bytes
 * @write: for the device to write
 */
struct device_seg {
	void *mem;
	u32 len;
	bool write;
};

/**
 * struct device_buf - a buffer that the device has taken
 * @head: its number
 * @nr: segments
 * @out: of these to read
 * @room: bytes that the device may write
 * @seg: the segments
 */
struct device_buf {
	u16 head;
	unsigned int nr;
	unsigned int out;
	u64 room;
	struct device_seg seg[DEVICE_SEGS];
};

/**
 * struct device_end - the device's side of a queue
 * @size: descriptors
 * @indirect: tables are allowed
 * @event_idx: event indexes are used
 * @dma: addresses were mapped
 * @desc: the descriptors
 * @avail: the driver's area
 * @used: the device's area
 * @avail_idx: next entry to look at
 * @used_idx: next place to fill
 * @told_idx: @used_idx when the driver was last thought of
 */
struct device_end {
	unsigned int size;
	bool indirect;
	bool event_idx;
	bool dma;
	struct vring_desc *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	u16 avail_idx;
	u16 used_idx;
	u16 told_idx;
};

void device_open(struct device_end *d, const struct virt_queue *q);

/* Take the next available buffer; false: there is none. */
bool device_take(struct device_end *d, struct device_buf *buf);

/* Fill in used entries; device_publish() shows them. */
void device_use(struct device_end *d, u16 head, u32 len);
void device_publish(struct device_end *d);

/* After publishing: must the driver be called? Counts as having done so. */
bool device_must_call(struct device_end *d);

/* Kicks wanted or not; true: nothing came meanwhile, it may sleep. */
bool device_kicks_on(struct device_end *d);
void device_kicks_off(struct device_end *d);

/* take, use all of the room, publish; the head */
u16 device_serve(struct device_end *d);

#endif
