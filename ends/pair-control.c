// SPDX-License-Identifier: GPL-2.0
/*
 * pair-control.c - commands to one end of a cable (virtio 1.2, 5.1.6.5)
 */
#include <linux/etherdevice.h>

#include "pair.h"

static bool set_mac(struct pair *pair, struct iov_iter *out)
{
	u8 mac[ETH_ALEN];

	if (copy_from_iter(mac, sizeof(mac), out) != sizeof(mac) ||
	    !is_valid_ether_addr(mac))
		return false;
	virt_end_config_lock(&pair->end);
	memcpy(pair->config.mac, mac, sizeof(mac));
	virt_end_config_unlock(&pair->end);
	return true;
}

static bool set_pairs(struct pair *pair, struct iov_iter *out)
{
	struct virtio_net_ctrl_mq mq;
	u16 n;

	/* without it the other pairs are not looked at, and packets for them lost */
	if (!(pair->end.core->accepted & BIT_ULL(VIRTIO_NET_F_MQ)) ||
	    copy_from_iter(&mq, sizeof(mq), out) != sizeof(mq))
		return false;
	n = __virtio16_to_cpu(true, mq.virtqueue_pairs);
	if (!n || n > pair->nr_pairs)
		return false;
	WRITE_ONCE(pair->cur_pairs, n);
	return true;
}

static bool obey(struct pair *pair, struct iov_iter *out)
{
	struct virtio_net_ctrl_hdr hdr;

	if (copy_from_iter(&hdr, sizeof(hdr), out) != sizeof(hdr) ||
	    virt_fault(&pair->end, FAULT_IO_ERROR))
		return false;
	if (hdr.class == VIRTIO_NET_CTRL_MAC &&
	    hdr.cmd == VIRTIO_NET_CTRL_MAC_ADDR_SET)
		return set_mac(pair, out);
	if (hdr.class == VIRTIO_NET_CTRL_MQ &&
	    hdr.cmd == VIRTIO_NET_CTRL_MQ_VQ_PAIRS_SET)
		return set_pairs(pair, out);
	return false;
}

/* The driver gives commands. */
void virt_pair_command(struct pair *pair)
{
	unsigned int queue = virt_pair_control_queue(pair);
	struct virt_end_buf *buf = &pair->control;
	struct iov_iter out, in;
	u8 answer;

	while (virt_end_pop(&pair->end, queue, buf)) {
		if (!buf->in_len) {
			virt_end_broken(&pair->end, "queue %u: command %u has no room for an answer",
					queue, buf->head);
			return;
		}
		iov_iter_kvec(&out, ITER_SOURCE, buf->out, buf->nr_out,
			      buf->out_len);
		iov_iter_kvec(&in, ITER_DEST, buf->in, buf->nr_in, buf->in_len);
		answer = obey(pair, &out) ? VIRTIO_NET_OK : VIRTIO_NET_ERR;
		virt_end_push(&pair->end, queue, buf->head,
			      copy_to_iter(&answer, sizeof(answer), &in));
	}
}
