/* SPDX-License-Identifier: GPL-2.0 */
/*
 * end_kernel.h - what ends/ uses of the kernel, in userspace
 *
 * One thread: a lock only checks that it is used as one, a work item runs when
 * the test says so.
 */
#ifndef _END_KERNEL_H
#define _END_KERNEL_H

#include <stdlib.h>

#include <linux/device.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/types.h>
#include <linux/virtio_types.h>

#include <asm/barrier.h>

#define U64_MAX			((u64)~0ULL)
#define WARN_ON			WARN_ON_ONCE
#define min(a, b)		min_t(typeof(a), a, b)
#define struct_size(p, member, n) \
	((size_t)&((typeof(p))0)->member[n])

static inline bool IS_ALIGNED(u64 x, u64 a)
{
	return !(x & (a - 1));
}

static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

/* one thread: what is read and written when is not seen here */
#define virt_rmb()	__atomic_signal_fence(__ATOMIC_ACQUIRE)
#define virt_wmb()	__atomic_signal_fence(__ATOMIC_RELEASE)

#define ERR_PTR(e)	((void *)(long)(e))
#define PTR_ERR(p)	((long)(p))
#define ERR_CAST(p)	((void *)(p))
#define IS_ERR(p)	((unsigned long)(p) >= -4095UL)

#define SZ_16K		0x4000
#define SZ_4M		0x400000
#define kzalloc(size, gfp)	kvcalloc(1, size, gfp)
#define kvzalloc		kzalloc
#define kvmalloc		kzalloc
#define kfree			kvfree
void *kmemdup(const void *from, size_t size, gfp_t gfp);

struct kvec {
	void *iov_base;
	size_t iov_len;
};

struct mutex {
	bool held;
};

#define spinlock_t		struct mutex
#define DEFINE_MUTEX(m)		struct mutex m
#define mutex_init(m)		((m)->held = false)
#define spin_lock_init		mutex_init
#define mutex_lock(m)		user_lock(m)
#define mutex_unlock(m)		user_unlock(m)
#define spin_lock		mutex_lock
#define spin_unlock		mutex_unlock
#define lockdep_assert_held(m)	user_held(m)
void user_lock(struct mutex *m);
void user_unlock(struct mutex *m);
void user_held(struct mutex *m);

struct workqueue_struct;
struct work_struct {
	void (*fn)(struct work_struct *work);
	bool pending;
	bool running;
};

#define INIT_WORK(w, f)	(*(w) = (struct work_struct) { .fn = (f) })
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);

unsigned long *bitmap_zalloc(unsigned int bits, gfp_t gfp);
#define bitmap_free		kvfree
#define LONG_BITS		(8 * sizeof(long))

static inline bool test_bit(unsigned int nr, const unsigned long *map)
{
	return map[nr / LONG_BITS] >> nr % LONG_BITS & 1;
}

static inline bool test_and_set_bit(unsigned int nr, unsigned long *map)
{
	bool was = test_bit(nr, map);

	map[nr / LONG_BITS] |= 1UL << nr % LONG_BITS;
	return was;
}

static inline bool test_and_clear_bit(unsigned int nr, unsigned long *map)
{
	bool was = test_bit(nr, map);

	map[nr / LONG_BITS] &= ~(1UL << nr % LONG_BITS);
	return was;
}

#define set_bit(nr, map)	((void)test_and_set_bit(nr, map))
#define clear_bit(nr, map)	((void)test_and_clear_bit(nr, map))

#define __virtio16_to_cpu(le, v)	le16_to_cpu(v)
#define __virtio32_to_cpu(le, v)	le32_to_cpu(v)
#define __virtio64_to_cpu(le, v)	le64_to_cpu(v)
#define __cpu_to_virtio16(le, v)	cpu_to_le16(v)
#define __cpu_to_virtio32(le, v)	cpu_to_le32(v)
#define __cpu_to_virtio64(le, v)	cpu_to_le64(v)

struct va_format {
	const char *fmt;
	va_list *va;
};

/* the one message of ends/ that runs here: "%s: .. %pV" */
#define pr_warn(fmt, name, vaf)	user_message(name, vaf)
void user_message(const char *name, struct va_format *vaf);

int scnprintf(char *buf, size_t size, const char *fmt, ...);
long strscpy(char *to, const char *from, size_t size);
int kstrtobool(const char *text, bool *value);
int kstrtouint(const char *text, unsigned int base, unsigned int *value);
#define sysfs_emit(buf, ...)		scnprintf(buf, PAGE_SIZE, __VA_ARGS__)
#define sysfs_emit_at(buf, at, ...) \
	scnprintf((buf) + (at), PAGE_SIZE - (at), __VA_ARGS__)

#define cond_resched()		((void)0)
#define msleep(ms)		((void)(ms))
void get_random_bytes(void *buf, size_t size);

#endif
