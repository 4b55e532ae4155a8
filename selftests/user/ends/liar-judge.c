// SPDX-License-Identifier: GPL-2.0
/*
 * liar-judge.c - what a device end made of a lie, measured by the rules
 *
 * The rules are read here once more, from virtio 1.2 and not from ends/chain.c.
 */
#include <time.h>

#include "liar.h"

#define PIECE		64
#define LIFE		256	/* lies to one end */
#define RUNS_MAX	1000	/* more work items than any lie is worth */

/* --- the rules (2.7.4, 2.7.5) */

static const void *copy_of(const struct liar *l, u64 addr)
{
	return l->before + (addr - LIAR_BASE);
}

static bool add_seg(const struct liar *l, struct liar_offer *o, u64 addr,
		    u32 len, bool write)
{
	unsigned int n;

	if (!len || !liar_may(l, addr, len, write) || (!write && o->in) ||
	    o->out + o->in + len > U32_MAX)
		return false;
	if (write) {
		if (!o->in)
			o->answer = addr;
		o->in += len;
		return true;
	}
	n = min_t(u32, len, sizeof(o->bytes) - o->nr_bytes);
	memcpy(o->bytes + o->nr_bytes, copy_of(l, addr), n);
	o->nr_bytes += n;
	o->out += len;
	return true;
}

/* True: sound, and @o says what it is. */
static bool read_offer(const struct liar *l, const struct liar_queue *q,
		       unsigned int head, struct liar_offer *o)
{
	const struct vring_desc *table = (void *)(l->before +
						  ((char *)q->desc - l->mem));
	unsigned int size = q->size, left = size, segs = 0, i = head;
	bool nested = false;

	memset(o, 0, sizeof(*o));
	while (left--) {
		u64 addr = le64_to_cpu(table[i].addr);
		u32 len = le32_to_cpu(table[i].len);
		u16 flags = le16_to_cpu(table[i].flags);

		if (flags & VRING_DESC_F_INDIRECT) {
			if (nested || !l->indirect ||
			    (flags & VRING_DESC_F_NEXT) || !len || len % 16 ||
			    len / 16 > q->size || addr % 8 ||
			    !liar_may(l, addr, len, false))
				return false;
			nested = true;
			table = copy_of(l, addr);
			size = len / 16;
			left = size;
			i = 0;
			continue;
		}
		if (++segs > VIRT_END_SEGS ||
		    !add_seg(l, o, addr, len, flags & VRING_DESC_F_WRITE))
			return false;
		if (!(flags & VRING_DESC_F_NEXT))
			return true;
		i = le16_to_cpu(table[i].next);
		if (i >= size)
			return false;
	}
	return false;
}

/* --- what it did */

/* A piece differs: does it where it may? */
static void piece_is_right(const struct liar *l, unsigned int at)
{
	unsigned int i;

	if (!memchr(l->writable + at, 0, PIECE) ||
	    !memcmp(l->mem + at, l->before + at, PIECE))
		return;
	for (i = at; i < at + PIECE; i++)
		if (l->mem[i] != l->before[i] && !l->writable[i])
			FAIL("the end wrote at %#x of the driver's memory, where it must not",
			     i);
}

/* Nothing has changed but what the end may write. */
static void memory_is_right(const struct liar *l)
{
	unsigned int at, i;

	for (at = 0; at < l->size; at += 1024)
		if (memcmp(l->mem + at, l->before + at, 1024))
			for (i = at; i < at + 1024; i += PIECE)
				piece_is_right(l, i);
}

/* How many it gave back that were not looked at. */
static u16 used(const struct liar_queue *q)
{
	return le16_to_cpu(q->used->idx) - q->used_idx;
}

/* It gave one buffer back; false: no more of them. */
static bool gave_one(struct liar *l, unsigned int nr)
{
	struct liar_queue *q = &l->queue[nr];
	const struct vring_used_elem *elem;
	u32 id, len;

	if (!used(q))
		return false;
	elem = &q->used->ring[q->used_idx++ & (q->size - 1)];
	id = le32_to_cpu(elem->id);
	len = le32_to_cpu(elem->len);
	if (id >= q->size || !q->held[id])
		FAIL("queue %u: the end gave buffer %u back, which it does not have",
		     nr, id);
	if (len > q->offer[id].in)
		FAIL("queue %u: the end says that it wrote %u bytes, with room for %llu",
		     nr, len, q->offer[id].in);
	q->held[id] = false;
	q->with_device[id] = false;
	score.returned++;
	if (l->on_used)
		l->on_used(l, nr, id, len);
	return true;
}

static u16 entry(const struct liar *l, const struct liar_queue *q, u16 at)
{
	const struct vring_avail *avail =
		(void *)(l->before + ((char *)q->avail - l->mem));

	return le16_to_cpu(avail->ring[at & (q->size - 1)]);
}

