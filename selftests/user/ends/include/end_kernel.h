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
#define IS_ALIGNED(x, a)	(!((x) & ((a) - 1)))
#define min(a, b)		((a) < (b) ? (a) : (b))
#define clamp_t(type, v, lo, hi) \
	((type)(v) < (type)(lo) ? (type)(lo) : \
	 (type)(v) > (type)(hi) ? (type)(hi) : (type)(v))
#define struct_size(p, member, n) \
	(offsetof(typeof(*(p)), member) + sizeof((p)->member[0]) * (n))
#define is_power_of_2(n)	((n) && !((n) & ((n) - 1)))

#define virt_rmb()	__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define virt_wmb()	__atomic_thread_fence(__ATOMIC_RELEASE)

#define ERR_PTR(e)	((void *)(long)(e))
#define PTR_ERR(p)	((long)(p))
#define ERR_CAST(p)	((void *)(p))
#define IS_ERR(p)	((unsigned long)(p) >= -4095UL)

#define kzalloc(size, gfp)	kvcalloc(1, size, gfp)
#define kfree			kvfree
void *kmemdup(const void *from, size_t size, gfp_t gfp);

struct list_head {
	struct list_head *next, *prev;
};

struct kvec {
	void *iov_base;
	size_t iov_len;
};

struct mutex {
	bool held;
};

typedef struct mutex spinlock_t;

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
#define WORD(nr, map)		((unsigned long *)(map))[(nr) / LONG_BITS]
#define BIT_OF(nr)		(1UL << (nr) % LONG_BITS)
#define test_bit(nr, map)	(!!(WORD(nr, map) & BIT_OF(nr)))
#define set_bit(nr, map)	((void)(WORD(nr, map) |= BIT_OF(nr)))
#define clear_bit(nr, map)	((void)(WORD(nr, map) &= ~BIT_OF(nr)))
#define test_and_set_bit(nr, map) ({					\
	bool was = test_bit(nr, map);					\
	set_bit(nr, map);						\
	was; })
#define test_and_clear_bit(nr, map) ({					\
	bool was = test_bit(nr, map);					\
	clear_bit(nr, map);						\
	was; })

static inline u16 __virtio16_to_cpu(bool le, __virtio16 v) { return le16_to_cpu(v); }
static inline u32 __virtio32_to_cpu(bool le, __virtio32 v) { return le32_to_cpu(v); }
static inline u64 __virtio64_to_cpu(bool le, __virtio64 v) { return le64_to_cpu(v); }
static inline __virtio16 __cpu_to_virtio16(bool le, u16 v) { return cpu_to_le16(v); }
static inline __virtio32 __cpu_to_virtio32(bool le, u32 v) { return cpu_to_le32(v); }
static inline __virtio64 __cpu_to_virtio64(bool le, u64 v) { return cpu_to_le64(v); }

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
#define sysfs_emit(buf, ...)		scnprintf(buf, PAGE_SIZE, __VA_ARGS__)
#define sysfs_emit_at(buf, at, ...) \
	scnprintf((buf) + (at), PAGE_SIZE - (at), __VA_ARGS__)

#define cond_resched()		((void)0)
#define msleep(ms)		((void)(ms))
void get_random_bytes(void *buf, size_t size);

#endif
