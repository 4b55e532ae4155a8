// SPDX-License-Identifier: GPL-2.0
/*
 * A device that lies: LIES= used entries are mutated, in every way we know.
 *
 * After each lie the driver takes what it can get. Each slot that it gets was
 * with the device and each length was offered; or the queue breaks, once, with
 * a reason, and stays broken until it is closed and opened anew.
 */
#include <time.h>

#include "device.h"

#define LIES		1000000
#define SLOTS_MAX	64
#define SEGS_MAX	8

enum lie {
	LIE_RANDOM_ID,
	LIE_NEAR_ID,
	LIE_RANDOM_LENGTH,
	LIE_NEAR_LENGTH,
	LIE_REPEATED,
	LIE_INDEX_JUMPS,
	LIE_INDEX_BACK,
	LIE_SWAPPED,
	LIE_RANDOM_ENTRY,
	LIE_WHILE_READ,
	LIES_IN_ALL
};

static const char *const lie_names[LIES_IN_ALL] = {
	"random id", "id near by", "random length", "length near by",
	"repeated", "index jumps", "index goes back", "swapped",
	"all of the entry random", "changed while it is read",
};

static const char *const reasons[] = {
	"the used index moved by", "does not exist", "is not with the device",
	"the device wrote",
};

static struct virt_queue *q;
static struct device_end d;
static bool with_device[SLOTS_MAX];
static u64 offered[SLOTS_MAX];
static unsigned int nr_with_device;

static struct {
	unsigned long told[LIES_IN_ALL];
	unsigned long broke_for[LIES_IN_ALL];
	unsigned long reason[ARRAY_SIZE(reasons)];
	unsigned long accepted;
	unsigned long queues;
} count;

static void open_random(void)
{
	unsigned int size = 1u << random_below(7);
	struct user_param param = user_kind(random_below(8), size, 1);

	param.max_segs = 1 + random_below(size < SEGS_MAX ? size : SEGS_MAX);
	param.start = random_below(2) ? random_u64() : 65530;
	q = user_queue_open(&param);
	device_open(&d, q);
	memset(with_device, 0, sizeof(with_device));
	nr_with_device = 0;
	kernel.breaks = 0;
	kernel.reason[0] = '\0';
	count.queues++;
}

static void driver_adds(void)
{
	unsigned int n = 2 + random_below(q->slots), i, k;
	struct scatterlist sg[SEGS_MAX];
	static char mem[PAGE_SIZE];

	/* now and then it has nothing that it could lie about */
	if (!random_below(16))
		return;
	for (i = 0; i < n; i++) {
		unsigned int slot = random_below(q->slots);
		unsigned int segs = 1 + random_below(q->max_segs);
		unsigned int out = random_below(segs + 1);

		if (with_device[slot])
			continue;
		offered[slot] = 0;
		for (k = 0; k < segs; k++) {
			sg_set_buf(&sg[k], mem, 1 + random_below(64));
			if (k >= out)
				offered[slot] += sg[k].length;
		}
		CHECK_EQ(virt_queue_add(q, slot, sg, out, segs - out), 0);
		with_device[slot] = true;
		nr_with_device++;
	}
	virt_queue_kick_prepare(q);
}

static u32 head_of(unsigned int slot)
{
	return q->indirect ? slot : slot * q->max_segs;
}

/* A slot that is with the device, not too hard to find; any other if none is. */
static unsigned int any_slot(void)
{
	unsigned int slot = random_below(q->slots), i;

	for (i = 0; i < q->slots && !with_device[slot]; i++)
		slot = (slot + 1) % q->slots;
	return slot;
}

static void put(u32 id, u32 len)
{
	struct vring_used_elem *elem = &d.used->ring[d.used_idx++ % d.size];

	elem->id = cpu_to_le32(id);
	elem->len = cpu_to_le32(len);
}

/* While the driver looks: whatever it has read is different now. */
static void change_what_was_read(const void *p)
{
	const char *start = (const char *)d.used->ring;

	if ((const char *)p >= start &&
	    (const char *)p < (const char *)&d.used->ring[d.size])
		*(u32 *)p = random_below(2) ? random_u64() : random_below(70);
}

static void tell(enum lie lie)
{
	unsigned int slot = any_slot(), other = any_slot();
	u32 len = random_below(offered[slot] + 1);

	count.told[lie]++;
	switch (lie) {
	case LIE_RANDOM_ID:
		put(random_u64(), len);
		break;
	case LIE_NEAR_ID:
		put(random_below(q->size + 3) - 1, len);
		break;
	case LIE_RANDOM_LENGTH:
		put(head_of(slot), random_u64());
		break;
	case LIE_NEAR_LENGTH:
		put(head_of(slot), offered[slot] + random_below(3) - 1);
		break;
	case LIE_REPEATED:
		put(head_of(slot), len);
		put(head_of(slot), len);
		break;
	case LIE_INDEX_JUMPS:
		d.used_idx += random_below(2) ? random_u64() :
			      random_below(q->size + 2);
		break;
	case LIE_INDEX_BACK:
		d.used_idx -= 1 + random_below(q->size);
		break;
	case LIE_SWAPPED:
		put(head_of(other), len);
		put(head_of(slot), random_below(offered[other] + 1));
		break;
	case LIE_RANDOM_ENTRY:
		put(random_u64(), random_u64());
		break;
	case LIE_WHILE_READ:
		put(head_of(slot), len);
		user_read_hook = change_what_was_read;
		break;
	case LIES_IN_ALL:
		break;
	}
}

