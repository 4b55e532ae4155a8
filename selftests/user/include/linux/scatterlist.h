/* SPDX-License-Identifier: GPL-2.0 */
/* linux/scatterlist.h - plain arrays of segments; a page is its address */
#ifndef _USER_LINUX_SCATTERLIST_H
#define _USER_LINUX_SCATTERLIST_H

#include <linux/gfp.h>

struct page;

struct scatterlist {
	struct page *page;
	unsigned int offset;
	unsigned int length;
};

static inline struct page *sg_page(struct scatterlist *sg)
{
	return sg->page;
}

static inline u64 sg_phys(struct scatterlist *sg)
{
	return virt_to_phys(sg->page) + sg->offset;
}

static inline void sg_set_buf(struct scatterlist *sg, const void *mem,
			      unsigned int len)
{
	unsigned long addr = (unsigned long)mem;

	sg->page = (struct page *)(addr & ~(PAGE_SIZE - 1));
	sg->offset = addr & (PAGE_SIZE - 1);
	sg->length = len;
}

#endif
