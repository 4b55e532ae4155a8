// SPDX-License-Identifier: GPL-2.0
/*
 * ram.c - a disk in this kernel's memory (virtio 1.2, 5.2)
 *
 *	NAME=ram,SIZE[,ro][,serial=TEXT][,queues=N][,size=DESCRIPTORS]
 *	     [,blk_size=512|4096][,delay=MICROSECONDS]
 *
 * Memory is taken as it is written, and given back by discard and write zeroes.
 * What was written is gone with the device.
 */
#include <linux/delay.h>
#include <linux/log2.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/virtio_blk.h>

#include "end.h"
#include "ram.h"
#include "store.h"

#define RAM_SEGS	16	/* ranges in one discard */
#define RAM_RANGE	SZ_1G	/* bytes in one range: a bounded time */

/**
 * struct ram - one RAM disk
 * @end: what the rest sees
 * @config: its configuration
 * @store: its bytes
 * @serial: for VIRTIO_BLK_T_GET_ID
 * @delay: microseconds that a request takes beside the copying
 * @ro: read-only
 * @buf: the buffer that each queue is at
 */
struct ram {
	struct virt_end end;
	struct virtio_blk_config config;
	struct virt_store store;
	char serial[VIRTIO_BLK_ID_BYTES];
	unsigned int delay;
	bool ro;
	struct virt_end_buf buf[];
};

static struct ram *to_ram(struct virt_end *end)
{
	return container_of(end, struct ram, end);
}

static u8 ram_read(struct ram *ram, u64 at, struct iov_iter *in)
{
	if (iov_iter_count(in) % RAM_SECTOR || virt_store_read(&ram->store, at, in))
		return VIRTIO_BLK_S_IOERR;
	return VIRTIO_BLK_S_OK;
}

static u8 ram_write(struct ram *ram, u64 at, struct iov_iter *out)
{
	int ret;

	/* 5.2.6.2: a write to a read-only device fails and writes nothing */
	if (ram->ro || iov_iter_count(out) % RAM_SECTOR)
		return VIRTIO_BLK_S_IOERR;
	ret = virt_store_write(&ram->store, at, out);
	if (ret == -ENOMEM)
		pr_err_ratelimited("%s: no memory for what is written at sector %llu: remove the disk, or discard what is not needed\n",
				   ram->end.core->name, at / RAM_SECTOR);
	return ret ? VIRTIO_BLK_S_IOERR : VIRTIO_BLK_S_OK;
}

/* Discard and write zeroes: what was discarded reads as zero here. */
static u8 ram_zero(struct ram *ram, struct iov_iter *out, u32 known_flags)
{
	struct virtio_blk_discard_write_zeroes range;
	unsigned int n = iov_iter_count(out) / sizeof(range);
	u64 sector, sectors;

	if (!n || n > RAM_SEGS || iov_iter_count(out) % sizeof(range) ||
	    ram->ro)
		return VIRTIO_BLK_S_IOERR;
	while (n--) {
		if (copy_from_iter(&range, sizeof(range), out) != sizeof(range))
			return VIRTIO_BLK_S_IOERR;
		/* 5.2.6.2 */
		if (le32_to_cpu(range.flags) & ~known_flags)
			return VIRTIO_BLK_S_UNSUPP;
		sector = le64_to_cpu(range.sector);
		sectors = le32_to_cpu(range.num_sectors);
		if (sectors > RAM_RANGE / RAM_SECTOR ||
		    sector > U64_MAX / RAM_SECTOR ||
		    virt_store_zero(&ram->store, sector * RAM_SECTOR,
				    sectors * RAM_SECTOR))
			return VIRTIO_BLK_S_IOERR;
	}
	return VIRTIO_BLK_S_OK;
}

static u8 ram_get_id(struct ram *ram, struct iov_iter *in)
{
	size_t n = min_t(size_t, iov_iter_count(in), sizeof(ram->serial));

	return copy_to_iter(ram->serial, n, in) == n ? VIRTIO_BLK_S_OK :
						       VIRTIO_BLK_S_IOERR;
}

