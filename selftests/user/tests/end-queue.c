// SPDX-License-Identifier: GPL-2.0
/* The device's side of a queue: kicks and events are neither lost nor superfluous. */
#include "lib.h"

static void one(unsigned int i)
{
	guest_desc(guest.desc, i, GUEST_DATA, 16, VRING_DESC_F_WRITE, 0);
	guest_add(i);
}

static u16 used_idx(void)
{
	return le16_to_cpu(guest.used->idx);
}

static void set_used_event(u16 idx)
{
	guest.avail->ring[guest.size] = cpu_to_le16(idx);
}

static u16 avail_event(void)
{
	u16 *event = (void *)&guest.used->ring[guest.size];

	return le16_to_cpu(*event);
}

static void open_without(const char *spec, u64 feature)
{
	guest_make(spec);
	guest_start(8, RING_ALL & ~feature);
	guest_run();
}

TEST(buffers_come_back)
{
	unsigned int i, k;

	guest_open(8);
	for (i = 0; i < 9000; i++) {	/* round the index, too */
		for (k = 0; k < 8; k++)
			one(k);
		guest_kick();
		CHECK_EQ(used_idx(), (u16)(8 * (i + 1)));
		for (k = 0; k < 8; k++) {
			CHECK_EQ(guest.used->ring[k].id, cpu_to_le32(k));
			CHECK_EQ(guest.used->ring[k].len, cpu_to_le32(16));
		}
	}
	guest_close();
}

TEST(event_where_it_was_asked_for)
{
	unsigned int i;

	guest_open(8);
	set_used_event(2);
	for (i = 0; i < 3; i++) {
		CHECK_EQ(guest.events, 0);
		one(i);
		guest_kick();
	}
	CHECK_EQ(guest.events, 1);
	one(3);
	guest_kick();
	CHECK_EQ(guest.events, 1);
	guest_close();
}

TEST(no_event_when_none_is_wanted)
{
	open_without("ubd1=test,event_idx=0",
		     BIT_ULL(VIRTIO_RING_F_EVENT_IDX));
	guest.avail->flags = cpu_to_le16(VRING_AVAIL_F_NO_INTERRUPT);
	one(0);
	guest_kick();
	CHECK_EQ(guest.events, 0);
	guest.avail->flags = 0;
	one(1);
	guest_kick();
	CHECK_EQ(guest.events, 1);
	guest_close();
}

/* 2.7.12: the next buffer needs a kick, those before did not */
TEST(kick_wanted_for_the_next_buffer)
{
	guest_open(8);
	one(0);
	one(1);
	guest_kick();
	CHECK_EQ(avail_event(), 2);
	guest_close();
}

static void check_no_kick(void)
{
	static struct virt_end_buf buf;

	CHECK_EQ(guest.used->flags, cpu_to_le16(VRING_USED_F_NO_NOTIFY));
	while (virt_end_pop(guest.end, 0, &buf))
		virt_end_push(guest.end, 0, buf.head, 0);
}

TEST(no_kick_wanted_while_serving)
{
	open_without("ubd1=test,event_idx=0",
		     BIT_ULL(VIRTIO_RING_F_EVENT_IDX));
	guest.on_serve = check_no_kick;
	one(0);
	guest_kick();
	CHECK_EQ(used_idx(), 1);
	CHECK_EQ(guest.used->flags, 0);
	guest_close();
}

static unsigned int late;

/* The driver adds one more right behind our last barrier, and sees no need to
 * kick: we have to find it.
 */
static void add_late(void)
{
	if (late && used_idx() == 1 && avail_event() == 1) {
		late--;
		one(5);
	}
}

TEST(buffer_that_comes_at_the_last_moment)
{
	guest_open(8);
	set_used_event(7);
	late = 1;
	user_mb_hook = add_late;
	one(0);
	guest_kick();
	user_mb_hook = NULL;
	CHECK_EQ(late, 0);
	CHECK_EQ(used_idx(), 2);
	guest_close();
}

/* An end that leaves buffers (a network card without packets) does not spin. */
static void take_none(void)
{
	guest.served++;
	CHECK(guest.served < 10);
}

