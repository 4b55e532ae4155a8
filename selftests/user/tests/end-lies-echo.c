// SPDX-License-Identifier: GPL-2.0
/*
 * A driver that lies to a looped console: LIES= times, in every way we know.
 *
 * Its bytes come back as often as they were taken, and in buffers that are sound. It
 * has no control queue: control messages (5.3.6.2) are bytes like all others.
 */
#include <linux/virtio_console.h>

#include "liar.h"

#define LIES		60000
#define RX		0
#define TX		1

enum {
	LIE_CONTROL_MESSAGE = LIES_OF_QUEUES,
	LIE_OTHER_QUEUE,
	LIE_WRONG_WAY,
	LIES_IN_ALL
};

static const char *const names[] = {
	LIAR_NAMES,
	"a control message", "a queue that is not there", "the wrong way",
	NULL
};

/* It takes one buffer at a time: none is "made available twice" while it has it. */
static const char *const reasons[] = {
	LIAR_REASONS, NULL
};

static struct liar liar;
static u64 taken, returned;	/* bytes */
static bool deaf;		/* a driver that writes, and does not read */

/* Bytes come back in order, no more of them than were taken. */
static void on_used(struct liar *l, unsigned int queue, unsigned int head,
		    u32 len)
{
	if (queue == TX) {
		CHECK_EQ(len, 0);
		taken += l->queue[TX].offer[head].out;
	} else {
		returned += len;
	}
}

static void start(unsigned int size)
{
	liar_start(&liar, ~0ULL, size);
	liar.on_used = on_used;
	taken = 0;
	returned = 0;
	deaf = !random_below(4);
}

static void open_end(void)
{
	static const char *const specs[] = {
		"con1=loop", "con1=loop,size=2", "con1=loop,size=4",
		"con1=loop,indirect=0", "con1=loop,event_idx=0",
	};

	liar_make(&liar, specs[random_below(ARRAY_SIZE(specs))]);
	start(0);
}

static void close_end(void)
{
	liar_destroy(&liar);
}

/* A sound buffer in queue @nr. */
static bool offer(unsigned int nr, unsigned int *head)
{
	struct liar_queue *q = &liar.queue[nr];
	struct liar_seg seg[4];
	unsigned int n = 1 + random_below(4), i;

	if (!liar_free_head(q, head))
		return false;
	for (i = 0; i < n; i++)
		seg[i] = (struct liar_seg) {
			.addr = (nr == RX ? LIAR_IN : LIAR_OUT) +
				random_below(2048),
			.len = 1 + random_below(deaf ? 2048 : random_below(8) ? 64 : 1024),
			.write = nr == RX,
		};
	liar_offer(&liar, q, *head, seg, n);
	return true;
}

static void honest(unsigned int nr)
{
	unsigned int n = random_below(4), head;

	while (n-- && offer(nr, &head))
		liar_add(&liar.queue[nr], head);
}

/* As a driver with ports would send them; or anything of that size. */
static void control_message(unsigned int head)
{
	u64 place = LIAR_OUT + random_below(256) * sizeof(u64);
	struct liar_seg seg = {
		.addr = place,
		.len = random_below(4) ? sizeof(struct virtio_console_control) :
					 1 + random_below(16),
	};
	struct virtio_console_control *c = liar_mem(&liar, place);

	c->id = cpu_to_le32(random_below(2) ? random_below(34) : random_u64());
	c->event = cpu_to_le16(random_below(2) ? random_below(9) : random_u64());
	c->value = cpu_to_le16(random_u64());
	liar_offer(&liar, &liar.queue[TX], head, &seg, 1);
}

static void other_queue(void)
{
	unsigned int nr = 2 + random_below(66);

	virt_end_kick(liar.end, nr);
	CHECK_EQ(virt_end_queue_size(liar.end, nr), 0);
	CHECK_EQ(virt_end_queue_enable(liar.end, nr, 4, LIAR_BASE,
				       LIAR_BASE + 2048, LIAR_BASE + 2560),
		 -EINVAL);
}

/* What is to be read where it writes, and the other way round: of no use, no harm */
static void wrong_way(unsigned int nr, unsigned int head)
{
	struct liar_seg seg = {
		.addr = nr == RX ? LIAR_OUT : LIAR_IN,
		.len = 1 + random_below(64),
		.write = nr == TX,
	};

	liar_offer(&liar, &liar.queue[nr], head, &seg, 1);
}

static void tell(unsigned int lie)
{
	unsigned int nr = random_below(2), head;
	struct liar_queue *q = &liar.queue[nr];
	bool new;

	if (lie == LIE_CONTROL_SIDE) {
		liar_control_side(&liar);
		return;
	}
	if (lie == LIE_OTHER_QUEUE) {
		other_queue();
		return;
	}
	if (lie == LIE_CONTROL_MESSAGE)
		nr = TX;
	q = &liar.queue[nr];
	new = offer(nr, &head);
	if (lie == LIE_CONTROL_MESSAGE && new)
		control_message(head);
	else if (lie == LIE_WRONG_WAY && new)
		wrong_way(nr, head);
	else
		liar_mutate(&liar, q, head, lie);
	if (new)
		liar_add(q, head);
	liar_mutate_ring(&liar, q, head, lie);
}

/* All that could go on has gone on, and no byte came that was not written. */
static void nothing_waits(void)
{
	struct liar_queue *rx = &liar.queue[RX], *tx = &liar.queue[TX];
	u64 held = 0;
	unsigned int head;

	/* it may have part of one buffer */
	for (head = 0; head < tx->size; head++)
		if (tx->held[head])
			held += tx->offer[head].out;
	CHECK(returned <= taken + held);
	if (rx->popped == rx->avail_idx)
		return;
	CHECK_EQ(tx->popped, tx->avail_idx);
	CHECK_EQ(returned, taken);
}

static void one_lie(unsigned int lie)
{
	if (lie == LIE_FEATURES) {
		liar_odd_features(&liar);
		start(0);
	}
	if (lie == LIE_WHILE_READ && !liar_is_plain(&liar))
		start(2u << random_below(2));
	if (!deaf)
		honest(RX);
	honest(TX);
	tell(lie);
	virt_end_kick(liar.end, RX);
	virt_end_kick(liar.end, TX);
	liar_run(&liar, 1);
	if (liar_judge(&liar, lie) || liar.unknown)
		start(0);
	else
		nothing_waits();
}

TEST(lies)
{
	static const struct liar_proof proof = {
		.lies = LIES,
		.kinds = LIES_IN_ALL,
		.open = open_end,
		.tell = one_lie,
		.close = close_end,
	};

	score.names = names;
	score.reasons = reasons;
	score.own_reasons = ARRAY_SIZE(reasons);
	CHECK_EQ(virt_end_echo_init(), 0);
	liar_prove(&proof);
}
