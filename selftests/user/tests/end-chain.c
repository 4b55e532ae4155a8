// SPDX-License-Identifier: GPL-2.0
/* A device end believes nothing that a driver writes into a queue (2.7.5, 2.7.13). */
#include "lib.h"

#define NEXT		VRING_DESC_F_NEXT
#define WRITE		VRING_DESC_F_WRITE
#define INDIRECT	VRING_DESC_F_INDIRECT

static struct virt_end_buf buf;

static void no_serve(void)
{
}

/* A queue whose buffers the test pops itself. */
static void open_quiet(unsigned int size)
{
	guest_open(size);
	guest.on_serve = no_serve;
}

static struct vring_desc *table(void)
{
	return guest_mem(GUEST_TABLE);
}

/* Nothing is popped, the device asks for a reset and says why. */
static void broken(const char *reason)
{
	CHECK(!virt_end_pop(guest.end, 0, &buf));
	CHECK_HAS(guest.message, reason);
	CHECK(virt_end_status(guest.end) & VIRTIO_CONFIG_S_NEEDS_RESET);
	CHECK_EQ(guest.config_events, 1);
	CHECK(!virt_end_pop(guest.end, 0, &buf));
	CHECK_EQ(guest.config_events, 1);
	CHECK_EQ(virt_end_set_status(guest.end, 0), 0);
	CHECK_EQ(virt_end_status(guest.end), 0);
	guest_close();
}

TEST(chain_in_the_ring)
{
	open_quiet(8);
	guest_desc(guest.desc, 5, GUEST_DATA, 16, NEXT, 2);
	guest_desc(guest.desc, 2, GUEST_DATA + 100, 200, NEXT | WRITE, 7);
	guest_desc(guest.desc, 7, GUEST_DATA + 300, 1, WRITE, 0);
	guest_add(5);
	CHECK(virt_end_pop(guest.end, 0, &buf));
	CHECK_EQ(buf.head, 5);
	CHECK_EQ(buf.nr_out, 1);
	CHECK_EQ(buf.nr_in, 2);
	CHECK_EQ(buf.out_len, 16);
	CHECK_EQ(buf.in_len, 201);
	CHECK(buf.out[0].iov_base == guest_mem(GUEST_DATA));
	CHECK(buf.in[1].iov_base == guest_mem(GUEST_DATA + 300));
	CHECK(!virt_end_pop(guest.end, 0, &buf));
	CHECK_EQ(guest.config_events, 0);
	guest_close();
}

/* 2.7.5.3.2: some in the ring, then a table; its write flag means nothing */
TEST(chain_that_ends_in_a_table)
{
	open_quiet(8);
	guest_desc(guest.desc, 0, GUEST_DATA, 16, NEXT, 1);
	guest_desc(guest.desc, 1, GUEST_TABLE, 32, INDIRECT | WRITE, 0);
	guest_desc(table(), 0, GUEST_DATA + 100, 10, NEXT, 1);
	guest_desc(table(), 1, GUEST_DATA + 200, 20, WRITE, 0);
	guest_add(0);
	CHECK(virt_end_pop(guest.end, 0, &buf));
	CHECK_EQ(buf.nr_out, 2);
	CHECK_EQ(buf.nr_in, 1);
	CHECK_EQ(buf.out_len, 26);
	CHECK_EQ(buf.in_len, 20);
	guest_close();
}

TEST(head_outside_of_the_queue)
{
	open_quiet(8);
	guest_add(8);
	broken("buffer 8, the last is 7");
}

TEST(more_buffers_than_room)
{
	open_quiet(8);
	guest.avail->idx = cpu_to_le16(9);
	broken("9 buffers available, room for 8");
}

TEST(index_that_goes_back)
{
	open_quiet(8);
	guest.avail->idx = cpu_to_le16(0xffff);
	broken("65535 buffers available, room for 8");
}

TEST(buffer_made_available_twice)
{
	open_quiet(8);
	guest_desc(guest.desc, 3, GUEST_DATA, 16, 0, 0);
	guest_add(3);
	CHECK(virt_end_pop(guest.end, 0, &buf));
	guest_add(3);
	broken("buffer 3 made available twice");
}

