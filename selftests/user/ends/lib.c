// SPDX-License-Identifier: GPL-2.0
/* lib.c - the kernel, the host and the driver of a device end under test */
#include "lib.h"

struct guest guest;
struct workqueue_struct *virt_end_wq;

void *kmemdup(const void *from, size_t size, gfp_t gfp)
{
	void *to = kvcalloc(1, size, gfp);

	return to ? memcpy(to, from, size) : NULL;
}

unsigned long *bitmap_zalloc(unsigned int bits, gfp_t gfp)
{
	return kvcalloc((bits + LONG_BITS - 1) / LONG_BITS, sizeof(long), gfp);
}

void user_lock(struct mutex *m)
{
	CHECK(!m->held);
	m->held = true;
}

void user_unlock(struct mutex *m)
{
	CHECK(m->held);
	m->held = false;
}

void user_held(struct mutex *m)
{
	CHECK(m->held);
}

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	bool was = work->pending;

	work->pending = true;
	return !was;
}

bool cancel_work_sync(struct work_struct *work)
{
	bool was = work->pending;

	CHECK(!work->running);		/* it would wait for itself */
	work->pending = false;
	return was;
}

void user_message(const char *name, struct va_format *vaf)
{
	vsnprintf(guest.message, sizeof(guest.message), vaf->fmt, *vaf->va);
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return n < (int)size ? n : (int)size - 1;
}

long strscpy(char *to, const char *from, size_t size)
{
	return scnprintf(to, size, "%s", from);
}

int kstrtobool(const char *text, bool *value)
{
	if (*text != '0' && *text != '1')
		return -EINVAL;
	*value = *text == '1';
	return 0;
}

int kstrtouint(const char *text, unsigned int base, unsigned int *value)
{
	char *end;

	*value = strtoul(text, &end, base);
	return end == text || *end ? -EINVAL : 0;
}

void get_random_bytes(void *buf, size_t size)
{
	memset(buf, 0x5a, size);
}

/* --- a back end of the test: one queue, a configuration of 16 bytes */

static void test_reset(struct virt_end *end)
{
	guest.served = 0;
}

static void test_serve(struct virt_end *end, unsigned int queue)
{
	static struct virt_end_buf buf;

	if (guest.on_serve) {
		guest.on_serve();
		return;
	}
	while (virt_end_pop(end, queue, &buf)) {
		guest.served++;
		if (guest.answer)
			virt_end_push(end, queue, buf.head, buf.in_len);
	}
}

static void test_config_write(struct virt_end *end, unsigned int offset,
			      const void *data, unsigned int size)
{
	CHECK(offset + size <= end->config_size);
	memcpy(end->config + offset, data, size);
}

static const struct virt_end_ops test_ops = {
	.reset = test_reset,
	.serve = test_serve,
	.config_write = test_config_write,
};

static u8 config[16];
static struct virt_end test_end;

static struct virt_end *test_create(const struct virt_spec *spec,
				    struct virt_why *why)
{
	test_end = (struct virt_end) {
		.ops = &test_ops,
		.type = 42,
		.features = BIT_ULL(3),
		.nr_queues = 1,
		.queue_size = 256,
		.config = config,
		.config_size = sizeof(config),
	};
	return &test_end;
}

static void test_destroy(struct virt_end *end)
{
}

static struct virt_end_backend backend = {
	.name = "test",
	.create = test_create,
	.destroy = test_destroy,
};

/* the others that are there; a test registers those that it needs */
static struct virt_end_backend *backends[2];

int virt_end_backend_register(struct virt_end_backend *backend)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(backends); i++)
		if (!backends[i]) {
			backends[i] = backend;
			return 0;
		}
	return -EEXIST;
}

void virt_end_backend_unregister(struct virt_end_backend *backend)
{
}

struct virt_end_backend *virt_end_backend_get(const char *name,
					      struct virt_why *why)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(backends) && backends[i]; i++)
		if (!strcmp(backends[i]->name, name))
			return backends[i];
	return &backend;
}

