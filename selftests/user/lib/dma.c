// SPDX-License-Identifier: GPL-2.0
/*
 * dma.c - an IOMMU that remembers what was mapped, for whom and which way
 *
 * The upper byte of an address says what it is: 1 physical, 2 a streaming
 * mapping (32 bits of number, 24 bits of offset), 3 coherent memory.
 */
#include <stdlib.h>

#include <linux/dma-mapping.h>

#include "harness.h"
#include "kernel.h"

#define PHYS		1
#define STREAMING	2
#define COHERENT	3
#define MAPS_MAX	65536

static struct map {
	void *mem;
	u64 addr;
	size_t size;
	enum dma_data_direction dir;
} maps[MAPS_MAX];

static u64 tag(u64 addr)
{
	return addr >> 56;
}

static u64 untag(u64 addr)
{
	return addr & ((1ULL << 56) - 1);
}

static struct map *map_of(u64 addr)
{
	return &maps[untag(addr) >> 24 & (MAPS_MAX - 1)];
}

void *dma_alloc_coherent(struct device *dev, size_t size, dma_addr_t *addr,
			 gfp_t gfp)
{
	void *mem;

	CHECK(dev);
	mem = alloc_pages_exact(size, gfp | __GFP_ZERO);
	if (mem)
		*addr = ((u64)COHERENT << 56) + (unsigned long)mem;
	return mem;
}

void dma_free_coherent(struct device *dev, size_t size, void *mem,
		       dma_addr_t addr)
{
	CHECK_EQ(tag(addr), COHERENT);
	CHECK(untag(addr) == (unsigned long)mem);
	free_pages_exact(mem, size);
}

dma_addr_t dma_map_page(struct device *dev, struct page *page, size_t offset,
			size_t size, enum dma_data_direction dir)
{
	struct map *map;
	u64 nr;

	CHECK(dev && size);
	if (++kernel.maps == kernel.fail_map)
		return DMA_MAPPING_ERROR;
	/* a number is used again late, so that a stale address is seen */
	for (nr = kernel.maps; maps[nr % MAPS_MAX].mem; nr++)
		;
	map = &maps[nr % MAPS_MAX];
	map->mem = (void *)page + offset;
	map->addr = ((u64)STREAMING << 56) + (nr % MAPS_MAX << 24) +
		    offset % PAGE_SIZE;
	map->size = size;
	map->dir = dir;
	kernel.mapped++;
	return map->addr;
}

void dma_unmap_page(struct device *dev, dma_addr_t addr, size_t size,
		    enum dma_data_direction dir)
{
	struct map *map = map_of(addr);

	CHECK(dev);
	CHECK_EQ(tag(addr), STREAMING);
	CHECK(map->mem && map->addr == addr);
	CHECK_EQ(size, map->size);
	CHECK_EQ(dir, map->dir);
	map->mem = NULL;
	kernel.mapped--;
}

int dma_mapping_error(struct device *dev, dma_addr_t addr)
{
	return addr == DMA_MAPPING_ERROR;
}

static void *through_map(u64 addr, u32 len, bool write)
{
	struct map *map = map_of(addr);
	u64 offset = addr - map->addr;

	if (!map->mem || addr < map->addr || offset + len > map->size)
		FAIL("the device is sent to %#llx + %u, which is not mapped",
		     addr, len);
	if (map->dir != (write ? DMA_FROM_DEVICE : DMA_TO_DEVICE))
		FAIL("a segment is mapped in the wrong direction");
	return map->mem + offset;
}

void *user_device_sees(u64 addr, u32 len, bool write, bool through_dma)
{
	switch (tag(addr)) {
	case PHYS:
	case COHERENT:
		if (through_dma != (tag(addr) == COHERENT))
			break;
		return (void *)untag(addr);
	case STREAMING:
		if (through_dma)
			return through_map(addr, len, write);
	}
	FAIL("the device is sent to %#llx", addr);
}