static u8 ram_request(struct ram *ram, struct iov_iter *out,
		      struct iov_iter *in)
{
	struct virtio_blk_outhdr hdr;
	u64 sector;

	if (copy_from_iter(&hdr, sizeof(hdr), out) != sizeof(hdr))
		return VIRTIO_BLK_S_IOERR;
	sector = __virtio64_to_cpu(true, hdr.sector);
	if (sector > U64_MAX / RAM_SECTOR)
		return VIRTIO_BLK_S_IOERR;

	switch (__virtio32_to_cpu(true, hdr.type)) {
	case VIRTIO_BLK_T_IN:
		return ram_read(ram, sector * RAM_SECTOR, in);
	case VIRTIO_BLK_T_OUT:
		return ram_write(ram, sector * RAM_SECTOR, out);
	case VIRTIO_BLK_T_FLUSH:
		return VIRTIO_BLK_S_OK;
	case VIRTIO_BLK_T_GET_ID:
		return ram_get_id(ram, in);
	case VIRTIO_BLK_T_DISCARD:
		return ram_zero(ram, out, 0);
	case VIRTIO_BLK_T_WRITE_ZEROES:
		return ram_zero(ram, out, VIRTIO_BLK_WRITE_ZEROES_FLAG_UNMAP);
	}
	return VIRTIO_BLK_S_UNSUPP;
}

/*
 * 5.2.6: header and data to read, then data to write and a byte of status.
 * Gives how much was written.
 */
static size_t ram_answer(struct ram *ram, struct virt_end_buf *buf)
{
	const struct kvec *last = &buf->in[buf->nr_in - 1];
	u8 *answer = (u8 *)last->iov_base + last->iov_len - 1;
	struct iov_iter out, in;
	u8 status;

	/* As other devices do: the data are left alone, the status counts. */
	if (virt_fault(&ram->end, FAULT_IO_ERROR)) {
		*answer = VIRTIO_BLK_S_IOERR;
		return sizeof(*answer);
	}
	iov_iter_kvec(&out, ITER_SOURCE, buf->out, buf->nr_out, buf->out_len);
	iov_iter_kvec(&in, ITER_DEST, buf->in, buf->nr_in, buf->in_len - 1);
	status = ram_request(ram, &out, &in);
	/* All that is reported as written is written, in an error too. */
	iov_iter_zero(iov_iter_count(&in), &in);
	*answer = status;
	return buf->in_len;
}

static void ram_serve(struct virt_end *end, unsigned int queue)
{
	struct ram *ram = to_ram(end);
	struct virt_end_buf *buf = &ram->buf[queue];
	size_t len;

	while (virt_end_pop(end, queue, buf)) {
		if (!buf->in_len) {
			virt_end_broken(end, "queue %u: request %u has no room for a status",
					queue, buf->head);
			return;
		}
		if (ram->delay)
			fsleep(ram->delay);
		len = ram_answer(ram, buf);
		virt_end_push(end, queue, buf->head, len);
		cond_resched();
	}
}

static void ram_reset(struct virt_end *end)
{
	struct ram *ram = to_ram(end);

	virt_end_config_lock(end);
	ram->config.wce = 1;
	virt_end_config_unlock(end);
}

/* 5.2.5: the driver may switch the write cache, which makes no difference. */
static void ram_config_write(struct virt_end *end, unsigned int offset,
			     const void *data, unsigned int size)
{
	if (offset == offsetof(struct virtio_blk_config, wce) && size == 1)
		to_ram(end)->config.wce = !!*(const u8 *)data;
}

static int ram_resize(struct virt_end *end, u64 bytes, struct virt_why *why)
{
	struct ram *ram = to_ram(end);
	int ret;

	ret = virt_ram_check_size(bytes,
				  __virtio32_to_cpu(true, ram->config.blk_size),
				  why);
	if (ret)
		return ret;
	virt_store_resize(&ram->store, bytes);
	virt_end_config_lock(end);
	ram->config.capacity = __cpu_to_virtio64(true, bytes / RAM_SECTOR);
	virt_end_config_unlock(end);
	virt_end_config_changed(end);
	return 0;
}

