// SPDX-License-Identifier: GPL-2.0
/*
 * request.c - a request's way to the device and back (virtio 1.2, 5.2.6)
 *
 * A request's tag is its slot in the queue, so submitting takes nothing but the
 * queue's own lock and completing shares no lock with it.
 */
#include <linux/blk-mq.h>
#include <linux/scatterlist.h>

#include "block.h"

static u32 discard_flags(struct request *rq)
{
	if (req_op(rq) == REQ_OP_WRITE_ZEROES &&
	    !(rq->cmd_flags & REQ_NOUNMAP))
		return VIRTIO_BLK_WRITE_ZEROES_FLAG_UNMAP;
	return 0;
}

static blk_status_t fill_header(struct request *rq, struct vblk_req *req)
{
	sector_t sector = 0;
	u32 type;

	switch (req_op(rq)) {
	case REQ_OP_READ:
		type = VIRTIO_BLK_T_IN;
		sector = blk_rq_pos(rq);
		break;
	case REQ_OP_WRITE:
		type = VIRTIO_BLK_T_OUT;
		sector = blk_rq_pos(rq);
		break;
	case REQ_OP_FLUSH:
		type = VIRTIO_BLK_T_FLUSH;
		break;
	case REQ_OP_DISCARD:
		type = VIRTIO_BLK_T_DISCARD;
		break;
	case REQ_OP_WRITE_ZEROES:
		type = VIRTIO_BLK_T_WRITE_ZEROES;
		break;
	case REQ_OP_DRV_IN:
		type = VIRTIO_BLK_T_GET_ID;
		break;
	default:
		return BLK_STS_NOTSUPP;
	}
	req->hdr.type = (__force __virtio32)cpu_to_le32(type);
	req->hdr.ioprio = 0;
	req->hdr.sector = (__force __virtio64)cpu_to_le64(sector);
	req->status = VBLK_S_NONE;
	req->start = jiffies;
	req->reports = 0;
	return BLK_STS_OK;
}

static unsigned int map_data(struct request *rq, struct vblk_req *req,
			     struct scatterlist *sg)
{
	switch (req_op(rq)) {
	case REQ_OP_DISCARD:
	case REQ_OP_WRITE_ZEROES:
		req->range.sector = cpu_to_le64(blk_rq_pos(rq));
		req->range.num_sectors = cpu_to_le32(blk_rq_sectors(rq));
		req->range.flags = cpu_to_le32(discard_flags(rq));
		sg_set_buf(sg, &req->range, sizeof(req->range));
		return 1;
	default:
		if (!blk_rq_nr_phys_segments(rq))
			return 0;
		return compat_rq_map_sg(rq, sg);
	}
}

/* Header, data, status: 5.2.6. Under the queue's submit_lock. */
static int add_request(struct vblk_queue *vq, struct request *rq,
		       struct vblk_req *req)
{
	bool from_device = rq_data_dir(rq) == READ;
	unsigned int data;

	lockdep_assert_held(&vq->submit_lock);
	sg_set_buf(&vq->sg[0], &req->hdr, sizeof(req->hdr));
	data = map_data(rq, req, &vq->sg[1]);
	sg_set_buf(&vq->sg[data + 1], &req->status, sizeof(req->status));

	req->in_len = sizeof(req->status);
	if (data && from_device) {
		req->in_len += blk_rq_bytes(rq);
		return virt_queue_add(vq->q, rq->tag, vq->sg, 1, data + 1);
	}
	return virt_queue_add(vq->q, rq->tag, vq->sg, data + 1, 1);
}

/* From here on the request is the device's, unless this fails. */
static blk_status_t submit(struct vblk_queue *vq, struct request *rq)
{
	struct vblk_req *req = blk_mq_rq_to_pdu(rq);
	blk_status_t status;
	int err;

	status = fill_header(rq, req);
	if (unlikely(status))
		return status;
	blk_mq_start_request(rq);
	err = add_request(vq, rq, req);
	if (unlikely(err))
		return err == -ENOMEM ? BLK_STS_RESOURCE : BLK_STS_IOERR;
	return BLK_STS_OK;
}

