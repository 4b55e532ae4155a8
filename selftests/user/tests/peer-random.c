// SPDX-License-Identifier: GPL-2.0
/*
 * Driver and device take random steps; a model says what must come of them.
 *
 * Every buffer comes back once, with the length that the device said and what
 * it wrote. The device takes buffers only while it was kicked, the driver takes
 * them back only after an event: if both wait, one of them was forgotten.
 */
#include <stdlib.h>

#include "device.h"

#define ROUNDS		2000
#define STEPS		3000
#define SLOTS_MAX	256
#define SEGS_MAX	20
#define SEG_MAX		24

/* What the model knows of a slot. */
static struct model {
	bool added;
	bool answered;
	unsigned int out;
	unsigned int segs;
	u32 len[SEGS_MAX];
	u32 used;
	u64 number;
	u8 mem[SEGS_MAX][SEG_MAX];
} model[SLOTS_MAX];

static struct virt_queue *q;
static struct device_end d;
static struct device_buf held[SLOTS_MAX];
static unsigned int nr_held, nr_added, nr_got;
static bool awake, event, polling;

static u8 pattern(u64 number, unsigned int seg, unsigned int at)
{
	return number * 31 + seg * 7 + at;
}

static void driver_adds(void)
{
	unsigned int slot = random_below(q->slots), i, k;
	struct scatterlist sg[SEGS_MAX];
	struct model *m = &model[slot];
	int err;

	if (m->added)
		return;
	m->segs = 1 + random_below(q->max_segs);
	m->out = random_below(m->segs + 1);
	m->number = nr_added;
	for (i = 0; i < m->segs; i++) {
		m->len[i] = 1 + random_below(SEG_MAX);
		for (k = 0; k < m->len[i]; k++)
			m->mem[i][k] = i < m->out ? pattern(m->number, i, k) : 0;
		sg_set_buf(&sg[i], m->mem[i], m->len[i]);
	}
	kernel.fail_map = random_below(8) ? 0 : kernel.maps + 1 +
			  random_below(SEGS_MAX);
	err = virt_queue_add(q, slot, sg, m->out, m->segs - m->out);
	kernel.fail_map = 0;
	CHECK_EQ(virt_queue_in_use(q, slot), !err);
	if (err) {
		CHECK_EQ(err, -ENOMEM);
		CHECK(q->dma_dev);
		return;
	}
	m->added = true;
	m->answered = false;
	nr_added++;
}

static void driver_kicks(void)
{
	awake |= virt_queue_kick_prepare(q);
}

static struct model *model_of(const struct device_buf *buf)
{
	unsigned int slot = q->indirect ? buf->head : buf->head / q->max_segs;

	CHECK(slot < q->slots && model[slot].added && !model[slot].answered);
	return &model[slot];
}

/* It finds what the driver meant. */
static void device_takes(void)
{
	struct device_buf *buf = &held[nr_held];
	struct model *m;
	unsigned int i, k;

	if (!awake)
		return;
	if (!device_take(&d, buf)) {
		awake = !device_kicks_on(&d);
		return;
	}
	device_kicks_off(&d);
	nr_held++;
	m = model_of(buf);
	CHECK_EQ(buf->nr, m->segs);
	CHECK_EQ(buf->out, m->out);
	for (i = 0; i < m->segs; i++) {
		CHECK(buf->seg[i].mem == m->mem[i]);
		CHECK_EQ(buf->seg[i].len, m->len[i]);
		for (k = 0; i < m->out && k < m->len[i]; k++)
			CHECK_EQ(((u8 *)buf->seg[i].mem)[k],
				 pattern(m->number, i, k));
	}
}

static void device_answers(void)
{
	unsigned int n = random_below(4), i, k, left;

	while (nr_held && n--) {
		struct device_buf *buf = &held[random_below(nr_held)];
		struct model *m = model_of(buf);

		left = buf->room ? random_below(buf->room + 1) : 0;
		m->used = left;
		for (i = m->out; i < m->segs; i++)
			for (k = 0; k < m->len[i] && left; k++, left--)
				((u8 *)buf->seg[i].mem)[k] =
					~pattern(m->number, i, k);
		m->answered = true;
		device_use(&d, buf->head, m->used);
		*buf = held[--nr_held];
	}
	device_publish(&d);
	event |= device_must_call(&d);
}

static void driver_finishes(unsigned int slot, u32 len)
{
	struct model *m = &model[slot];
	unsigned int i, k, left = len;

	CHECK(slot < q->slots && m->added && m->answered);
	CHECK_EQ(len, m->used);
	for (i = m->out; i < m->segs; i++)
		for (k = 0; k < m->len[i] && left; k++, left--)
			CHECK_EQ(m->mem[i][k], (u8)~pattern(m->number, i, k));
	m->added = false;
	nr_got++;
	CHECK(!virt_queue_in_use(q, slot));
}

static void driver_polls(void)
{
	unsigned int len;
	int slot;

	if (!polling)
		return;
	slot = virt_queue_get(q, &len);
	if (slot >= 0) {
		driver_finishes(slot, len);
		return;
	}
	CHECK_EQ(slot, -EAGAIN);
	polling = !virt_queue_events_on(q);
	if (polling)
		virt_queue_events_off(q);
}

static void callback(struct virt_queue *q)
{
	polling = true;
	virt_queue_events_off(q);
}

static void driver_is_called(void)
{
	if (!event)
		return;
	event = false;
	virt_queue_event(q);
}

static void step(bool adds)
{
	switch (random_below(8)) {
	case 0:
	case 1:
		if (adds)
			driver_adds();
		break;
	case 2:
		driver_kicks();
		break;
	case 3:
	case 4:
		device_takes();
		break;
	case 5:
		device_answers();
		break;
	case 6:
		driver_is_called();
		break;
	case 7:
		driver_polls();
		break;
	}
}

static void open_random(void)
{
	unsigned int size = 1u << random_below(9);
	struct user_param param = user_kind(random_below(8), size, 1);

	param.max_segs = 1 + random_below(size < SEGS_MAX ? size : SEGS_MAX);
	param.start = random_u64();
	q = user_queue_open(&param);
	q->callback = callback;
	device_open(&d, q);
	device_kicks_on(&d);
	memset(model, 0, sizeof(model));
	nr_held = 0;
	nr_added = 0;
	nr_got = 0;
	awake = false;
	event = false;
	polling = false;
}

static void end_round(void)
{
	unsigned int i;

	driver_kicks();
	for (i = 0; nr_got < nr_added; i++) {
		if (!awake && !event && !polling && !nr_held)
			FAIL("both sides wait; %u of %u buffers came back",
			     nr_got, nr_added);
		if (i > 1000000)
			FAIL("no end of it");
		step(false);
	}
	for (i = 0; i < q->slots; i++)
		CHECK(!virt_queue_in_use(q, i));
	CHECK_EQ(q->stats.added, nr_added);
	CHECK_EQ(q->stats.used, nr_added);
	user_queue_close(q);
}

TEST(random_steps)
{
	unsigned int round, i;
	unsigned long sum = 0;

	random_start();
	for (round = 0; round < ROUNDS; round++) {
		open_random();
		for (i = 0; i < STEPS; i++)
			step(true);
		sum += nr_added;
		end_round();
	}
	test_note("%lu buffers", sum);
}

/* The same, closed while the device holds buffers: nothing stays mapped. */
TEST(closed_at_random)
{
	unsigned int round, i;

	random_start();
	for (round = 0; round < ROUNDS; round++) {
		open_random();
		for (i = random_below(STEPS); i; i--)
			step(true);
		user_queue_close(q);
	}
}
