// SPDX-License-Identifier: GPL-2.0
/* liar.c - a driver that lies to a device end: its life, and its sound buffers */
#include "liar.h"

#define RUNNING	(NEGOTIATING | VIRTIO_CONFIG_S_FEATURES_OK | \
		 VIRTIO_CONFIG_S_DRIVER_OK)

/* in what a queue has */
#define AVAIL_AT	2048
#define USED_AT		2560

struct liar_score score;

void *liar_mem(const struct liar *l, u64 addr)
{
	return l->mem + (addr - LIAR_BASE);
}

bool liar_broken(const struct liar *l)
{
	return virt_end_status(l->end) & VIRTIO_CONFIG_S_NEEDS_RESET;
}

bool liar_may(const struct liar *l, u64 addr, u64 len, bool write)
{
	u64 end = LIAR_BASE + l->size;

	if (addr < LIAR_BASE || addr >= end || len > end - addr)
		return false;
	return !write || addr + len <= LIAR_ROM || addr >= LIAR_RINGS;
}

u64 liar_table(const struct liar *l, const struct liar_queue *q,
	       unsigned int head)
{
	return LIAR_RINGS + (q - l->queue) * LIAR_RING + LIAR_TABLES +
	       head / q->stride % LIAR_TABLE * 256;
}

/* --- the transport */

static void queue_event(struct virt_end *end, unsigned int queue)
{
	struct liar *l = end->host_data;

	CHECK(queue < l->nr_queues && l->queue[queue].size);
}

static void config_event(struct virt_end *end)
{
	struct liar *l = end->host_data;

	l->config_events++;
}

static void gone(struct virt_end *end)
{
	FAIL("an end went by itself");
}

static void *translate(struct virt_end *end, u64 addr, u64 size, bool write)
{
	struct liar *l = end->host_data;

	CHECK(size);
	if (!liar_may(l, addr, size, write))
		return NULL;
	if (!write)
		return liar_mem(l, addr);
	memset(l->writable + (addr - LIAR_BASE), 1, size);
	if (addr + size > LIAR_RINGS && !l->starting)
		l->unknown = true;
	return liar_mem(l, addr);
}

static const char *const keys[] = { NULL };
static const struct virt_end_host host = {
	.keys = keys,
	.queue_event = queue_event,
	.config_event = config_event,
	.gone = gone,
	.translate = translate,
};

/* --- its life */

void liar_make(struct liar *l, const char *text)
{
	struct virt_why why = { };
	struct virt_spec spec;

	memset(l, 0, sizeof(*l));
	CHECK_EQ(virt_spec_parse(&spec, text, &why), 0);
	l->end = virt_end_create(&spec, &host, l, 0, &why);
	if (IS_ERR(l->end))
		FAIL("%s: %s", text, why.text);
	l->nr_queues = l->end->nr_queues;
	l->max_size = min_t(unsigned int, l->end->queue_size, LIAR_DESCS);
	CHECK(l->nr_queues <= LIAR_QUEUES);
	l->size = LIAR_RINGS - LIAR_BASE + l->nr_queues * LIAR_RING;
	l->mem = user_pages(l->size, true);
	l->before = user_pages(l->size, true);
	l->writable = user_pages(l->size, true);
}

void liar_destroy(struct liar *l)
{
	virt_end_destroy(l->end);
	free(l->mem);
	free(l->before);
	free(l->writable);
}

/* Mostly short: what is short is full, and wraps, soon. */
static unsigned int any_size(const struct liar *l)
{
	return random_below(8) ? min_t(unsigned int, 4u << random_below(3),
				       l->max_size) : l->max_size;
}

static void enable(struct liar *l, unsigned int nr, unsigned int size)
{
	u64 at = LIAR_RINGS + LIAR_RING * nr;
	struct liar_queue *q = &l->queue[nr];

	q->size = size;
	/* without a table of its own a buffer is in the ring, with all that it has */
	q->stride = l->indirect && size <= LIAR_TABLE ?
		    1u << random_below(size > 8 ? 3 : 2) :
		    min_t(unsigned int, size, 4);
	q->desc = liar_mem(l, at);
	q->avail = liar_mem(l, at + AVAIL_AT);
	q->used = liar_mem(l, at + USED_AT);
	q->avail_idx = 0;
	q->popped = 0;
	q->used_idx = 0;
	memset(q->with_device, 0, sizeof(q->with_device));
	memset(q->held, 0, sizeof(q->held));
	CHECK_EQ(virt_end_queue_enable(l->end, nr, size, at, at + AVAIL_AT,
				       at + USED_AT), 0);
}

void liar_start(struct liar *l, u64 features, unsigned int size)
{
	unsigned int i;

	CHECK_EQ(virt_end_set_status(l->end, 0), 0);
	CHECK_EQ(virt_end_status(l->end), 0);
	memset(liar_mem(l, LIAR_RINGS), 0, l->nr_queues * LIAR_RING);
	memset(l->writable, 0, l->size);
	l->features = features & virt_end_features(l->end);
	l->indirect = l->features & BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC);
	CHECK_EQ(virt_end_accept(l->end, l->features), 0);
	CHECK_EQ(virt_end_set_status(l->end, RUNNING &
				     ~VIRTIO_CONFIG_S_DRIVER_OK), 0);
	CHECK(virt_end_status(l->end) & VIRTIO_CONFIG_S_FEATURES_OK);
	l->starting = true;
	for (i = 0; i < l->nr_queues; i++)
		enable(l, i, size ? min_t(unsigned int, size, l->max_size) :
				    any_size(l));
	l->starting = false;
	l->unknown = false;
	l->unsound = false;
	l->nr_changes = 0;
	CHECK_EQ(virt_end_set_status(l->end, RUNNING), 0);
	CHECK_EQ(virt_end_status(l->end), RUNNING);
	l->config_events = 0;
	score.starts++;
}

/* --- sound buffers */

bool liar_free_head(const struct liar_queue *q, unsigned int *head)
{
	unsigned int n = q->size / q->stride, i, at = random_below(n);

	for (i = 0; i < n; i++, at++) {
		*head = at % n * q->stride;
		if (!q->with_device[*head])
			return true;
	}
	return false;
}

static void chain(struct vring_desc *table, unsigned int first,
		  const struct liar_seg *seg, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++, seg++)
		guest_desc(table, first + i, seg->addr, seg->len,
			   (seg->write ? VRING_DESC_F_WRITE : 0) |
			   (i + 1 < n ? VRING_DESC_F_NEXT : 0),
			   i + 1 < n ? first + i + 1 : 0);
}

void liar_offer(struct liar *l, struct liar_queue *q, unsigned int head,
		const struct liar_seg *seg, unsigned int n)
{
	u64 table = liar_table(l, q, head);

	n = min_t(unsigned int, n, min_t(unsigned int, q->size, LIAR_TABLE));
	if (!l->indirect || head / q->stride >= LIAR_TABLE)
		n = min_t(unsigned int, n, q->stride);
	if (n <= q->stride && (!l->indirect || random_below(2) ||
			       head / q->stride >= LIAR_TABLE)) {
		chain(q->desc, head, seg, n);
		return;
	}
	chain(liar_mem(l, table), 0, seg, n);
	guest_desc(q->desc, head, table, n * sizeof(struct vring_desc),
		   VRING_DESC_F_INDIRECT, 0);
}

void liar_add(struct liar_queue *q, unsigned int head)
{
	q->avail->ring[q->avail_idx++ & (q->size - 1)] = cpu_to_le16(head);
	q->avail->idx = cpu_to_le16(q->avail_idx);
	if (head < q->size)
		q->with_device[head] = true;
}
