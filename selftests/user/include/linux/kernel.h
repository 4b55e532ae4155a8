/* SPDX-License-Identifier: GPL-2.0 */
/* linux/kernel.h - what the sources under test use of it, in userspace */
#ifndef _USER_LINUX_KERNEL_H
#define _USER_LINUX_KERNEL_H

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <asm/byteorder.h>
#include_next <linux/kernel.h>

#include <linux/bug.h>
#include <linux/types.h>

#define BIT_ULL(n)		(1ULL << (n))
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define container_of(p, type, member) \
	((type *)((char *)(p) - offsetof(type, member)))

#define min_t(type, a, b) ({						\
	type min_a = (a);						\
	type min_b = (b);						\
	min_a < min_b ? min_a : min_b; })

#define cpu_to_le16	__cpu_to_le16
#define cpu_to_le32	__cpu_to_le32
#define cpu_to_le64	__cpu_to_le64
#define le16_to_cpu	__le16_to_cpu
#define le32_to_cpu	__le32_to_cpu
#define le64_to_cpu	__le64_to_cpu

#endif
