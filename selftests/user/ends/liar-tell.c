// SPDX-License-Identifier: GPL-2.0
/* liar-tell.c - what a driver can do wrong, whatever the device is */
#include "liar.h"

#define NEXT		VRING_DESC_F_NEXT
#define WRITE		VRING_DESC_F_WRITE
#define INDIRECT	VRING_DESC_F_INDIRECT

static struct liar *changing;

static u64 odd_address(const struct liar *l)
{
	switch (random_below(6)) {
	case 0:
		return random_u64();
	case 1:
		return LIAR_BASE - random_below(64);
	case 2:
		return LIAR_BASE + l->size - random_below(64);
	case 3:
		return LIAR_ROM - 32 + random_below(64);
	case 4:
		return 0 - random_below(64);
	default:
		return LIAR_OUT + random_below(LIAR_ROM - LIAR_OUT);
	}
}

static u32 odd_length(void)
{
	switch (random_below(5)) {
	case 0:
		return random_u64();
	case 1:
		return 0;
	case 2:
		return 0 - random_below(32);
	case 3:
		return random_below(8192);
	default:
		return random_below(32);
	}
}

/* A descriptor of the buffer: in the ring, or in its table. */
static struct vring_desc *some_desc(struct liar *l, struct liar_queue *q,
				    unsigned int head)
{
	struct vring_desc *desc = &q->desc[head];
	u64 table = liar_table(l, q, head);
	unsigned int n = le32_to_cpu(desc->len) / sizeof(*desc);

	if (!(le16_to_cpu(desc->flags) & INDIRECT) || !random_below(4) ||
	    le64_to_cpu(desc->addr) != table || !n || n > LIAR_TABLE)
		return &desc[random_below(min_t(unsigned int, q->stride,
						q->size - head))];
	desc = liar_mem(l, table);
	return &desc[random_below(n)];
}

static void loop(struct liar *l, struct liar_queue *q, unsigned int head)
{
	struct vring_desc *desc = &q->desc[head];
	unsigned int n = 1 + random_below(q->size < 5 ? q->size : 5), i;
	u64 table = liar_table(l, q, head);
	unsigned int first = head;

	if (l->indirect && random_below(2)) {
		guest_desc(desc, 0, table, n * sizeof(*desc), INDIRECT, 0);
		desc = liar_mem(l, table);
		first = 0;
	} else {
		desc = q->desc;
	}
	for (i = 0; i < n; i++)
		guest_desc(desc, (first + i) % q->size, LIAR_OUT, 1, NEXT,
			   i + 1 < n ? (first + i + 1) % q->size : first);
}

/* A table where none may be, or one that is none. */
static void table(struct liar *l, struct liar_queue *q, unsigned int head)
{
	u64 at = liar_table(l, q, head);
	u32 len = random_below(3) ? 16 * random_below(q->size + 2) :
				    odd_length();

	if (!random_below(4))
		at = random_below(2) ? at + 1 + random_below(15) : odd_address(l);
	guest_desc(q->desc, head, at, len,
		   INDIRECT | (random_below(2) ? WRITE : 0) |
		   (random_below(8) ? 0 : NEXT), random_below(q->size));
	if (!random_below(3))
		guest_desc(liar_mem(l, liar_table(l, q, head)), 0, at, 16,
			   INDIRECT, 0);
}

static void random_descs(struct liar *l, struct liar_queue *q)
{
	unsigned int n;

	for (n = 1 + random_below(8); n; n--)
		guest_desc(q->desc, random_below(q->size),
			   random_below(3) ? liar_table(l, q, 0) + random_below(4096) :
					     odd_address(l),
			   random_below(2) ? 16 * random_below(20) : odd_length(),
			   random_below(8), random_below(q->size + 1));
}

/* Behind the end's back: what it has read is another thing when it looks again. */
static void change_what_was_read(const void *p)
{
	struct liar *l = changing;
	u16 *at = (u16 *)p;
	u64 offset = (const char *)p - l->mem;
	unsigned int i;

	if ((const char *)p < l->mem || offset >= l->size ||
	    offset < LIAR_RINGS - LIAR_BASE || l->nr_changes == LIAR_CHANGES)
		return;
	/* the available ring's index may be looked at as often as one likes */
	for (i = 0; i < l->nr_queues; i++)
		if (p == &l->queue[i].avail->idx)
			return;
	l->changes[l->nr_changes].at = at;
	l->changes[l->nr_changes++].was = *at;
	*at = random_u64();
}

bool liar_is_plain(const struct liar *l)
{
	unsigned int i;

	for (i = 0; i < l->nr_queues; i++)
		if (l->queue[i].size > LIAR_TABLE)
			return false;
	return !l->unsound;
}

