// SPDX-License-Identifier: GPL-2.0
/*
 * memory.c - allocations that are counted, checked and made to fail
 *
 * Physical addresses differ from virtual ones, so that a forgotten
 * virt_to_phys() is seen.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/slab.h>

#include "harness.h"
#include "kernel.h"

#define PHYS		BIT_ULL(56)
#define POISON		0xa5
#define BUCKETS		4096

struct pages {
	struct pages *next;
	void *mem;
	size_t size;
};

struct user_kernel kernel;
static struct pages *buckets[BUCKETS];

static struct pages **bucket(const void *mem)
{
	return &buckets[(unsigned long)mem / PAGE_SIZE % BUCKETS];
}

bool user_alloc_fails(void)
{
	if (++kernel.allocs == kernel.fail_alloc)
		return true;
	kernel.live++;
	return false;
}

void *user_pages(size_t size, bool zero)
{
	void *mem;

	if (posix_memalign(&mem, PAGE_SIZE, size))
		FAIL("this machine has no memory left");
	memset(mem, zero ? 0 : POISON, size);
	return mem;
}

void *kvcalloc(size_t n, size_t size, gfp_t gfp)
{
	return user_alloc_fails() ? NULL : calloc(n, size);
}

void kvfree(const void *mem)
{
	if (!mem)
		return;
	kernel.live--;
	free((void *)mem);
}

void *alloc_pages_exact(size_t size, gfp_t gfp)
{
	struct pages *pages;

	if (user_alloc_fails())
		return NULL;
	pages = malloc(sizeof(*pages));
	pages->mem = user_pages(size, gfp & __GFP_ZERO);
	pages->size = size;
	pages->next = *bucket(pages->mem);
	*bucket(pages->mem) = pages;
	return pages->mem;
}

void free_pages_exact(void *mem, size_t size)
{
	struct pages **p = bucket(mem), *pages;

	while (*p && (*p)->mem != mem)
		p = &(*p)->next;
	pages = *p;
	if (!pages)
		FAIL("pages are freed that were not allocated");
	CHECK_EQ(size, pages->size);
	*p = pages->next;
	free(pages->mem);
	free(pages);
	kernel.live--;
}

phys_addr_t virt_to_phys(const void *mem)
{
	return PHYS + (unsigned long)mem;
}