TEST(loop_in_the_ring)
{
	open_quiet(8);
	guest_desc(guest.desc, 0, GUEST_DATA, 16, NEXT, 1);
	guest_desc(guest.desc, 1, GUEST_DATA, 16, NEXT, 0);
	guest_add(0);
	broken("is a loop");
}

TEST(loop_in_a_table)
{
	open_quiet(8);
	guest_desc(guest.desc, 0, GUEST_TABLE, 32, INDIRECT, 0);
	guest_desc(table(), 0, GUEST_DATA, 16, NEXT, 1);
	guest_desc(table(), 1, GUEST_DATA, 16, NEXT, 1);
	guest_add(0);
	broken("is a loop");
}

TEST(next_outside_of_the_ring)
{
	open_quiet(8);
	guest_desc(guest.desc, 0, GUEST_DATA, 16, NEXT, 8);
	guest_add(0);
	broken("goes on outside of its table");
}

TEST(next_outside_of_a_table)
{
	open_quiet(8);
	guest_desc(guest.desc, 0, GUEST_TABLE, 32, INDIRECT, 0);
	guest_desc(table(), 0, GUEST_DATA, 16, NEXT, 2);
	guest_add(0);
	broken("goes on outside of its table");
}

TEST(table_in_a_table)
{
	open_quiet(8);
	guest_desc(guest.desc, 0, GUEST_TABLE, 16, INDIRECT, 0);
	guest_desc(table(), 0, GUEST_TABLE, 16, INDIRECT, 0);
	guest_add(0);
	broken("has a table inside a table");
}

TEST(table_that_goes_on)
{
	open_quiet(8);
	guest_desc(guest.desc, 0, GUEST_TABLE, 16, INDIRECT | NEXT, 1);
	guest_add(0);
	broken("goes on behind a table");
}

TEST(table_of_a_wrong_length)
{
	static const u32 lengths[] = { 0, 8, 17, 0xffffffff };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		open_quiet(8);
		guest_desc(guest.desc, 0, GUEST_TABLE, lengths[i], INDIRECT, 0);
		guest_add(0);
		broken("has a table of a wrong length");
	}
}

TEST(table_larger_than_the_queue)
{
	open_quiet(8);
	guest_desc(guest.desc, 0, GUEST_TABLE, 9 * 16, INDIRECT, 0);
	guest_add(0);
	broken("has a table larger than the queue");
}

TEST(table_outside_of_memory)
{
	static const u64 addrs[] = {
		0, 8, GUEST_BASE - 16, GUEST_BASE + GUEST_SIZE - 16,
		~0ULL, ~0ULL - 15, GUEST_TABLE + 1
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(addrs); i++) {
		open_quiet(8);
		guest_desc(guest.desc, 0, addrs[i], 32, INDIRECT, 0);
		guest_add(0);
		broken("has a table outside of memory");
	}
}

TEST(table_that_was_not_agreed_on)
{
	guest_make("ubd1=test,indirect=0");
	guest_start(8, BIT_ULL(VIRTIO_F_VERSION_1));
	guest.on_serve = no_serve;
	guest_desc(guest.desc, 0, GUEST_TABLE, 16, INDIRECT, 0);
	guest_add(0);
	broken("has a table, which was not agreed on");
}

