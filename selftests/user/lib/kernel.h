/* SPDX-License-Identifier: GPL-2.0 */
/* kernel.h - what the tests see of the kernel that lib/ plays */
#ifndef _USER_KERNEL_H
#define _USER_KERNEL_H

#include <linux/dma-mapping.h>

/**
 * struct user_kernel - what happened, and what shall happen
 * @allocs: allocations so far, of any sort
 * @fail_alloc: this one fails, counted from 1; 0: none
 * @live: allocations that were not freed
 * @maps: streaming mappings so far
 * @fail_map: this one fails, counted from 1; 0: none
 * @mapped: streaming mappings that are there
 * @warnings: how many
 * @warnings_wanted: a warning does not fail the test
 * @breaks: times virt_dev_break() was called
 * @breaks_wanted: a break does not fail the test
 * @reason: why, the last time
 */
struct user_kernel {
	unsigned long allocs;
	unsigned long fail_alloc;
	unsigned long live;
	unsigned long maps;
	unsigned long fail_map;
	unsigned long mapped;
	unsigned long warnings;
	bool warnings_wanted;
	unsigned long breaks;
	bool breaks_wanted;
	char reason[256];
};

extern struct user_kernel kernel;

/* memory.c: is this the allocation that fails? counts it otherwise */
bool user_alloc_fails(void);
/* aligned to a page and exactly so long that a sanitizer sees the end */
void *user_pages(size_t size, bool zero);

/*
 * dma.c: what the device finds at an address. It has no business at an address
 * that was not mapped for it, or not in this direction: that fails the test.
 */
void *user_device_sees(u64 addr, u32 len, bool write, bool through_dma);

#endif