void virt_end_backend_put(struct virt_end_backend *backend)
{
}

/* --- the host */

static void queue_event(struct virt_end *end, unsigned int queue)
{
	guest.events++;
}

static void config_event(struct virt_end *end)
{
	guest.config_events++;
}

static void gone(struct virt_end *end)
{
}

static void *translate(struct virt_end *end, u64 addr, u64 size, bool write)
{
	CHECK(size);
	if (addr < GUEST_BASE || addr >= GUEST_BASE + GUEST_SIZE ||
	    size > GUEST_BASE + GUEST_SIZE - addr)
		return NULL;
	if (write && addr + size > GUEST_ROM)
		return NULL;
	return guest_mem(addr);
}

static const char *const keys[] = { "host", NULL };
static const struct virt_end_host host = {
	.keys = keys,
	.queue_event = queue_event,
	.config_event = config_event,
	.gone = gone,
	.translate = translate,
};

/* --- the driver */

void *guest_mem(u64 addr)
{
	return guest.mem + (addr - GUEST_BASE);
}

void guest_make(const char *text)
{
	struct virt_why why = { };
	struct virt_spec spec;

	guest = (struct guest) { .answer = true };
	guest.mem = user_pages(GUEST_SIZE, true);
	CHECK_EQ(virt_spec_parse(&spec, text, &why), 0);
	guest.end = virt_end_create(&spec, &host, &guest, 0, &why);
	CHECK(!IS_ERR(guest.end));
}

void guest_start(unsigned int size, u64 features)
{
	guest.size = size;
	guest.desc = guest_mem(GUEST_BASE);
	guest.avail = guest_mem(GUEST_BASE + 16384);
	guest.used = guest_mem(GUEST_BASE + 32768);
	virt_end_features(guest.end);
	CHECK_EQ(virt_end_accept(guest.end, features), 0);
	CHECK_EQ(virt_end_set_status(guest.end, NEGOTIATING |
				     VIRTIO_CONFIG_S_FEATURES_OK), 0);
	CHECK(virt_end_status(guest.end) & VIRTIO_CONFIG_S_FEATURES_OK);
	CHECK_EQ(virt_end_queue_enable(guest.end, 0, size, GUEST_BASE,
				       GUEST_BASE + 16384, GUEST_BASE + 32768),
		 0);
	CHECK_EQ(virt_end_set_status(guest.end, NEGOTIATING |
				     VIRTIO_CONFIG_S_FEATURES_OK |
				     VIRTIO_CONFIG_S_DRIVER_OK), 0);
}

void guest_open(unsigned int size)
{
	guest_make("ubd1=test");
	guest_start(size, RING_ALL);
	guest_run();
}

void guest_close(void)
{
	virt_end_destroy(guest.end);
	free(guest.mem);
	CHECK_EQ(kernel.live, 0);
}

void guest_desc(struct vring_desc *table, unsigned int i, u64 addr, u32 len,
		u16 flags, u16 next)
{
	table[i] = (struct vring_desc) {
		.addr = cpu_to_le64(addr),
		.len = cpu_to_le32(len),
		.flags = cpu_to_le16(flags),
		.next = cpu_to_le16(next),
	};
}

void guest_add(u16 head)
{
	guest.avail->ring[guest.avail_idx++ & (guest.size - 1)] =
		cpu_to_le16(head);
	guest.avail->idx = cpu_to_le16(guest.avail_idx);
}

void guest_kick(void)
{
	virt_end_kick(guest.end, 0);
	guest_run();
}

bool user_work(struct work_struct *work)
{
	if (!work->pending)
		return false;
	work->pending = false;
	work->running = true;
	work->fn(work);
	work->running = false;
	return true;
}

bool guest_run(void)
{
	return user_work(&guest.end->core->queue[0].work);
}
