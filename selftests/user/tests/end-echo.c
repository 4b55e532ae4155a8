// SPDX-License-Identifier: GPL-2.0
/* A looped console says everything back, and waits for no kick that will not come. */
#include "liar.h"

#define RX	0
#define TX	1

static struct liar l;
static u64 written, back;	/* bytes */
static bool rx_late, tx_late;

static void on_used(struct liar *liar, unsigned int queue, unsigned int head,
		    u32 len)
{
	const char *got = liar_mem(liar, LIAR_IN + head * 256), *sent = liar_mem(liar, LIAR_OUT);

	if (queue != RX)
		return;
	CHECK(!memcmp(got, sent + back % 256, len));
	back += len;
}

static void open_echo(const char *spec)
{
	unsigned int i;

	CHECK_EQ(virt_end_echo_init(), 0);
	liar_make(&l, spec);
	liar_start(&l, ~0ULL, 8);
	l.on_used = on_used;
	for (i = 0; i < 2; i++)
		l.queue[i].stride = 1;
	/* twice 256 bytes: it is known what comes next */
	for (i = 0; i < 512; i++)
		*(u8 *)liar_mem(&l, LIAR_OUT + i) = i;
	liar_run(&l, 1);
}

static void close_echo(void)
{
	liar_destroy(&l);
	CHECK_EQ(kernel.live, 0);
}

static u16 avail_event(const struct liar_queue *q)
{
	u16 *event = (void *)&q->used->ring[q->size];

	return le16_to_cpu(*event);
}

/* One more buffer of @len bytes; a kick only when the device wants one. */
static void add(unsigned int nr, u32 len)
{
	struct liar_queue *q = &l.queue[nr];
	struct liar_seg seg = { .len = len, .write = nr == RX };
	unsigned int head;

	CHECK(liar_free_head(q, &head));
	seg.addr = nr == RX ? LIAR_IN + head * 256 : LIAR_OUT + written % 256;
	if (nr == TX)
		written += len;
	liar_offer(&l, q, head, &seg, 1);
	liar_add(q, head);
	if (vring_need_event(avail_event(q), q->avail_idx, q->avail_idx - 1))
		virt_end_kick(l.end, nr);
}

static void run(void)
{
	liar_run(&l, 1);
	CHECK(!liar_judge(&l, 0));
}

/* A buffer is with the device. */
static bool waits(unsigned int nr)
{
	return l.queue[nr].used_idx != l.queue[nr].avail_idx;
}

TEST(bytes_come_back_in_order)
{
	unsigned int i;

	open_echo("con1=loop");
	for (i = 0; i < 2000; i++) {
		add(TX, 1 + i % 200);
		run();
		while (back < written) {
			add(RX, 1 + i % 77);
			run();
		}
	}
	close_echo();
}

/* As much as it keeps is taken; the rest when there is room again. */
TEST(writer_waits_for_a_reader)
{
	unsigned int i;

	open_echo("con1=loop");
	for (i = 0; !waits(TX); i++) {
		add(TX, 200);
		run();
	}
	CHECK_EQ(i, 16384 / 200 + 1);
	while (back < written) {
		add(RX, 256);
		run();
	}
	CHECK(!waits(TX));
	close_echo();
}

/* Right behind the device's last look, and before it says when it wants a kick. */
static void add_buffer_late(const void *p)
{
	if (rx_late && p == &l.queue[RX].avail->idx) {
		rx_late = false;
		tx_late = true;
		add(RX, 10);
	}
}

/* Right behind that: the other queue is served, and wants more than there is. */
static void write_late(void)
{
	if (tx_late) {
		tx_late = false;
		add(TX, 100);
		memcpy(l.before, l.mem, l.size);
		CHECK(user_work(&l.end->core->queue[TX].work));
	}
}

TEST(kick_for_a_buffer_that_comes_while_the_other_queue_is_served)
{
	open_echo("con1=loop");
	add(RX, 10);
	run();
	add(TX, 10);
	run();
	/* a kick for the first is known of; the second is added meanwhile */
	add(RX, 10);
	virt_end_kick(l.end, RX);
	rx_late = true;
	user_read_hook = add_buffer_late;
	user_mb_hook = write_late;
	run();
	user_mb_hook = NULL;
	CHECK(!rx_late && !tx_late);
	while (back < written) {
		u64 was = back;

		add(RX, 10);
		run();
		CHECK(back > was);
	}
	close_echo();
}
