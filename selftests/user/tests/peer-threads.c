// SPDX-License-Identifier: GPL-2.0
/*
 * Adding, getting and the device run at the same time, each in a thread.
 *
 * Who has nothing to do sleeps until it is woken by a kick or an event: a lost
 * one is a hang. The requests and answers travel in plain memory, so that under
 * TSan all order between the threads must come from the queue.
 */
#include "bell.h"
#include "device.h"

#ifdef __SANITIZE_THREAD__
#define BUFFERS		60000
#else
#define BUFFERS		600000
#endif
#define SLOTS_MAX	64

static struct {
	struct virt_queue *q;
	struct device_end d;
	unsigned int total;
	struct bell kick, event, space;
	/* from the getting to the adding side: slots that are free */
	u16 free[SLOTS_MAX];
	u32 free_head;
	u32 free_tail;
	struct {
		u64 request;
		u64 answer;
	} data[SLOTS_MAX];
	pthread_mutex_t done_lock;
	bool use_lock;
	unsigned int done;
	u8 seen[BUFFERS];
} w;

static void give_back(unsigned int slot)
{
	u32 head = w.free_head;

	w.free[head % SLOTS_MAX] = slot;
	__atomic_store_n(&w.free_head, head + 1, __ATOMIC_RELEASE);
}

static bool take_free(unsigned int *slot)
{
	u32 head = __atomic_load_n(&w.free_head, __ATOMIC_ACQUIRE);

	if (head == w.free_tail)
		return false;
	*slot = w.free[w.free_tail++ % SLOTS_MAX];
	return true;
}

static void kick(void)
{
	if (virt_queue_kick_prepare(w.q))
		bell_ring(&w.kick);
}

static void *add_all(void *unused)
{
	struct scatterlist sg[2];
	unsigned int i, slot;
	u32 heard = 0;

	random_thread(1);
	for (i = 0; i < w.total; i++) {
		while (!take_free(&slot)) {
			kick();
			bell_wait(&w.space, &heard);
		}
		w.data[slot].request = i;
		w.data[slot].answer = 0;
		sg_set_buf(&sg[0], &w.data[slot].request, sizeof(u64));
		sg_set_buf(&sg[1], &w.data[slot].answer, sizeof(u64));
		CHECK_EQ(virt_queue_add(w.q, slot, sg, 1, 1), 0);
		if (!random_below(3))
			kick();
	}
	kick();
	return NULL;
}

/* Answers some of what it holds, in any order, and says so when asked to. */
static void answer(struct device_buf *held, unsigned int *n, unsigned int some)
{
	while (*n && some--) {
		struct device_buf *buf = &held[random_below(*n)];

		*(u64 *)buf->seg[1].mem = ~*(u64 *)buf->seg[0].mem;
		device_use(&w.d, buf->head, sizeof(u64));
		*buf = held[--*n];
	}
	device_publish(&w.d);
	if (device_must_call(&w.d))
		bell_ring(&w.event);
}

static void *device(void *unused)
{
	static struct device_buf held[SLOTS_MAX];
	unsigned int n = 0, taken = 0;
	u32 heard = 0;

	random_thread(2);
	while (taken < w.total) {
		device_kicks_off(&w.d);
		while (device_take(&w.d, &held[n])) {
			taken++;
			if (++n == SLOTS_MAX || !random_below(4))
				answer(held, &n, 1 + random_below(n));
		}
		if (n)
			answer(held, &n, n);
		if (device_kicks_on(&w.d) && taken < w.total)
			bell_wait(&w.kick, &heard);
	}
	answer(held, &n, n);
	return NULL;
}

static void finish(unsigned int slot, unsigned int len)
{
	u64 request = w.data[slot].request;

	CHECK_EQ(len, sizeof(u64));
	CHECK(w.data[slot].answer == ~request);
	CHECK(request < w.total && !w.seen[request]);
	w.seen[request] = 1;
	WRITE_ONCE(w.done, w.done + 1);
	give_back(slot);
}

/* As a driver does: see vblk_done(). */
static void drain(struct virt_queue *q)
{
	unsigned int len;
	bool any = false;
	int slot;

	if (w.use_lock)
		pthread_mutex_lock(&w.done_lock);
	do {
		virt_queue_events_off(q);
		while ((slot = virt_queue_get(q, &len)) >= 0) {
			finish(slot, len);
			any = true;
		}
		CHECK_EQ(slot, -EAGAIN);
	} while (!virt_queue_events_on(q));
	if (w.use_lock)
		pthread_mutex_unlock(&w.done_lock);
	if (any)
		bell_ring(&w.space);
}

static void *get_all(void *unused)
{
	u32 heard = 0;

	while (READ_ONCE(w.done) < w.total) {
		bell_wait(&w.event, &heard);
		virt_queue_event(w.q);
	}
	return NULL;
}

/* A timer that looks for lost events, beside those that arrive. */
static void *poll_all(void *unused)
{
	while (READ_ONCE(w.done) < w.total) {
		drain(w.q);
		sched_yield();
	}
	/* who waits for an event that the poller has served is let go */
	bell_ring(&w.event);
	return NULL;
}

static void run(unsigned int kind, bool with_poller)
{
	void *(*const threads[])(void *) = { add_all, device, get_all, poll_all };
	unsigned int i, n = with_poller ? 4 : 3;
	struct user_param param = user_kind(kind, 32, 2);
	pthread_t thread[4];

	memset(&w, 0, sizeof(w));
	pthread_mutex_init(&w.done_lock, NULL);
	w.use_lock = with_poller;
	w.total = test_number("BUFFERS", BUFFERS);
	if (w.total > BUFFERS)
		w.total = BUFFERS;
	w.q = user_queue_open(&param);
	w.q->callback = drain;
	device_open(&w.d, w.q);
	device_kicks_on(&w.d);
	for (i = 0; i < w.q->slots; i++)
		give_back(i);

	for (i = 0; i < n; i++)
		CHECK_EQ(pthread_create(&thread[i], NULL, threads[i], NULL), 0);
	for (i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	CHECK_EQ(w.done, w.total);
	CHECK_EQ(w.q->stats.added, w.total);
	CHECK_EQ(w.q->stats.used, w.total);
	test_note("%u buffers, %llu kicks, %llu events", w.total,
		  w.q->stats.kicks, w.q->stats.events);
	user_queue_close(w.q);
}

TEST(direct_flags)
{
	random_start();
	run(0, false);
}

TEST(indirect_flags)
{
	random_start();
	run(1, false);
}

TEST(direct_event_index)
{
	random_start();
	run(2 + 8, false);
}

TEST(indirect_event_index)
{
	random_start();
	run(3 + 8, false);
}

TEST(poller_flags)
{
	random_start();
	run(1, true);
}

TEST(poller_event_index)
{
	random_start();
	run(3 + 8, true);
}
