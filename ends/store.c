// SPDX-License-Identifier: GPL-2.0
/*
 * store.c - bytes in memory, as many as were written
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sizes.h>

#include "store.h"

/*
 * The disk made of this may be what memory is written back to, so that no I/O is
 * started to find a page; and a failure is an I/O error, not an endless search.
 */
#define STORE_GFP (GFP_NOIO | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

void virt_store_init(struct virt_store *store, u64 bytes)
{
	xa_init(&store->pages);
	init_rwsem(&store->lock);
	store->bytes = bytes;
}

static bool inside(const struct virt_store *store, u64 at, u64 bytes)
{
	return at <= store->bytes && bytes <= store->bytes - at;
}

/* Free whole pages from @first to @last. */
static void drop(struct virt_store *store, unsigned long first,
		 unsigned long last)
{
	unsigned long index;
	struct page *page;

	xa_for_each_range(&store->pages, index, page, first, last) {
		xa_erase(&store->pages, index);
		__free_page(page);
		cond_resched();
	}
}

/* Zero what is there of [@at, @at + @bytes), which is within one page. */
static void clear(struct virt_store *store, u64 at, u64 bytes)
{
	struct page *page = xa_load(&store->pages, at >> PAGE_SHIFT);

	if (page)
		memset(page_address(page) + offset_in_page(at), 0, bytes);
}

static void zero(struct virt_store *store, u64 at, u64 end)
{
	u64 first = round_up(at, PAGE_SIZE), last = round_down(end, PAGE_SIZE);

	if (first > last) {
		clear(store, at, end - at);
		return;
	}
	if (at < first)
		clear(store, at, first - at);
	if (first < last)
		drop(store, first >> PAGE_SHIFT, (last >> PAGE_SHIFT) - 1);
	if (last < end)
		clear(store, last, end - last);
}

void virt_store_free(struct virt_store *store)
{
	drop(store, 0, ULONG_MAX);
	xa_destroy(&store->pages);
}

void virt_store_resize(struct virt_store *store, u64 bytes)
{
	down_write(&store->lock);
	/* What is cut off must not come back when it grows again. */
	if (bytes < store->bytes)
		zero(store, bytes, round_up(store->bytes, PAGE_SIZE));
	store->bytes = bytes;
	up_write(&store->lock);
}

int virt_store_zero(struct virt_store *store, u64 at, u64 bytes)
{
	int ret = -EINVAL;

	down_write(&store->lock);
	if (inside(store, at, bytes)) {
		zero(store, at, at + bytes);
		ret = 0;
	}
	up_write(&store->lock);
	return ret;
}

int virt_store_read(struct virt_store *store, u64 at, struct iov_iter *to)
{
	int ret = 0;

	down_read(&store->lock);
	if (!inside(store, at, iov_iter_count(to)))
		ret = -EINVAL;
	while (!ret && iov_iter_count(to)) {
		size_t skip = offset_in_page(at);
		size_t n = min(iov_iter_count(to), PAGE_SIZE - skip);
		struct page *page = xa_load(&store->pages, at >> PAGE_SHIFT);
		size_t done;

		if (page)
			done = copy_to_iter(page_address(page) + skip, n, to);
		else
			done = iov_iter_zero(n, to);
		if (done != n)
			ret = -EFAULT;
		at += n;
	}
	up_read(&store->lock);
	return ret;
}

/*
 * A disk may be larger than memory. Whoever fills it gets errors; the machine
 * keeps enough to go on with, since nothing could take these pages back.
 */
static bool memory_is_low(void)
{
	long reserve = max(totalram_pages() / 16, SZ_16M >> PAGE_SHIFT);

	return si_mem_available() < reserve;
}

static struct page *get_page_at(struct virt_store *store, unsigned long index)
{
	struct page *page = xa_load(&store->pages, index);
	struct page *old;

	if (page)
		return page;
	if (memory_is_low())
		return NULL;
	page = alloc_page(STORE_GFP | __GFP_ZERO);
	if (!page)
		return NULL;
	/* Another queue may write beside us. */
	old = xa_cmpxchg(&store->pages, index, NULL, page, STORE_GFP);
	if (old) {
		__free_page(page);
		page = xa_is_err(old) ? NULL : old;
	}
	return page;
}

int virt_store_write(struct virt_store *store, u64 at, struct iov_iter *from)
{
	int ret = 0;

	down_read(&store->lock);
	if (!inside(store, at, iov_iter_count(from)))
		ret = -EINVAL;
	while (!ret && iov_iter_count(from)) {
		size_t skip = offset_in_page(at);
		size_t n = min(iov_iter_count(from), PAGE_SIZE - skip);
		struct page *page = get_page_at(store, at >> PAGE_SHIFT);

		if (!page)
			ret = -ENOMEM;
		else if (copy_from_iter(page_address(page) + skip, n,
					from) != n)
			ret = -EFAULT;
		at += n;
	}
	up_read(&store->lock);
	return ret;
}
