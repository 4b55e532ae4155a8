/* SPDX-License-Identifier: GPL-2.0 */
/*
 * bell.h - waking another thread, for tests with several
 *
 * A bell orders nothing (a relaxed counter and a futex, which TSan knows nothing
 * of): all order between the threads must come from what is tested.
 */
#ifndef _USER_BELL_H
#define _USER_BELL_H

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness.h"

struct bell {
	u32 rung;
};

static inline void bell_ring(struct bell *bell)
{
	__atomic_fetch_add(&bell->rung, 1, __ATOMIC_RELAXED);
	syscall(SYS_futex, &bell->rung, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* Until it was rung since @heard, which the caller keeps. */
static inline void bell_wait(struct bell *bell, u32 *heard)
{
	while (READ_ONCE(bell->rung) == *heard)
		syscall(SYS_futex, &bell->rung, FUTEX_WAIT_PRIVATE, *heard,
			NULL, NULL, 0);
	*heard = READ_ONCE(bell->rung);
}

/* To the processor with this number of those that we have; else anywhere. */
static inline void thread_pin(unsigned int nr)
{
	unsigned int cpu, seen = 0;
	cpu_set_t have, want;

	CPU_ZERO(&want);
	sched_getaffinity(0, sizeof(have), &have);
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &have) && seen++ == nr)
			CPU_SET(cpu, &want);
	if (CPU_COUNT(&want))
		sched_setaffinity(0, sizeof(want), &want);
}

#endif