/* Also all over the memory that it can write: nothing may depend on that. */
static void scribble(void)
{
	u8 *desc = (u8 *)d.desc, *avail = (u8 *)d.avail;
	u16 *avail_event = (u16 *)&d.used->ring[d.size];
	unsigned int i;

	for (i = random_below(16); i; i--) {
		desc[random_below(16 * d.size)] = random_u64();
		avail[random_below(6 + 2 * d.size)] = random_u64();
	}
	if (q->indirect)
		q->split.desc[random_below(d.size)].addr = random_u64();
	d.used->flags = random_u64();
	*avail_event = random_u64();
}

static void taken(int slot, unsigned int len)
{
	CHECK(slot < (int)q->slots && with_device[slot]);
	CHECK(len <= offered[slot]);
	CHECK(!virt_queue_in_use(q, slot));
	with_device[slot] = false;
	nr_with_device--;
	count.accepted++;
}

/* True: the queue is broken, as it should be. */
static bool driver_takes(enum lie lie)
{
	unsigned int len = 0, i, n = 0;
	int slot;

	while ((slot = virt_queue_get(q, &len)) >= 0) {
		taken(slot, len);
		CHECK(++n <= q->slots);
	}
	user_read_hook = NULL;
	for (i = 0; i < q->slots; i++)
		CHECK_EQ(virt_queue_in_use(q, i), with_device[i]);
	if (slot == -EAGAIN) {
		CHECK_EQ(kernel.breaks, 0);
		return false;
	}

	CHECK_EQ(slot, -EIO);
	CHECK_EQ(kernel.breaks, 1);
	CHECK_EQ(virt_queue_get(q, &len), -EIO);
	CHECK(!virt_queue_kick_prepare(q) && !virt_queue_event(q));
	CHECK(virt_queue_events_on(q));
	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		if (strstr(kernel.reason, reasons[i]))
			break;
	if (i == ARRAY_SIZE(reasons))
		FAIL("no good reason: %s", kernel.reason);
	count.reason[i]++;
	count.broke_for[lie]++;
	return true;
}

/* Some honest work, so that lies fall on queues in every condition. */
static void device_is_honest(void)
{
	unsigned int n = random_below(4);

	while (n-- && nr_with_device > 1) {
		unsigned int len, slot = any_slot();

		put(head_of(slot), random_below(offered[slot] + 1));
		device_publish(&d);
		CHECK_EQ(virt_queue_get(q, &len), slot);
		taken(slot, len);
	}
}

static void report(double seconds, unsigned long lies)
{
	unsigned int i;

	test_note("%lu lies to %lu queues in %.1f s: %.0f a second", lies,
		  count.queues, seconds, lies / seconds);
	for (i = 0; i < LIES_IN_ALL; i++)
		test_note("%9lu %s, broke %lu", count.told[i], lie_names[i],
			  count.broke_for[i]);
	test_note("%9lu buffers accepted", count.accepted);
	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		test_note("%9lu broken: %s", count.reason[i], reasons[i]);
}

TEST(lies)
{
	unsigned long lies = test_number("LIES", LIES), i;
	struct timespec t0, t1;
	enum lie lie;

	random_start();
	kernel.breaks_wanted = true;
	clock_gettime(CLOCK_MONOTONIC, &t0);
	open_random();
	for (i = 0; i < lies; i++) {
		driver_adds();
		device_is_honest();
		if (!random_below(8))
			scribble();
		lie = random_below(LIES_IN_ALL);
		tell(lie);
		device_publish(&d);
		if (driver_takes(lie)) {
			user_queue_close(q);
			open_random();
		} else {
			/* what it said it used it must live with */
			d.used_idx = q->split.used_idx;
		}
	}
	user_queue_close(q);
	clock_gettime(CLOCK_MONOTONIC, &t1);
	report(t1.tv_sec - t0.tv_sec + (t1.tv_nsec - t0.tv_nsec) / 1e9, lies);

	/* a test that reached none of these has tested nothing */
	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		CHECK(lies < 1000 || count.reason[i]);
	for (i = 0; i < LIES_IN_ALL; i++)
		CHECK(lies < 1000 || count.told[i] > lies / 20);
}