TEST(segment_outside_of_memory)
{
	static const struct {
		u64 addr;
		u32 len;
	} segments[] = {
		{ 0, 1 },
		{ GUEST_BASE - 1, 2 },
		{ GUEST_BASE + GUEST_SIZE - 1, 2 },
		{ GUEST_BASE + GUEST_SIZE, 1 },
		{ GUEST_BASE, 0xffffffff },
		{ ~0ULL, 1 },
		{ ~0ULL, 2 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(segments); i++) {
		open_quiet(8);
		guest_desc(guest.desc, 0, segments[i].addr, segments[i].len,
			   i & 1 ? WRITE : 0, 0);
		guest_add(0);
		broken("points outside of memory");
	}
}

TEST(memory_that_cannot_be_written)
{
	open_quiet(8);
	guest_desc(guest.desc, 0, GUEST_ROM, 16, NEXT, 1);
	guest_desc(guest.desc, 1, GUEST_DATA, 16, WRITE, 0);
	guest_add(0);
	CHECK(virt_end_pop(guest.end, 0, &buf));
	guest_desc(guest.desc, 2, GUEST_ROM - 1, 2, WRITE, 0);
	guest_add(2);
	broken("points outside of memory");
}

TEST(empty_segment)
{
	open_quiet(8);
	guest_desc(guest.desc, 0, GUEST_DATA, 0, 0, 0);
	guest_add(0);
	broken("has an empty segment");
}

TEST(readable_behind_writable)
{
	open_quiet(8);
	guest_desc(guest.desc, 0, GUEST_DATA, 1, NEXT | WRITE, 1);
	guest_desc(guest.desc, 1, GUEST_DATA, 1, 0, 0);
	guest_add(0);
	broken("has readable segments behind writable ones");
}

/* 255 in the ring and 256 in a table are more than a buffer may have */
TEST(too_many_segments)
{
	unsigned int i;

	open_quiet(256);
	for (i = 0; i < 255; i++)
		guest_desc(guest.desc, i, GUEST_DATA, 1, NEXT, i + 1);
	guest_desc(guest.desc, 255, GUEST_TABLE, 16 * 256, INDIRECT, 0);
	for (i = 0; i < 256; i++)
		guest_desc(table(), i, GUEST_DATA, 1, i < 255 ? NEXT : 0,
			   i + 1);
	guest_add(0);
	broken("has too many segments");
}

/* What is handed out is memory of the driver, all of it, and adds up. */
static void check_buf(void)
{
	size_t out = 0, in = 0;
	unsigned int i;

	CHECK(buf.head < guest.size);
	CHECK(buf.nr_out + buf.nr_in >= 1);
	CHECK(buf.nr_out + buf.nr_in <= VIRT_END_SEGS);
	CHECK(buf.out == buf.seg && buf.in == buf.seg + buf.nr_out);
	for (i = 0; i < buf.nr_out + buf.nr_in; i++) {
		char *base = buf.seg[i].iov_base;
		size_t len = buf.seg[i].iov_len;

		CHECK(len && base >= guest.mem);
		CHECK(len <= guest.mem + GUEST_SIZE - base);
		if (i < buf.nr_out)
			out += len;
		else
			in += len;
	}
	CHECK_EQ(out, buf.out_len);
	CHECK_EQ(in, buf.in_len);
}

static u64 random_addr(void)
{
	switch (random_below(16)) {
	case 0:
		return random_u64();
	case 1:
		return GUEST_BASE + GUEST_SIZE - random_below(64);
	case 2:
		return GUEST_BASE - random_below(64);
	default:
		return GUEST_TABLE + random_below(4096) * 16;
	}
}

static void random_desc(struct vring_desc *table, unsigned int size)
{
	u16 flags = random_below(8);

	if (random_below(4))
		flags &= ~INDIRECT;
	guest_desc(table, random_below(size), random_addr(),
		   random_below(3) ? random_below(20) * 16 :
				     (u32)random_u64() >> random_below(32),
		   flags, random_below(size + (random_below(8) == 0)));
}

/* Any nonsense: nothing is touched that is not the driver's, everything ends. */
TEST(random_nonsense)
{
	unsigned long rounds = test_number("LIES", 300000), popped = 0, i;
	unsigned int k;

	random_start();
	open_quiet(16);
	for (i = 0; i < rounds; i++) {
		for (k = random_below(12); k; k--)
			random_desc(guest.desc, guest.size);
		for (k = random_below(12); k; k--)
			random_desc(table(), 64);
		guest_add(random_below(16 + (random_below(32) == 0)));
		if (!random_below(64))
			guest.avail->idx = cpu_to_le16(random_u64());
		while (virt_end_pop(guest.end, 0, &buf)) {
			popped++;
			check_buf();
			if (random_below(8))
				virt_end_push(guest.end, 0, buf.head,
					      buf.in_len);
		}
		if (virt_end_status(guest.end) & VIRTIO_CONFIG_S_NEEDS_RESET) {
			CHECK_EQ(virt_end_set_status(guest.end, 0), 0);
			guest.avail_idx = 0;
			guest.avail->idx = 0;
			guest_start(16, RING_ALL);
			guest_run();
		}
	}
	test_note("%lu of %lu buffers were good", popped, rounds);
	CHECK(popped > rounds / 20 && popped < rounds);
	guest_close();
}
