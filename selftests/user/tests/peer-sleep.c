// SPDX-License-Identifier: GPL-2.0
/*
 * The device goes to sleep at the very moment when the next buffer comes.
 *
 * One buffer at a time, each side on a processor of its own, round after round.
 * Without the full barrier before the kick both wait for each other within
 * seconds, and the test ends with its time limit.
 */
#include "bell.h"
#include "device.h"

#ifdef __SANITIZE_THREAD__
#define ROUNDS		10000
#else
#define ROUNDS		100000
#endif

static struct virt_queue *q;
static struct device_end d;
static struct bell kick;
static u64 request, answer;

/* Some nanoseconds, so that the two sides meet in every way. */
static void dawdle(void)
{
	unsigned int n;

	for (n = random_below(100); n; n--)
		READ_ONCE(kick.rung);
}

static void *driver(void *unused)
{
	unsigned int i, len, looks;
	struct scatterlist sg[2];

	thread_pin(0);
	random_thread(1);
	for (i = 0; i < ROUNDS; i++) {
		request = i;
		sg_set_buf(&sg[0], &request, sizeof(request));
		sg_set_buf(&sg[1], &answer, sizeof(answer));
		dawdle();
		CHECK_EQ(virt_queue_add(q, 0, sg, 1, 1), 0);
		if (virt_queue_kick_prepare(q))
			bell_ring(&kick);
		for (looks = 1; virt_queue_get(q, &len) < 0; looks++)
			if (!(looks % 1000))
				sched_yield();
		CHECK_EQ(len, sizeof(answer));
		CHECK(answer == ~(u64)i);
	}
	return NULL;
}

static void *device(void *unused)
{
	struct device_buf buf;
	unsigned int taken = 0;
	u32 heard = 0;

	thread_pin(1);
	random_thread(2);
	while (taken < ROUNDS) {
		while (device_take(&d, &buf)) {
			*(u64 *)buf.seg[1].mem = ~*(u64 *)buf.seg[0].mem;
			device_use(&d, buf.head, sizeof(u64));
			device_publish(&d);
			taken++;
		}
		dawdle();
		if (device_kicks_on(&d) && taken < ROUNDS)
			bell_wait(&kick, &heard);
	}
	return NULL;
}

TEST(device_falls_asleep)
{
	struct user_param param = user_kind(3, 32, 2);
	pthread_t thread[2];

	random_start();
	q = user_queue_open(&param);
	device_open(&d, q);
	device_kicks_on(&d);
	CHECK_EQ(pthread_create(&thread[0], NULL, driver, NULL), 0);
	CHECK_EQ(pthread_create(&thread[1], NULL, device, NULL), 0);
	pthread_join(thread[0], NULL);
	pthread_join(thread[1], NULL);
	test_note("%u buffers, %llu kicks", ROUNDS, q->stats.kicks);
	user_queue_close(q);
}
