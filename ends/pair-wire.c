// SPDX-License-Identifier: GPL-2.0
/*
 * pair-wire.c - packets from one end of a cable to the other (virtio 1.2, 5.1.6)
 *
 * A packet is taken whole, with its header, and put on the line to one of the other
 * end's receive queues, whose own work item gives it to the driver there. A line that
 * is full drops, as cables do.
 */
#include <linux/slab.h>
#include <net/checksum.h>

#include "pair.h"

/* A line's memory. */
#define LINE_BYTES	SZ_4M

static void drop(struct pair_packet *packet)
{
	kvfree(packet);
}

void virt_pair_lines_init(struct pair *pair)
{
	unsigned int i;

	for (i = 0; i < pair->nr_pairs; i++) {
		mutex_init(&pair->lines[i].lock);
		INIT_LIST_HEAD(&pair->lines[i].packets);
	}
}

/* Nobody serves: what was on its way is lost, and nothing comes any more. */
void virt_pair_lines_reset(struct pair *pair)
{
	struct pair_packet *packet, *next;
	struct pair_line *line;
	unsigned int i;

	for (i = 0; i < pair->nr_pairs; i++) {
		line = &pair->lines[i];
		mutex_lock(&line->lock);
		line->open = false;
		list_for_each_entry_safe(packet, next, &line->packets, list)
			drop(packet);
		INIT_LIST_HEAD(&line->packets);
		line->waiting = 0;
		mutex_unlock(&line->lock);
		if (line->packet)
			drop(line->packet);
		line->packet = NULL;
		line->has_first = false;
	}
}

/* Takes over the packet. */
static bool put(struct pair_line *line, struct pair_packet *packet)
{
	bool ok;

	mutex_lock(&line->lock);
	ok = line->open && line->waiting + packet->len <= LINE_BYTES;
	if (ok) {
		list_add_tail(&packet->list, &line->packets);
		line->waiting += packet->len;
	}
	mutex_unlock(&line->lock);
	if (!ok)
		drop(packet);
	return ok;
}

static void send(struct pair *pair, unsigned int n, struct pair_packet *packet)
{
	struct pair *other;

	mutex_lock(&virt_pair_lock);
	other = virt_pair_other(pair);
	if (!other) {
		drop(packet);
	} else {
		n %= READ_ONCE(other->cur_pairs);
		if (put(&other->lines[n], packet))
			virt_end_kick(&other->end, 2 * n);
	}
	mutex_unlock(&virt_pair_lock);
}

/*
 * Does its header make sense? The driver at the other end is told of no checksum
 * outside of the packet, and of no segments without a size and a checksum (5.1.6.4.1).
 */
static bool sound(const struct pair_packet *packet)
{
	const struct virtio_net_hdr_v1 *hdr = (const void *)packet->bytes;
	size_t at = __virtio16_to_cpu(true, hdr->csum_start) +
		    __virtio16_to_cpu(true, hdr->csum_offset);

	if (!(hdr->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM))
		return hdr->gso_type == VIRTIO_NET_HDR_GSO_NONE;
	return at + sizeof(__sum16) <= packet->len - PAIR_HDR &&
	       (hdr->gso_type == VIRTIO_NET_HDR_GSO_NONE || hdr->gso_size);
}

/* A copy of what the driver sends, or NULL. */
static struct pair_packet *take(const struct virt_end_buf *buf)
{
	struct pair_packet *packet;
	struct iov_iter out;

	if (buf->out_len < PAIR_HDR + ETH_HLEN ||
	    buf->out_len > PAIR_PACKET_MAX)
		return NULL;
	packet = kvmalloc(sizeof(*packet) + buf->out_len, GFP_KERNEL);
	if (!packet)
		return NULL;
	packet->len = buf->out_len;
	iov_iter_kvec(&out, ITER_SOURCE, buf->out, buf->nr_out, buf->out_len);
	if (copy_from_iter(packet->bytes, packet->len, &out) == packet->len &&
	    sound(packet))
		return packet;
	drop(packet);
	return NULL;
}

/* The driver has packets to send in its transmit queue @n. */
void virt_pair_transmit(struct pair *pair, unsigned int n)
{
	struct virt_end_buf *buf = &pair->tx[n];
	struct pair_packet *packet;

	while (virt_end_pop(&pair->end, 2 * n + 1, buf)) {
		packet = take(buf);
		virt_end_push(&pair->end, 2 * n + 1, buf->head, 0);
		if (packet)
			send(pair, n, packet);
		cond_resched();
	}
}

/* Which agreement of the receiver does a packet of this sort need? */
static u64 needed_for(u8 gso_type)
{
	u64 ecn = gso_type & VIRTIO_NET_HDR_GSO_ECN ?
		  BIT_ULL(VIRTIO_NET_F_GUEST_ECN) : 0;

	switch (gso_type & ~VIRTIO_NET_HDR_GSO_ECN) {
	case VIRTIO_NET_HDR_GSO_NONE:
		return ecn ? ~0ULL : 0;
	case VIRTIO_NET_HDR_GSO_TCPV4:
		return BIT_ULL(VIRTIO_NET_F_GUEST_TSO4) | ecn;
	case VIRTIO_NET_HDR_GSO_TCPV6:
		return BIT_ULL(VIRTIO_NET_F_GUEST_TSO6) | ecn;
	default:
		return ~0ULL;
	}
}