static blk_status_t vblk_queue_rq(struct blk_mq_hw_ctx *hctx,
				  const struct blk_mq_queue_data *bd)
{
	struct vblk_queue *vq = hctx->driver_data;
	bool notify = false;
	blk_status_t status;

	spin_lock(&vq->submit_lock);
	status = submit(vq, bd->rq);
	/* after a failure too: earlier ones of the batch may wait for it */
	if (bd->last || status)
		notify = virt_queue_kick_prepare(vq->q);
	spin_unlock(&vq->submit_lock);

	if (notify)
		virt_queue_notify(vq->q);
	return status;
}

static void vblk_commit_rqs(struct blk_mq_hw_ctx *hctx)
{
	struct vblk_queue *vq = hctx->driver_data;
	bool notify;

	spin_lock(&vq->submit_lock);
	notify = virt_queue_kick_prepare(vq->q);
	spin_unlock(&vq->submit_lock);
	if (notify)
		virt_queue_notify(vq->q);
}

/* The requests at the head of the list that are for one queue. */
static void queue_batch(struct vblk_queue *vq, compat_rq_list *list)
{
	struct request *rq;
	bool notify;

	spin_lock(&vq->submit_lock);
	for (rq = rq_list_peek(list); rq && rq->mq_hctx->driver_data == vq;
	     rq = rq_list_peek(list)) {
		rq_list_pop(list);
		/*
		 * What blk-mq itself does on the way to queue_rq(). Who counts requests
		 * reads it meanwhile, and finds this one or none.
		 */
		data_race(rq->mq_hctx->tags->rqs[rq->tag] = rq);
		/* it comes again, alone, and then its error can be returned */
		if (unlikely(submit(vq, rq)))
			blk_mq_requeue_request(rq, true);
	}
	notify = virt_queue_kick_prepare(vq->q);
	spin_unlock(&vq->submit_lock);
	if (notify)
		virt_queue_notify(vq->q);
}

static void vblk_queue_rqs(compat_rq_list *list)
{
	struct request *rq;

	while ((rq = rq_list_peek(list)))
		queue_batch(rq->mq_hctx->driver_data, list);
}

static blk_status_t result_of(struct request *rq)
{
	struct vblk_req *req = blk_mq_rq_to_pdu(rq);

	switch (READ_ONCE(req->status)) {
	case VIRTIO_BLK_S_OK:
		return BLK_STS_OK;
	case VIRTIO_BLK_S_UNSUPP:
		return BLK_STS_NOTSUPP;
	default:
		return BLK_STS_IOERR;
	}
}

static void vblk_complete_rq(struct request *rq)
{
	blk_mq_end_request(rq, result_of(rq));
}

/*
 * Did the device say that the request failed, whatever it says it wrote? Some
 * leave the data alone then and count the byte of status only, which is no lie.
 */
static bool says_failed(const struct vblk_req *req, unsigned int len)
{
	u8 status = READ_ONCE(req->status);

	return len && status != VIRTIO_BLK_S_OK && status != VBLK_S_NONE;
}

/*
 * The device is done with a request. What it did not write is not to be looked
 * at (2.7.8.2): a length too short for an answer that is no error breaks the
 * device, and the request is failed with all others.
 */
static void finish(struct vblk_queue *vq, unsigned int tag, unsigned int len,
		   struct io_comp_batch *batch)
{
	struct request *rq = blk_mq_tag_to_rq(vq->tags, tag);
	struct vblk_req *req = blk_mq_rq_to_pdu(rq);

	if (unlikely(len < req->in_len && !says_failed(req, len))) {
		virt_dev_break(vq->vblk->vdev,
			       "queue %s: the device wrote %u bytes where request %u needs %u",
			       vq->q->name, len, tag, req->in_len);
		return;
	}
	if (blk_mq_complete_request_remote(rq))
		return;
	if (!blk_mq_add_to_batch(rq, batch, result_of(rq) != BLK_STS_OK,
				 blk_mq_end_request_batch))
		vblk_complete_rq(rq);
}