TEST(buffers_that_are_left)
{
	guest_open(8);
	guest.on_serve = take_none;
	one(0);
	guest_kick();
	CHECK_EQ(guest.served, 1);
	CHECK_EQ(avail_event(), 1);
	one(1);
	guest_kick();
	CHECK_EQ(guest.served, 2);
	guest_close();
}

TEST(buffers_added_before_driver_ok)
{
	guest_make("ubd1=test");
	guest.avail = guest_mem(GUEST_BASE + 16384);
	guest.desc = guest_mem(GUEST_BASE);
	guest.size = 8;
	one(0);
	guest_start(8, RING_ALL);
	CHECK(guest_run());
	CHECK_EQ(used_idx(), 1);
	guest_close();
}

/* Nothing of the driver's is touched after a reset, by nobody. */
TEST(push_after_a_reset)
{
	guest_open(8);
	guest.answer = false;
	one(0);
	guest_kick();
	CHECK_EQ(guest.served, 1);
	CHECK_EQ(virt_end_set_status(guest.end, 0), 0);
	virt_end_push(guest.end, 0, 0, 16);
	CHECK_EQ(used_idx(), 0);
	CHECK_EQ(guest.events, 0);
	virt_end_kick(guest.end, 0);
	CHECK(!guest_run());
	guest_close();
}

TEST(end_that_pushes_what_it_has_not)
{
	guest_open(8);
	kernel.warnings_wanted = true;
	virt_end_push(guest.end, 0, 3, 16);
	virt_end_push(guest.end, 0, 8, 16);
	virt_end_push(guest.end, 1, 0, 16);
	CHECK_EQ(kernel.warnings, 3);
	CHECK_EQ(used_idx(), 0);
	guest_close();
}

static int enable(unsigned int queue, unsigned int size, u64 desc, u64 driver,
		  u64 device)
{
	return virt_end_queue_enable(guest.end, queue, size, desc, driver,
				     device);
}

TEST(queue_enabled_wrongly)
{
	const u64 b = GUEST_BASE, last = GUEST_BASE + GUEST_SIZE;

	guest_make("ubd1=test");
	CHECK_EQ(enable(0, 8, b, b + 4096, b + 8192), -EBUSY);
	virt_end_features(guest.end);
	virt_end_accept(guest.end, RING_ALL);
	virt_end_set_status(guest.end,
			    NEGOTIATING | VIRTIO_CONFIG_S_FEATURES_OK);
	CHECK_EQ(enable(1, 8, b, b + 4096, b + 8192), -EINVAL);
	CHECK_EQ(enable(0, 0, b, b + 4096, b + 8192), -EINVAL);
	CHECK_EQ(enable(0, 7, b, b + 4096, b + 8192), -EINVAL);
	CHECK_EQ(enable(0, 512, b, b + 4096, b + 8192), -EINVAL);
	CHECK_EQ(enable(0, 8, b + 8, b + 4096, b + 8192), -EINVAL);
	CHECK_EQ(enable(0, 8, b, b + 4097, b + 8192), -EINVAL);
	CHECK_EQ(enable(0, 8, b, b + 4096, b + 8194), -EINVAL);
	CHECK_EQ(enable(0, 8, 0, b + 4096, b + 8192), -EINVAL);
	CHECK_EQ(enable(0, 8, last - 112, b + 4096, b + 8192), -EINVAL);
	CHECK_EQ(enable(0, 8, b, b + 4096, GUEST_ROM), -EINVAL);
	/* 2.7: 6 bytes and 2 for each descriptor, 6 and 8 */
	CHECK_EQ(enable(0, 8, b, last - 20, b + 8192), -EINVAL);
	CHECK_EQ(enable(0, 8, b, b + 4096, last - 68), -EINVAL);
	kernel.fail_alloc = kernel.allocs + 1;
	CHECK_EQ(enable(0, 8, b, b + 4096, b + 8192), -ENOMEM);
	kernel.fail_alloc = kernel.allocs + 2;
	CHECK_EQ(enable(0, 8, b, b + 4096, b + 8192), -ENOMEM);
	CHECK_EQ(enable(0, 8, last - 128, last - 22 - 128, b + 8192), 0);
	CHECK_EQ(enable(0, 8, b, b + 4096, b + 8192), -EBUSY);
	guest_close();
}
