/* SPDX-License-Identifier: GPL-2.0 */
/* linux/slab.h - small memory, counted and checked by lib/memory.c */
#ifndef _USER_LINUX_SLAB_H
#define _USER_LINUX_SLAB_H

#include <linux/gfp.h>

void *kvcalloc(size_t n, size_t size, gfp_t gfp);
void kvfree(const void *mem);

#endif