static const struct virt_end_ops ram_ops = {
	.reset = ram_reset,
	.serve = ram_serve,
	.config_write = ram_config_write,
	.resize = ram_resize,
};

static void ram_fill_config(struct ram *ram, const struct ram_spec *rs)
{
	unsigned int segs = min_t(unsigned int, rs->size, VIRT_END_SEGS) - 2;
	struct virtio_blk_config *c = &ram->config;

	c->capacity = __cpu_to_virtio64(true, rs->bytes / RAM_SECTOR);
	c->seg_max = __cpu_to_virtio32(true, segs);
	c->blk_size = __cpu_to_virtio32(true, rs->blk_size);
	/* memory comes in pages */
	c->physical_block_exp = ilog2(PAGE_SIZE / rs->blk_size);
	c->min_io_size = __cpu_to_virtio16(true, PAGE_SIZE / rs->blk_size);
	c->wce = 1;
	c->num_queues = __cpu_to_virtio16(true, rs->queues);
	c->max_discard_sectors = __cpu_to_virtio32(true, RAM_RANGE / RAM_SECTOR);
	c->max_discard_seg = __cpu_to_virtio32(true, RAM_SEGS);
	c->discard_sector_alignment =
		__cpu_to_virtio32(true, PAGE_SIZE / RAM_SECTOR);
	c->max_write_zeroes_sectors =
		__cpu_to_virtio32(true, RAM_RANGE / RAM_SECTOR);
	c->max_write_zeroes_seg = __cpu_to_virtio32(true, RAM_SEGS);
	c->write_zeroes_may_unmap = 1;
}

static struct virt_end *ram_create(const struct virt_spec *spec,
				   struct virt_why *why)
{
	const char *serial;
	struct ram_spec rs;
	struct ram *ram;
	int ret;

	ret = virt_ram_parse(spec, &rs, why);
	if (ret)
		return ERR_PTR(ret);
	ram = kvzalloc(struct_size(ram, buf, rs.queues), GFP_KERNEL);
	if (!ram)
		return ERR_PTR(-ENOMEM);

	virt_store_init(&ram->store, rs.bytes);
	ram->delay = rs.delay;
	ram->ro = rs.ro;
	serial = rs.serial ?: spec->name;
	memcpy(ram->serial, serial, strnlen(serial, sizeof(ram->serial)));
	ram_fill_config(ram, &rs);
	ram->end = (struct virt_end) {
		.ops = &ram_ops,
		.type = VIRTIO_ID_BLOCK,
		.features = BIT_ULL(VIRTIO_BLK_F_SEG_MAX) |
			    BIT_ULL(VIRTIO_BLK_F_BLK_SIZE) |
			    BIT_ULL(VIRTIO_BLK_F_FLUSH) |
			    BIT_ULL(VIRTIO_BLK_F_TOPOLOGY) |
			    BIT_ULL(VIRTIO_BLK_F_CONFIG_WCE),
		.nr_queues = rs.queues,
		.queue_size = rs.size,
		.config = &ram->config,
		.config_size = sizeof(ram->config),
	};
	if (rs.queues > 1)
		ram->end.features |= BIT_ULL(VIRTIO_BLK_F_MQ);
	if (rs.ro)
		ram->end.features |= BIT_ULL(VIRTIO_BLK_F_RO);
	else
		ram->end.features |= BIT_ULL(VIRTIO_BLK_F_DISCARD) |
				     BIT_ULL(VIRTIO_BLK_F_WRITE_ZEROES);
	return &ram->end;
}

static void ram_destroy(struct virt_end *end)
{
	struct ram *ram = to_ram(end);

	virt_store_free(&ram->store);
	kvfree(ram);
}

static struct virt_end_backend ram_backend = {
	.name = "ram",
	.owner = THIS_MODULE,
	.create = ram_create,
	.destroy = ram_destroy,
};

int __init virt_end_ram_init(void)
{
	return virt_end_backend_register(&ram_backend);
}

void virt_end_ram_exit(void)
{
	virt_end_backend_unregister(&ram_backend);
}

MODULE_ALIAS("virtbus-end-ram");
