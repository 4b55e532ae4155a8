// SPDX-License-Identifier: GPL-2.0
/*
 * echo.c - a console whose other end says everything back (virtio 1.2, 5.3)
 *
 *	NAME=loop[,size=DESCRIPTORS]
 *
 * What the driver writes comes back to it, in order. As much is kept as fits into
 * ECHO_BYTES; when the driver does not read, writing waits, as on a line whose
 * other end does not listen.
 */
#include <linux/kfifo.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/virtio_console.h>

#include "end.h"

#define ECHO_BYTES	SZ_16K

/* 5.3.2, without multiport */
enum { ECHO_RX, ECHO_TX, ECHO_QUEUES };

/**
 * struct echo - one console
 * @end: what the rest sees
 * @config: its configuration
 * @lock: protects the rest; both queues use it
 * @bytes: on their way back
 * @out: the buffer that is being taken
 * @out_at: bytes of it that were taken; it stays ours until all were
 * @out_held: there is such a buffer
 * @in: the buffer that is being filled
 */
struct echo {
	struct virt_end end;
	struct virtio_console_config config;
	struct mutex lock;		/* see above */
	DECLARE_KFIFO(bytes, u8, ECHO_BYTES);
	struct virt_end_buf out;
	size_t out_at;
	bool out_held;
	struct virt_end_buf in;
};

static struct echo *to_echo(struct virt_end *end)
{
	return container_of(end, struct echo, end);
}

/* Take what fits; true when a whole buffer was taken. */
static bool take(struct echo *echo)
{
	size_t at = 0;
	unsigned int i;

	for (i = 0; i < echo->out.nr_out; i++) {
		const struct kvec *seg = &echo->out.out[i];
		size_t skip, n;

		if (echo->out_at >= at + seg->iov_len) {
			at += seg->iov_len;
			continue;
		}
		skip = echo->out_at - at;
		n = kfifo_in(&echo->bytes, (u8 *)seg->iov_base + skip,
			     seg->iov_len - skip);
		echo->out_at += n;
		if (n < seg->iov_len - skip)
			return false;
		at += seg->iov_len;
	}
	return true;
}

static void take_all(struct echo *echo)
{
	lockdep_assert_held(&echo->lock);
	for (;;) {
		if (!echo->out_held) {
			if (!virt_end_pop(&echo->end, ECHO_TX, &echo->out))
				return;
			echo->out_held = true;
			echo->out_at = 0;
		}
		if (!take(echo))
			return;
		echo->out_held = false;
		virt_end_push(&echo->end, ECHO_TX, echo->out.head, 0);
		cond_resched();
	}
}

static size_t fill(struct echo *echo)
{
	size_t len = 0;
	unsigned int i;

	for (i = 0; i < echo->in.nr_in && !kfifo_is_empty(&echo->bytes); i++)
		len += kfifo_out(&echo->bytes, (u8 *)echo->in.in[i].iov_base,
				 echo->in.in[i].iov_len);
	return len;
}

/* True when it made room. */
static bool give_back(struct echo *echo)
{
	bool gave = false;
	size_t len;

	lockdep_assert_held(&echo->lock);
	while (!kfifo_is_empty(&echo->bytes) &&
	       virt_end_pop(&echo->end, ECHO_RX, &echo->in)) {
		len = fill(echo);
		virt_end_push(&echo->end, ECHO_RX, echo->in.head, len);
		gave = true;
	}
	return gave;
}

/*
 * Each queue is popped by its own work item alone, since that says when the next kick
 * is wanted; when the other one can move on, it is called.
 */
static void echo_serve(struct virt_end *end, unsigned int queue)
{
	struct echo *echo = to_echo(end);
	bool call;

	mutex_lock(&echo->lock);
	if (queue == ECHO_TX) {
		take_all(echo);
		call = !kfifo_is_empty(&echo->bytes);
	} else {
		call = give_back(echo);
	}
	mutex_unlock(&echo->lock);
	if (call)
		virt_end_kick(end, queue == ECHO_TX ? ECHO_RX : ECHO_TX);
}

static void echo_reset(struct virt_end *end)
{
	struct echo *echo = to_echo(end);

	mutex_lock(&echo->lock);
	kfifo_reset(&echo->bytes);
	echo->out_held = false;
	mutex_unlock(&echo->lock);
}

static const struct virt_end_ops echo_ops = {
	.reset = echo_reset,
	.serve = echo_serve,
};

static int read_spec(const struct virt_spec *spec, unsigned int *size,
		     struct virt_why *why)
{
	static const char *const keys[] = { "size", NULL };

	*size = 64;
	if (spec->nargs) {
		virt_why(why, "\"%s\": a looped console has no arguments, only size=",
			 spec->args[0]);
		return -EINVAL;
	}
	if (virt_spec_only_keys(spec, keys, why))
		return -EINVAL;
	return virt_end_size(spec, 2, size, why);
}

static struct virt_end *echo_create(const struct virt_spec *spec,
				    struct virt_why *why)
{
	unsigned int size;
	struct echo *echo;
	int ret;

	ret = read_spec(spec, &size, why);
	if (ret)
		return ERR_PTR(ret);
	echo = kvzalloc(sizeof(*echo), GFP_KERNEL);
	if (!echo)
		return ERR_PTR(-ENOMEM);
	mutex_init(&echo->lock);
	INIT_KFIFO(echo->bytes);
	echo->config.cols = __cpu_to_virtio16(true, 80);
	echo->config.rows = __cpu_to_virtio16(true, 25);
	echo->end = (struct virt_end) {
		.ops = &echo_ops,
		.type = VIRTIO_ID_CONSOLE,
		.features = BIT_ULL(VIRTIO_CONSOLE_F_SIZE),
		.nr_queues = ECHO_QUEUES,
		.queue_size = size,
		.config = &echo->config,
		.config_size = sizeof(echo->config),
	};
	return &echo->end;
}

static void echo_destroy(struct virt_end *end)
{
	kvfree(to_echo(end));
}

static struct virt_end_backend echo_backend = {
	.name = "loop",
	.owner = THIS_MODULE,
	.create = echo_create,
	.destroy = echo_destroy,
};

int __init virt_end_echo_init(void)
{
	return virt_end_backend_register(&echo_backend);
}

void virt_end_echo_exit(void)
{
	virt_end_backend_unregister(&echo_backend);
}

MODULE_ALIAS("virtbus-end-loop");