/* The sum that the sender left to us, for a receiver that wants it (5.1.6.2). */
static void finish_checksum(struct pair_packet *packet)
{
	struct virtio_net_hdr_v1 *hdr = (void *)packet->bytes;
	size_t start = __virtio16_to_cpu(true, hdr->csum_start);
	size_t at = start + __virtio16_to_cpu(true, hdr->csum_offset);
	size_t len = packet->len - PAIR_HDR;
	u8 *data = packet->bytes + PAIR_HDR;
	__sum16 sum;

	sum = csum_fold(csum_partial(data + start, len - start, 0)) ?:
	      CSUM_MANGLED_0;
	memcpy(data + at, &sum, sizeof(sum));
	hdr->flags &= ~VIRTIO_NET_HDR_F_NEEDS_CSUM;
}

/* May the receiver be given it? Header bits that it did not agree on are cleared. */
static bool suits(const struct pair *pair, struct pair_packet *packet)
{
	struct virtio_net_hdr_v1 *hdr = (void *)packet->bytes;
	u64 accepted = pair->end.core->accepted;

	hdr->flags &= VIRTIO_NET_HDR_F_NEEDS_CSUM;
	if (needed_for(hdr->gso_type) & ~accepted)
		return false;
	if ((hdr->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) &&
	    !(accepted & BIT_ULL(VIRTIO_NET_F_GUEST_CSUM)))
		finish_checksum(packet);
	return true;
}

/* Have the next packet in line->packet; false: there is none. */
static bool next_packet(struct pair *pair, struct pair_line *line)
{
	struct pair_packet *packet;

	while (!line->packet) {
		mutex_lock(&line->lock);
		line->open = true;
		packet = list_first_entry_or_null(&line->packets,
						  struct pair_packet, list);
		if (packet) {
			list_del(&packet->list);
			line->waiting -= packet->len;
		}
		mutex_unlock(&line->lock);
		if (!packet)
			return false;
		if (!suits(pair, packet)) {
			drop(packet);
			continue;
		}
		line->packet = packet;
		line->at = 0;
		line->nr_parts = 0;
	}
	return true;
}

/* Fill one buffer; true when all of the packet is in its buffers. */
static bool fill(struct pair_line *line, const struct virt_end_buf *buf)
{
	size_t len = min(buf->in_len, line->packet->len - line->at);
	struct iov_iter in;

	iov_iter_kvec(&in, ITER_DEST, buf->in, buf->nr_in, buf->in_len);
	len = copy_to_iter(line->packet->bytes + line->at, len, &in);
	line->parts[line->nr_parts] = buf->head;
	line->filled[line->nr_parts++] = len;
	line->at += len;
	return line->at == line->packet->len;
}

/* The driver sees all buffers of a packet, or none (5.1.6.4.2). */
static void show(struct pair *pair, unsigned int queue, struct pair_line *line)
{
	__virtio16 n = __cpu_to_virtio16(true, line->nr_parts);
	struct iov_iter in;
	unsigned int i;

	iov_iter_kvec(&in, ITER_DEST, line->first.in, line->first.nr_in,
		      line->first.in_len);
	iov_iter_advance(&in, offsetof(struct virtio_net_hdr_v1, num_buffers));
	/* there is room: give() has looked */
	if (WARN_ON_ONCE(copy_to_iter(&n, sizeof(n), &in) != sizeof(n)))
		return;
	for (i = 0; i + 1 < line->nr_parts; i++)
		virt_end_push_part(&pair->end, queue, line->parts[i],
				   line->filled[i]);
	virt_end_push(&pair->end, queue, line->parts[i], line->filled[i]);
	line->has_first = false;
}

/* Give it buffer after buffer; false: the driver has no more of them. */
static bool give(struct pair *pair, unsigned int queue, struct pair_line *line)
{
	bool mergeable = pair->end.core->accepted &
			 BIT_ULL(VIRTIO_NET_F_MRG_RXBUF);

	if (!line->has_first) {
		if (!virt_end_pop(&pair->end, queue, &line->first))
			return false;
		line->has_first = true;
	}
	if (line->first.in_len < PAIR_HDR) {
		virt_end_broken(&pair->end, "queue %u: buffer %u has no room for a header",
				queue, line->first.head);
		return false;
	}
	/* without an agreement a packet is in one buffer, or lost */
	if (mergeable || line->first.in_len >= line->packet->len) {
		if (!line->nr_parts && fill(line, &line->first))
			goto done;
		do {
			if (line->nr_parts == PAIR_PARTS) {
				virt_end_broken(&pair->end, "queue %u: a packet has no room in %u buffers",
						queue, PAIR_PARTS);
				return false;
			}
			if (!virt_end_pop(&pair->end, queue, &line->buf))
				return false;
		} while (!fill(line, &line->buf));
done:
		show(pair, queue, line);
	}
	drop(line->packet);
	line->packet = NULL;
	return true;
}

/* There may be packets for receive queue @n, and buffers in it. */
void virt_pair_receive(struct pair *pair, unsigned int n)
{
	struct pair_line *line = &pair->lines[n];

	while (next_packet(pair, line) && give(pair, 2 * n, line))
		cond_resched();
}
