// SPDX-License-Identifier: GPL-2.0
/*
 * buffer.c - pages for a receive queue
 *
 * A buffer is a page, so that the largest packet fits into the fragments of one
 * skb. A slot keeps its page when the packet in it was copied or dropped.
 */
#include <linux/slab.h>

#include "net.h"

/* Give the slot back; it keeps its page, if it has it still. */
void vnet_buffer_put(struct vnet_rx *rx, unsigned int slot)
{
	rx->free[rx->nr_free++] = slot;
}

/* Give the device all slots that have, or can get, a page. */
void vnet_buffers_fill(struct vnet_rx *rx)
{
	struct scatterlist sg;
	unsigned int slot;

	sg_init_table(&sg, 1);
	while (rx->nr_free) {
		slot = rx->free[rx->nr_free - 1];
		if (!rx->page[slot])
			rx->page[slot] = page_pool_dev_alloc_pages(rx->pool);
		if (!rx->page[slot])
			break;
		sg_set_page(&sg, rx->page[slot], PAGE_SIZE, 0);
		if (virt_queue_add(rx->q, slot, &sg, 0, 1))
			break;
		rx->nr_free--;
	}
	if (virt_queue_kick_prepare(rx->q))
		virt_queue_notify(rx->q);
	/* with few buffers a large packet does not come, and nobody would look again */
	if (rx->nr_free && !READ_ONCE(rx->vnet->lost))
		schedule_delayed_work(&rx->refill, HZ / 10);
}

static void refill(struct work_struct *work)
{
	struct vnet_rx *rx = container_of(to_delayed_work(work), struct vnet_rx,
					  refill);

	vnet_rx_look(rx);
}

/* The device has none of them, and will never fill one that it had; NAPI is off. */
void vnet_buffers_reset(struct vnet_rx *rx)
{
	unsigned int i;

	rx->nr_free = 0;
	/* the first slot is the first to be taken */
	for (i = rx->nr_slots; i--; )
		vnet_buffer_put(rx, i);
}

/**
 * vnet_buffers_init() - prepare for having pages
 * @rx: the queue; @q is set
 *
 * Context: process, may sleep.
 * Return: 0 or -errno; vnet_buffers_exit() frees what there is, in both cases.
 */
int vnet_buffers_init(struct vnet_rx *rx)
{
	struct page_pool_params params = {
		.pool_size = rx->q->slots,
		.nid = NUMA_NO_NODE,
	};
	unsigned int n = rx->q->slots;

	INIT_DELAYED_WORK(&rx->refill, refill);
	rx->page = kvcalloc(n, sizeof(*rx->page), GFP_KERNEL);
	rx->free = kvcalloc(n, sizeof(*rx->free), GFP_KERNEL);
	if (!rx->page || !rx->free)
		return -ENOMEM;
	rx->pool = page_pool_create(&params);
	if (IS_ERR(rx->pool)) {
		int err = PTR_ERR(rx->pool);

		rx->pool = NULL;
		return err;
	}
	rx->nr_slots = n;
	vnet_buffers_reset(rx);
	return 0;
}

/* The device is silent; NAPI is off. */
void vnet_buffers_exit(struct vnet_rx *rx)
{
	unsigned int i;

	for (i = 0; i < rx->nr_slots; i++)
		if (rx->page[i])
			page_pool_put_full_page(rx->pool, rx->page[i], false);
	/* it goes when the last page of it that is under way comes back */
	if (rx->pool)
		page_pool_destroy(rx->pool);
	kvfree(rx->page);
	kvfree(rx->free);
}