/* Take what is done; the caller ends the batch outside the lock. */
static void drain(struct vblk_queue *vq, struct io_comp_batch *batch)
{
	unsigned int len;
	int tag;

	lockdep_assert_held(&vq->done_lock);
	do {
		virt_queue_events_off(vq->q);
		while ((tag = virt_queue_get(vq->q, &len)) >= 0)
			finish(vq, tag, len, batch);
	} while (!virt_queue_events_on(vq->q));
}

/* The device's call: in an interrupt or with interrupts off. */
void vblk_done(struct virt_queue *q)
{
	struct vblk_queue *vq = q->priv;
	DEFINE_IO_COMP_BATCH(batch);

	spin_lock(&vq->done_lock);
	drain(vq, &batch);
	spin_unlock(&vq->done_lock);
	if (!compat_batch_empty(&batch))
		batch.complete(&batch);
}

/* The same because a timer wonders whether an interrupt was lost. */
void vblk_poll(struct vblk_queue *vq)
{
	DEFINE_IO_COMP_BATCH(batch);
	unsigned long flags;

	spin_lock_irqsave(&vq->done_lock, flags);
	drain(vq, &batch);
	spin_unlock_irqrestore(&vq->done_lock, flags);
	if (!compat_batch_empty(&batch))
		batch.complete(&batch);
}

static bool cancel(struct request *rq, void *unused)
{
	struct vblk_req *req = blk_mq_rq_to_pdu(rq);

	/* one that is ending already is not ours any more */
	if (blk_mq_rq_state(rq) == MQ_RQ_IN_FLIGHT) {
		WRITE_ONCE(req->status, VIRTIO_BLK_S_IOERR);
		blk_mq_complete_request(rq);
	}
	return true;
}

/**
 * vblk_fail_all() - end every request with an error
 * @vblk: the disk; its device is lost and has been reset
 *
 * Context: process. No request is added or taken any more: the queues are
 * broken, quiescing waits for who is adding, the lock for who is taking.
 */
void vblk_fail_all(struct vblk *vblk)
{
	unsigned int i;

	blk_mq_quiesce_queue(vblk->disk->queue);
	for (i = 0; i < vblk->nr_queues; i++) {
		spin_lock_irq(&vblk->queues[i].done_lock);
		spin_unlock_irq(&vblk->queues[i].done_lock);
	}
	virt_queues_take_back(vblk->vdev);
	blk_mq_tagset_busy_iter(&vblk->tags, cancel, NULL);
	blk_mq_tagset_wait_completed_request(&vblk->tags);
	blk_mq_unquiesce_queue(vblk->disk->queue);
}

static enum blk_eh_timer_return vblk_timeout_rq(struct request *rq)
{
	return vblk_timeout(rq, rq->mq_hctx->driver_data);
}

static int vblk_init_hctx(struct blk_mq_hw_ctx *hctx, void *data,
			  unsigned int index)
{
	struct vblk *vblk = data;

	hctx->driver_data = &vblk->queues[index];
	return 0;
}

/* Submit on the queue whose interrupts come to this CPU. */
static void vblk_map_queues(struct blk_mq_tag_set *set)
{
	struct blk_mq_queue_map *map = &set->map[HCTX_TYPE_DEFAULT];
	struct vblk *vblk = set->driver_data;
	unsigned int i, cpu;

	blk_mq_map_queues(map);
	for (i = 0; i < map->nr_queues; i++) {
		const struct cpumask *cpus =
			virt_queue_cpus(vblk->queues[i].q);

		if (!cpus)
			continue;
		for_each_cpu(cpu, cpus)
			map->mq_map[cpu] = map->queue_offset + i;
	}
}

const struct blk_mq_ops vblk_mq_ops = {
	.queue_rq = vblk_queue_rq,
	.commit_rqs = vblk_commit_rqs,
	.queue_rqs = vblk_queue_rqs,
	.complete = vblk_complete_rq,
	.timeout = vblk_timeout_rq,
	.init_hctx = vblk_init_hctx,
	.map_queues = vblk_map_queues,
};
