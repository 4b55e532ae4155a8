// SPDX-License-Identifier: GPL-2.0
/*
 * The barriers: what must be written before them, and looked at behind them.
 *
 * The device looks exactly there. A full barrier in two places keeps both sides
 * from sleeping; a release shows a new buffer, which may come back before add
 * has returned. peer-sleep and peer-threads try the same on processors.
 */
#include <asm/barrier.h>

#include "device.h"

static struct virt_queue *q;
static struct device_end d;
static unsigned int barriers;

static void open_kind(unsigned int kind, void (*hook)(void))
{
	struct user_param param = user_kind(kind, 16, 2);

	q = user_queue_open(&param);
	device_open(&d, q);
	barriers = 0;
	user_mb_hook = hook;
}

/* It finds what was added, and goes to sleep: it must be kicked no more. */
static void device_serves_and_sleeps(void)
{
	user_mb_hook = NULL;
	barriers++;
	device_serve(&d);
	if (q->event_idx)
		device_kicks_on(&d);
	else
		device_kicks_off(&d);
}

/* What the device wrote before the barrier's other half is what counts. */
TEST(kick_reads_behind_the_barrier)
{
	unsigned int kind;

	for (kind = 0; kind < USER_KINDS; kind++) {
		open_kind(kind, device_serves_and_sleeps);
		CHECK(device_kicks_on(&d));
		CHECK_EQ(user_add(q, 0, 1, 1), 0);
		CHECK(!virt_queue_kick_prepare(q));
		CHECK_EQ(barriers, 1);
		user_queue_close(q);
	}
}

/* The device is about to sleep: it asks for a kick and looks once more. */
static void device_asks(void)
{
	barriers++;
	/* false: it sees the new buffer and stays up */
	CHECK(!device_kicks_on(&d));
}

TEST(kick_after_a_late_wish)
{
	unsigned int kind;

	for (kind = 0; kind < USER_KINDS; kind++) {
		open_kind(kind, NULL);
		/* a kick for something else, or for nothing */
		CHECK_EQ(user_add(q, 0, 1, 1), 0);
		device_serve(&d);
		device_kicks_off(&d);
		virt_queue_kick_prepare(q);

		user_mb_hook = device_asks;
		CHECK_EQ(user_add(q, 1, 1, 1), 0);
		CHECK(virt_queue_kick_prepare(q));
		CHECK_EQ(barriers, 1);
		user_mb_hook = NULL;
		user_queue_close(q);
	}
}

/* Does the device call for what it uses at this moment? It must by now. */
static void device_uses(void)
{
	user_mb_hook = NULL;
	barriers++;
	device_serve(&d);
	CHECK(device_must_call(&d));
}

TEST(events_on_writes_before_and_looks_behind)
{
	unsigned int kind, len;

	for (kind = 0; kind < USER_KINDS; kind++) {
		open_kind(kind, NULL);
		CHECK_EQ(user_add(q, 0, 1, 1), 0);
		CHECK_EQ(user_add(q, 1, 1, 1), 0);
		device_serve(&d);
		device_must_call(&d);
		virt_queue_events_off(q);
		CHECK_EQ(virt_queue_get(q, &len), 0);

		user_mb_hook = device_uses;
		CHECK(!virt_queue_events_on(q));
		CHECK_EQ(barriers, 1);
		CHECK_EQ(virt_queue_get(q, &len), 1);
		user_queue_close(q);
	}
}

static unsigned int got;

/* A buffer that was just shown goes through the device and back at once. */
static void device_is_fast(void)
{
	unsigned int len;

	device_serve(&d);
	CHECK_EQ(virt_queue_get(q, &len), got % q->slots);
	CHECK_EQ(len, USER_IN_LEN);
	got++;
}

TEST(back_before_add_returns)
{
	unsigned int kind, i;

	for (kind = 0; kind < USER_KINDS; kind++) {
		open_kind(kind, NULL);
		got = 0;
		user_release_hook = device_is_fast;
		for (i = 0; i < 50; i++)
			CHECK_EQ(user_add(q, i % q->slots, 1, 1), 0);
		user_release_hook = NULL;
		CHECK_EQ(got, 50);
		CHECK_EQ(q->stats.used, 50);
		for (i = 0; i < q->slots; i++)
			CHECK(!virt_queue_in_use(q, i));
		user_queue_close(q);
	}
}

static void count(void)
{
	barriers++;
}

/* No other operation pays for one. */
TEST(no_barrier_elsewhere)
{
	unsigned int kind, len;

	for (kind = 0; kind < USER_KINDS; kind++) {
		open_kind(kind, count);
		CHECK_EQ(user_add(q, 0, 1, 1), 0);
		device_serve(&d);
		virt_queue_events_off(q);
		virt_queue_event(q);
		CHECK_EQ(virt_queue_get(q, &len), 0);
		CHECK_EQ(barriers, 0);
		/* nothing new to kick for: nor there */
		user_mb_hook = NULL;
		CHECK_EQ(user_add(q, 0, 1, 1), 0);
		virt_queue_kick_prepare(q);
		user_mb_hook = count;
		CHECK(!virt_queue_kick_prepare(q));
		CHECK_EQ(barriers, 0);
		user_queue_close(q);
	}
}
