/* SPDX-License-Identifier: GPL-2.0 */
/* linux/kfifo.h - a ring of bytes, in userspace: bytes.c */
#ifndef _END_LINUX_KFIFO_H
#define _END_LINUX_KFIFO_H

#include <end_kernel.h>

struct user_fifo {
	unsigned int in;
	unsigned int out;
};

#define DECLARE_KFIFO(name, type, n)	\
	struct { struct user_fifo fifo; type data[n]; } name
#define kfifo_reset(f)		((f)->fifo = (struct user_fifo) { })
#define INIT_KFIFO(f)		kfifo_reset(&(f))
#define kfifo_is_empty(f)	((f)->fifo.in == (f)->fifo.out)
#define kfifo_in(f, from, n)	\
	user_fifo_in(&(f)->fifo, (f)->data, sizeof((f)->data), from, n)
#define kfifo_out(f, to, n)	\
	user_fifo_out(&(f)->fifo, (f)->data, sizeof((f)->data), to, n)

unsigned int user_fifo_in(struct user_fifo *f, u8 *data, unsigned int size,
			  const u8 *from, unsigned int n);
unsigned int user_fifo_out(struct user_fifo *f, const u8 *data,
			   unsigned int size, u8 *to, unsigned int n);

#endif
