/* SPDX-License-Identifier: GPL-2.0 */
/* linux/types.h - the kernel's types, in userspace */
#ifndef _USER_LINUX_TYPES_H
#define _USER_LINUX_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include_next <linux/types.h>

#include <linux/compiler.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef u64 dma_addr_t;
typedef u64 phys_addr_t;
typedef unsigned int gfp_t;

struct list_head {
	struct list_head *next, *prev;
};

#define U16_MAX		((u16)~0U)
#define U32_MAX		((u32)~0U)

#endif
