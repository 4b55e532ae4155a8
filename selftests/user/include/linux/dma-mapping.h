/* SPDX-License-Identifier: GPL-2.0 */
/* linux/dma-mapping.h - an IOMMU that remembers: lib/dma.c */
#ifndef _USER_LINUX_DMA_MAPPING_H
#define _USER_LINUX_DMA_MAPPING_H

#include <linux/gfp.h>

struct device;
struct page;

enum dma_data_direction {
	DMA_BIDIRECTIONAL = 0,
	DMA_TO_DEVICE = 1,
	DMA_FROM_DEVICE = 2,
};

#define DMA_MAPPING_ERROR	(~(dma_addr_t)0)

void *dma_alloc_coherent(struct device *dev, size_t size, dma_addr_t *addr,
			 gfp_t gfp);
void dma_free_coherent(struct device *dev, size_t size, void *mem,
		       dma_addr_t addr);
dma_addr_t dma_map_page(struct device *dev, struct page *page, size_t offset,
			size_t size, enum dma_data_direction dir);
void dma_unmap_page(struct device *dev, dma_addr_t addr, size_t size,
		    enum dma_data_direction dir);
int dma_mapping_error(struct device *dev, dma_addr_t addr);

#endif