/* What it took was sound, and not with it already. */
static void took(struct liar *l, unsigned int nr)
{
	struct liar_queue *q = &l->queue[nr];
	u16 head;

	for (; q->popped != l->end->core->queue[nr].avail_idx; q->popped++) {
		head = entry(l, q, q->popped);
		CHECK(head < q->size);
		while (q->held[head] && gave_one(l, nr))
			;
		CHECK(!q->held[head]);
		if (!read_offer(l, q, head, &q->offer[head]))
			FAIL("queue %u: buffer %u is nonsense, and the end has it",
			     nr, head);
		q->held[head] = true;
		score.taken++;
	}
	while (gave_one(l, nr))
		;
}

/* Is the next entry of a queue as bad as the end says? */
static bool unsound(const struct liar *l, const struct liar_queue *q)
{
	u16 pending = q->avail_idx - q->popped, head;
	struct liar_offer offer;

	if (pending > q->size)
		return true;
	CHECK(pending);
	head = entry(l, q, q->popped);
	return head >= q->size || q->held[head] ||
	       !read_offer(l, q, head, &offer);
}

static void broke(struct liar *l, unsigned int lie)
{
	unsigned int nr, i;

	CHECK(l->config_events);
	for (i = 0; score.reasons[i]; i++)
		if (strstr(guest.message, score.reasons[i]))
			break;
	if (!score.reasons[i] || sscanf(guest.message, "queue %u: ", &nr) != 1 ||
	    nr >= l->nr_queues)
		FAIL("no good reason: \"%s\"", guest.message);
	if (!l->unknown && i < score.own_reasons &&
	    !unsound(l, &l->queue[nr]))
		FAIL("nothing is wrong with what the end complains about (%s): %s",
		     score.names[lie], guest.message);
	score.reason[i]++;
	score.broke_for[lie]++;
}

void liar_run(struct liar *all, unsigned int n)
{
	unsigned int i, k, runs = 0;
	bool more;

	guest.message[0] = '\0';
	for (i = 0; i < n; i++)
		memcpy(all[i].before, all[i].mem, all[i].size);
	do {
		more = false;
		for (i = 0; i < n; i++)
			for (k = 0; k < all[i].nr_queues; k++)
				more |= user_work(&all[i].end->core->queue[k].work);
		if (++runs == RUNS_MAX)
			FAIL("the ends do not come to an end");
	} while (more);
	user_read_hook = NULL;
}

bool liar_judge(struct liar *l, unsigned int lie)
{
	unsigned int i;

	while (l->nr_changes) {
		l->nr_changes--;
		*l->changes[l->nr_changes].at = l->changes[l->nr_changes].was;
	}
	memory_is_right(l);
	/* a head that was made available twice is given back twice */
	for (i = 0; i < l->nr_queues; i++)
		l->unknown |= used(&l->queue[i]) > l->queue[i].size;
	for (i = 0; i < l->nr_queues && !l->unknown; i++)
		took(l, i);
	if (!liar_broken(l))
		return false;
	broke(l, lie);
	return true;
}

/* --- the score */

static void report(double seconds, unsigned long lies)
{
	unsigned int i;

	test_note("%lu lies by %lu drivers in %.1f s: %.0f a second", lies,
		  score.starts, seconds, lies / seconds);
	for (i = 0; score.names[i]; i++)
		test_note("%9lu %s, broke %lu", score.told[i], score.names[i],
			  score.broke_for[i]);
	test_note("%9lu buffers taken, %lu given back", score.taken,
		  score.returned);
	for (i = 0; score.reasons[i]; i++)
		test_note("%9lu broken: %s", score.reason[i],
			  score.reasons[i]);
}

static void check_score(unsigned long lies)
{
	unsigned int i;

	for (i = 0; score.names[i]; i++)
		if (score.told[i] <= lies / 100)
			FAIL("too few lies of the kind \"%s\"", score.names[i]);
	for (i = 0; lies >= 20000 && score.reasons[i]; i++)
		if (!score.reason[i])
			FAIL("no end was broken for the reason \"%s\"",
			     score.reasons[i]);
	CHECK(score.taken > lies / 4);
}

void liar_prove(const struct liar_proof *proof)
{
	unsigned long lies = test_number("LIES", proof->lies), i;
	struct timespec t0, t1;
	unsigned int lie;

	random_start();
	clock_gettime(CLOCK_MONOTONIC, &t0);
	for (i = 0; i < lies; i++) {
		if (i % LIFE == 0)
			proof->open();
		lie = random_below(proof->kinds);
		score.told[lie]++;
		proof->tell(lie);
		if (i % LIFE == LIFE - 1 || i + 1 == lies) {
			proof->close();
			CHECK_EQ(kernel.live, 0);
		}
	}
	clock_gettime(CLOCK_MONOTONIC, &t1);
	report(t1.tv_sec - t0.tv_sec + (t1.tv_nsec - t0.tv_nsec) / 1e9, lies);
	check_score(lies);
}