void liar_mutate(struct liar *l, struct liar_queue *q, unsigned int head,
		 unsigned int lie)
{
	struct vring_desc *desc = some_desc(l, q, head);

	switch (lie) {
	case LIE_ADDRESS:
		desc->addr = cpu_to_le64(odd_address(l));
		break;
	case LIE_LENGTH:
		desc->len = cpu_to_le32(odd_length());
		break;
	case LIE_FLAGS:
		desc->flags ^= cpu_to_le16(random_below(4) ?
					   1u << random_below(3) : random_u64());
		break;
	case LIE_NEXT:
		desc->flags |= cpu_to_le16(NEXT);
		desc->next = cpu_to_le16(random_below(2) ? random_u64() :
					 random_below(q->size + 2));
		break;
	case LIE_LOOP:
		loop(l, q, head);
		break;
	case LIE_TABLE:
		table(l, q, head);
		break;
	case LIE_TABLE_ENTRY:
		guest_desc(liar_mem(l, liar_table(l, q, 0)), random_below(256),
			   odd_address(l), odd_length(), random_below(8),
			   random_below(18));
		break;
	case LIE_RINGS:
		desc->addr = cpu_to_le64(LIAR_RINGS +
					 random_below(l->nr_queues * LIAR_RING));
		desc->flags |= cpu_to_le16(WRITE);
		break;
	case LIE_RANDOM:
		random_descs(l, q);
		break;
	case LIE_WHILE_READ:
		changing = l;
		user_read_hook = change_what_was_read;
		return;
	default:
		return;
	}
	l->unsound = true;
}

void liar_mutate_ring(struct liar *l, struct liar_queue *q, unsigned int head,
		      unsigned int lie)
{
	switch (lie) {
	case LIE_HEAD:
		liar_add(q, random_below(2) ? (u16)random_u64() :
			 random_below(q->size + 2));
		break;
	case LIE_TWICE:
		liar_add(q, head);
		break;
	case LIE_INDEX:
		q->avail_idx += random_below(2) ? random_u64() :
				random_below(2) ? random_below(q->size + 2) :
						  0 - random_below(4);
		q->avail->idx = cpu_to_le16(q->avail_idx);
		break;
	default:
		return;
	}
	l->unsound = true;
}

void liar_control_side(struct liar *l)
{
	unsigned int nr = random_below(2 * l->nr_queues), offset, n;
	u8 data[64], was[64];

	/* it is in use: whatever else is said of its queues, nothing changes */
	CHECK(virt_end_queue_enable(l->end, nr, 1u << random_below(12),
				    odd_address(l), odd_address(l),
				    odd_address(l)));
	CHECK_EQ(virt_end_accept(l->end, random_u64()), -EBUSY);
	virt_end_set_status(l->end, 1 + random_below(255));
	CHECK(!liar_broken(l));
	virt_end_kick(l->end, random_below(2) ? nr : random_u64());

	/* neither of these ends lets a driver write its configuration */
	CHECK(l->end->config_size <= sizeof(was));
	memcpy(was, l->end->config, l->end->config_size);
	memset(data, random_u64(), sizeof(data));
	offset = random_below(2) ? random_below(72) : random_u64();
	n = random_below(sizeof(data) + 1);
	CHECK_EQ(virt_end_write_config(l->end, offset, data, n),
		 offset + (u64)n > l->end->config_size ? -EINVAL : 0);
	CHECK(!memcmp(was, l->end->config, l->end->config_size));
	memset(data, 0x5a, sizeof(data));
	n = random_below(32);
	CHECK(virt_end_read_config(l->end, offset, data, n) <= n);
	CHECK_EQ(data[n], 0x5a);
}

void liar_odd_features(struct liar *l)
{
	u64 offered = virt_end_features(l->end), features;
	bool good;

	CHECK_EQ(virt_end_set_status(l->end, 0), 0);
	features = random_below(2) ? random_u64() :
		   offered ^ BIT_ULL(random_below(64));
	good = !(features & ~offered) &&
	       (features & BIT_ULL(VIRTIO_F_VERSION_1));
	CHECK_EQ(virt_end_accept(l->end, features), 0);
	virt_end_set_status(l->end, NEGOTIATING | VIRTIO_CONFIG_S_FEATURES_OK);
	CHECK_EQ(!!(virt_end_status(l->end) & VIRTIO_CONFIG_S_FEATURES_OK), good);
	/* without an agreement there are no queues either */
	if (!good)
		CHECK(virt_end_queue_enable(l->end, 0, 4, LIAR_RINGS,
					    LIAR_RINGS + 2048, LIAR_RINGS + 2560));
}
