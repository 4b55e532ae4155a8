/* SPDX-License-Identifier: GPL-2.0 */
/* linux/gfp.h - pages, counted and checked by lib/memory.c */
#ifndef _USER_LINUX_GFP_H
#define _USER_LINUX_GFP_H

#include <linux/types.h>

#define GFP_KERNEL	0x1u
#define __GFP_ZERO	0x2u
#define __GFP_NOWARN	0x4u

#define PAGE_SIZE	4096UL

void *alloc_pages_exact(size_t size, gfp_t gfp);
void free_pages_exact(void *mem, size_t size);

/* Where the device end finds memory that was not mapped for it. */
phys_addr_t virt_to_phys(const void *mem);

#endif
