/* SPDX-License-Identifier: GPL-2.0 */
/*
 * asm/barrier.h - barriers that ThreadSanitizer understands
 *
 * Acquire and release order what is around them in its eyes as they do in the
 * kernel. It does not know fences, and need not: no order between two threads
 * rests on one of ours. That they are there is checked by user_mb_hook.
 */
#ifndef _USER_ASM_BARRIER_H
#define _USER_ASM_BARRIER_H

#include <linux/compiler.h>

/* Called behind each full barrier: what the other side does at that moment. */
extern void (*user_mb_hook)(void);

static inline void virt_mb(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (user_mb_hook)
		user_mb_hook();
}

/* Called behind each release: a device that was waiting for just that. */
extern void (*user_release_hook)(void);

#define virt_store_release(p, v)					\
do {									\
	__atomic_store_n(p, v, __ATOMIC_RELEASE);			\
	if (user_release_hook)						\
		user_release_hook();					\
} while (0)

#define virt_load_acquire(p)		user_load(p, __ATOMIC_ACQUIRE)

#endif
