/* SPDX-License-Identifier: GPL-2.0 */
/* linux/uio.h - iterators over segments, in userspace: bytes.c */
#ifndef _END_LINUX_UIO_H
#define _END_LINUX_UIO_H

#include <end_kernel.h>

enum { ITER_DEST, ITER_SOURCE };

struct iov_iter {
	int direction;
	const struct kvec *kvec;
	unsigned long nr;
	size_t at;
	size_t count;
};

void iov_iter_kvec(struct iov_iter *i, int direction, const struct kvec *kvec,
		   unsigned long nr, size_t count);
size_t copy_from_iter(void *to, size_t bytes, struct iov_iter *i);
size_t copy_to_iter(const void *from, size_t bytes, struct iov_iter *i);
void iov_iter_advance(struct iov_iter *i, size_t bytes);

#endif
