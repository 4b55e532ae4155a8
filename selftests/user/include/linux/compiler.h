/* SPDX-License-Identifier: GPL-2.0 */
/* linux/compiler.h - words of the kernel's C, in userspace */
#ifndef _USER_LINUX_COMPILER_H
#define _USER_LINUX_COMPILER_H

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define __must_check	__attribute__((warn_unused_result))
#define __force
#define __printf(a, b) __attribute__((format(printf, a, b)))

/*
 * Called behind each read of a value that another side may write: a device that
 * lies changes it there, so that a second read of it is seen.
 */
extern void (*user_read_hook)(const void *p);

#define user_load(p, order) ({						\
	typeof(*(p)) load_v = __atomic_load_n(p, order);		\
	if (user_read_hook)						\
		user_read_hook(p);					\
	load_v; })

/* Relaxed: no tearing and no race, but no order either. */
#define READ_ONCE(x)		user_load(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, v)	__atomic_store_n(&(x), v, __ATOMIC_RELAXED)

#endif
