/* SPDX-License-Identifier: GPL-2.0 */
/*
 * harness.h - test points in plain C
 *
 * A test file is a program; each TEST() in it is a point, run in a process of
 * its own with a time limit, so that a crash or a hang costs one point and not
 * the file. The first failed CHECK() ends the point.
 */
#ifndef _USER_HARNESS_H
#define _USER_HARNESS_H

#include <linux/kernel.h>

#define TEST(id)							\
	static void test_##id(void);					\
	static void __attribute__((constructor)) add_##id(void)	\
	{								\
		test_add(#id, test_##id);				\
	}								\
	static void test_##id(void)

#define CHECK(cond)							\
do {									\
	if (!(cond))							\
		test_fail(__FILE__, __LINE__, "%s", #cond);		\
} while (0)

#define CHECK_EQ(a, b)							\
do {									\
	long long check_a = (a), check_b = (b);				\
	if (check_a != check_b)						\
		test_fail(__FILE__, __LINE__, "%s is %lld, not %lld (%s)", \
			  #a, check_a, check_b, #b);			\
} while (0)

/* The text @a has @b in it. */
#define CHECK_HAS(a, b)	test_has(__FILE__, __LINE__, a, b)

#define FAIL(...)	test_fail(__FILE__, __LINE__, __VA_ARGS__)

void test_add(const char *name, void (*fn)(void));
__printf(3, 4) __attribute__((noreturn))
void test_fail(const char *file, int line, const char *fmt, ...);
void test_has(const char *file, int line, const char *text, const char *part);

/* A line that is always shown: a seed, a rate. */
__printf(1, 2)
void test_note(const char *fmt, ...);

/* A number from the environment, such as LIES=10000000. */
unsigned long test_number(const char *name, unsigned long otherwise);

/* Random numbers from SEED=, or from a new seed that is shown. */
void random_start(void);
u64 random_u64(void);
/* below @limit, which is not 0 */
u32 random_below(u32 limit);
/* in a thread: numbers of its own, that follow from the same seed */
void random_thread(unsigned int nr);

#endif
