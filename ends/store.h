/* SPDX-License-Identifier: GPL-2.0 */
/*
 * store.h - private to ends/: bytes in memory, as many as were written
 */
#ifndef _VIRTBUS_ENDS_STORE_H
#define _VIRTBUS_ENDS_STORE_H

#include <linux/rwsem.h>
#include <linux/uio.h>
#include <linux/xarray.h>

/**
 * struct virt_store - a sparse array of bytes
 * @pages: what was written, by page number; what is not there reads as zero
 * @lock: held for writing where pages go away, for reading where they are used
 * @bytes: its size
 */
struct virt_store {
	struct xarray pages;
	struct rw_semaphore lock;
	u64 bytes;
};

void virt_store_init(struct virt_store *store, u64 bytes);
void virt_store_free(struct virt_store *store);
void virt_store_resize(struct virt_store *store, u64 bytes);
int virt_store_read(struct virt_store *store, u64 at, struct iov_iter *to);
int virt_store_write(struct virt_store *store, u64 at, struct iov_iter *from);
int virt_store_zero(struct virt_store *store, u64 at, u64 bytes);

#endif /* _VIRTBUS_ENDS_STORE_H */
