// SPDX-License-Identifier: GPL-2.0
/*
 * A driver that lies to one end of a cable: LIES= times, in every way we know.
 *
 * At the other end there is an honest one. It sends, so that the liar's receive queues
 * are looked at too; and whatever is sent to it, it gets packets that follow virtio
 * 1.2, 5.1.6.4, or none.
 */
#include <linux/etherdevice.h>

#include "liar.h"
#include "pair.h"

#define LIES		40000
#define HONEST_SIZE	128
#define ANSWERS		(LIAR_ROM - 128)	/* no packet is written there */
#define RX		0
#define TX		1

enum {
	LIE_HEADER = LIES_OF_QUEUES,
	LIE_PACKET,
	LIE_SMALL_BUFFERS,
	LIE_WRONG_WAY,
	LIE_COMMAND,
	LIE_COMMAND_LENGTH,
	LIE_COMMAND_DATA,
	LIES_IN_ALL
};

static const char *const names[] = {
	LIAR_NAMES,
	"a packet's header", "a packet's length", "small buffers",
	"the wrong way", "a command", "a command's length", "a command's data",
	NULL
};

static const char *const reasons[] = {
	LIAR_REASONS, "made available twice",
	/* from here on: of a buffer that is sound */
	"has no room for a header", "a packet has no room in ",
	"has no room for an answer", NULL
};

#define OWN_REASONS	15

static struct liar both[2];
static struct liar *const liar = &both[0], *const honest = &both[1];
static struct virtio_net_config config;	/* of the liar's end, as it must be */
static bool commands_are_sound;
static u64 packets;			/* that the honest one got */

static struct pair *pair_of(const struct liar *l)
{
	return container_of(l->end, struct pair, end);
}

/* --- the honest one */

/* a place for each head's header; the rest is the same place for all */
static u64 header_of(unsigned int head)
{
	return LIAR_OUT + 16 * head;
}

static void honest_buffers(void)
{
	struct liar_queue *q = &honest->queue[RX];
	unsigned int head;

	for (head = 0; head < HONEST_SIZE; head += 2) {
		struct liar_seg seg[2] = {
			{ header_of(head), PAIR_HDR, true },
			{ LIAR_IN, 2048, true },
		};

		if (q->with_device[head])
			continue;
		liar_offer(honest, q, head, seg, 2);
		liar_add(q, head);
	}
}

static void honest_sends(void)
{
	struct liar_queue *q = &honest->queue[TX];
	unsigned int n = random_below(3), head;

	while (n-- && liar_free_head(q, &head)) {
		struct liar_seg seg[3] = {
			/* what it got last has a sound header, or is 0 */
			{ header_of(HONEST_SIZE), PAIR_HDR, false },
			{ LIAR_IN, 14 + random_below(64), false },
			{ LIAR_IN, 1 + random_below(2048), false },
		};

		liar_offer(honest, q, head, seg, 1 + 1 + random_below(2));
		liar_add(q, head);
	}
}

static void start_honest(void)
{
	static const u64 without[] = {
		0, 0, BIT_ULL(VIRTIO_NET_F_MRG_RXBUF),
		BIT_ULL(VIRTIO_NET_F_GUEST_TSO4) |
			BIT_ULL(VIRTIO_NET_F_GUEST_ECN),
		BIT_ULL(VIRTIO_NET_F_GUEST_TSO4) |
			BIT_ULL(VIRTIO_NET_F_GUEST_TSO6) |
			BIT_ULL(VIRTIO_NET_F_GUEST_ECN) |
			BIT_ULL(VIRTIO_NET_F_GUEST_CSUM),
	};

	/* no tables: so many heads would share them */
	liar_start(honest, ~(without[random_below(ARRAY_SIZE(without))] |
			     BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC)),
		   HONEST_SIZE);
	honest->queue[RX].stride = 2;
	honest->queue[TX].stride = 4;
}

static bool agreed(const struct liar *l, unsigned int feature)
{
	return l->features & BIT_ULL(feature);
}

/* 5.1.6.4.1 */
static void check_header(const struct virtio_net_hdr_v1 *hdr, u64 len)
{
	unsigned int start = le16_to_cpu(hdr->csum_start);
	unsigned int offset = le16_to_cpu(hdr->csum_offset);
	u8 type = hdr->gso_type & ~VIRTIO_NET_HDR_GSO_ECN;

	CHECK(!(hdr->flags & ~VIRTIO_NET_HDR_F_NEEDS_CSUM));
	if (hdr->flags) {
		CHECK(agreed(honest, VIRTIO_NET_F_GUEST_CSUM));
		CHECK(start + offset + 2 <= len - PAIR_HDR);
	}
	if (hdr->gso_type == VIRTIO_NET_HDR_GSO_NONE)
		return;
	CHECK((type == VIRTIO_NET_HDR_GSO_TCPV4 &&
	       agreed(honest, VIRTIO_NET_F_GUEST_TSO4)) ||
	      (type == VIRTIO_NET_HDR_GSO_TCPV6 &&
	       agreed(honest, VIRTIO_NET_F_GUEST_TSO6)));
	CHECK(!(hdr->gso_type & VIRTIO_NET_HDR_GSO_ECN) ||
	      agreed(honest, VIRTIO_NET_F_GUEST_ECN));
	CHECK(hdr->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM);
	CHECK(hdr->gso_size);
}

/* The buffers of a packet come together, and all but the last one are full. */
static void honest_got(struct liar *l, unsigned int queue, unsigned int head,
		       u32 len)
{
	static struct virtio_net_hdr_v1 hdr;
	static unsigned int left;
	static u64 total;
	u16 waiting = le16_to_cpu(l->queue[RX].used->idx) -
		      l->queue[RX].used_idx;

	if (queue != RX)
		return;
	if (!left) {
		CHECK(len >= PAIR_HDR + ETH_HLEN);
		memcpy(&hdr, liar_mem(l, header_of(head)), PAIR_HDR);
		left = le16_to_cpu(hdr.num_buffers);
		CHECK(left && (left == 1 ||
			       agreed(l, VIRTIO_NET_F_MRG_RXBUF)));
		CHECK(left - 1 <= waiting);
		total = 0;
		packets++;
	}
	total += len;
	if (--left)
		CHECK_EQ(len, l->queue[RX].offer[head].in);
	else
		check_header(&hdr, total);
}

/* --- the liar */

static unsigned int control_queue(void)
{
	return agreed(liar, VIRTIO_NET_F_MQ) ? 2 * pair_of(liar)->nr_pairs : 2;
}

/* In a long queue several have the same place for their answers. */
static bool commands_are_known(void)
{
	return commands_are_sound &&
	       liar->queue[control_queue()].size <= LIAR_TABLE;
}

/* 5.1.6.5: what the device must have answered, and what it must have done */
static void check_command(const struct liar_offer *o)
{
	unsigned int n = o->bytes[2] | o->bytes[3] << 8;
	u8 answer = *(u8 *)liar_mem(liar, o->answer);
	bool ok = false;

	if (o->bytes[0] == VIRTIO_NET_CTRL_MAC &&
	    o->bytes[1] == VIRTIO_NET_CTRL_MAC_ADDR_SET && o->out >= 8) {
		ok = is_valid_ether_addr(o->bytes + 2);
		if (ok)
			memcpy(config.mac, o->bytes + 2, ETH_ALEN);
	} else if (o->bytes[0] == VIRTIO_NET_CTRL_MQ &&
		   o->bytes[1] == VIRTIO_NET_CTRL_MQ_VQ_PAIRS_SET &&
		   o->out >= 4) {
		ok = agreed(liar, VIRTIO_NET_F_MQ) && n &&
		     n <= pair_of(liar)->nr_pairs;
	}
	if (answer != (ok ? VIRTIO_NET_OK : VIRTIO_NET_ERR))
		FAIL("%u to command %u of class %u, whose data begin with %u and %u",
		     answer, o->bytes[1], o->bytes[0], o->bytes[2],
		     o->bytes[3]);
}

static void liar_got(struct liar *l, unsigned int queue, unsigned int head,
		     u32 len)
{
	if (queue == control_queue()) {
		CHECK_EQ(len, 1);
		if (commands_are_known())
			check_command(&l->queue[queue].offer[head]);
	} else if (queue % 2) {
		CHECK_EQ(len, 0);
	}
}

static void start_liar(unsigned int size)
{
	liar_start(liar, random_below(2) ? ~0ULL :
		   ~(BIT_ULL(VIRTIO_NET_F_MRG_RXBUF) * random_below(2) |
		     BIT_ULL(VIRTIO_NET_F_MQ) * random_below(2) |
		     BIT_ULL(VIRTIO_NET_F_GUEST_CSUM) * random_below(2)), size);
	liar->on_used = liar_got;
}

static u64 place_of(unsigned int head)
{
	return LIAR_OUT + head % 16 * 64;
}

static void write_header(unsigned int head)
{
	struct virtio_net_hdr_v1 *hdr = liar_mem(liar, place_of(head));

	*hdr = (struct virtio_net_hdr_v1) { };
	if (random_below(2))
		return;
	hdr->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	hdr->csum_start = cpu_to_le16(random_below(8));
	hdr->csum_offset = cpu_to_le16(random_below(5));
	if (random_below(2))
		return;
	hdr->gso_type = random_below(2) ? VIRTIO_NET_HDR_GSO_TCPV4 :
					  VIRTIO_NET_HDR_GSO_TCPV6;
	hdr->gso_size = cpu_to_le16(1 + random_below(9000));
}

static unsigned int packet(unsigned int head, struct liar_seg *seg)
{
	unsigned int n = 2 + random_below(2), i;

	write_header(head);
	seg[0] = (struct liar_seg) { place_of(head), PAIR_HDR, false };
	for (i = 1; i < n; i++)
		seg[i] = (struct liar_seg) { LIAR_OUT + 1024,
			ETH_HLEN + random_below(random_below(8) ? 100 : 3000) };
	return n;
}

static unsigned int room(struct liar_seg *seg)
{
	unsigned int n = 1 + random_below(3), i;

	for (i = 0; i < n; i++)
		seg[i] = (struct liar_seg) { LIAR_IN,
			PAIR_HDR + random_below(2048), true };
	return n;
}

static unsigned int command(unsigned int head, struct liar_seg *seg,
			    unsigned int lie)
{
	static const u8 known[][2] = {
		{ VIRTIO_NET_CTRL_MAC, VIRTIO_NET_CTRL_MAC_ADDR_SET },
		{ VIRTIO_NET_CTRL_MQ, VIRTIO_NET_CTRL_MQ_VQ_PAIRS_SET },
	};
	u8 *bytes = liar_mem(liar, place_of(head));
	unsigned int which = random_below(ARRAY_SIZE(known)), i;
	u32 len = which ? 4 : 8;

	memcpy(bytes, known[which], 2);
	for (i = 2; i < 32; i++)
		bytes[i] = lie == LIE_COMMAND_DATA ? random_u64() : 1 - i % 2;
	bytes[2] = which ? 1 : 2;
	/* a number near that of the pairs, or the start of an odd address */
	if (lie == LIE_COMMAND_DATA && random_below(2)) {
		bytes[2] = random_below(5);
		bytes[3] = 0;
	}
	if (lie == LIE_COMMAND)
		bytes[random_below(2)] = random_below(2) ? random_u64() :
							   random_below(6);
	if (lie == LIE_COMMAND_LENGTH)
		len = 1 + random_below(random_below(2) ? 12 : 3000);
	i = random_below(len);
	if (!i)
		i = len;
	seg[0] = (struct liar_seg) { place_of(head), i };
	seg[1] = (struct liar_seg) { place_of(head) + i, len - i };
	seg[i < len ? 2 : 1] = (struct liar_seg) { ANSWERS + 8 * (head % 16),
		1 + random_below(8), true };
	return i < len ? 3 : 2;
}

/* A buffer as it should be, but for @lie. */
static bool offer(unsigned int nr, unsigned int *head, unsigned int lie)
{
	struct liar_queue *q = &liar->queue[nr];
	struct liar_seg seg[LIAR_TABLE];
	unsigned int n;

	if (!liar_free_head(q, head))
		return false;
	if (nr == control_queue())
		n = command(*head, seg, lie);
	else
		n = nr % 2 ? packet(*head, seg) : room(seg);
	liar_offer(liar, q, *head, seg, n);
	return true;
}

static void random_header(unsigned int head)
{
	u8 *bytes = liar_mem(liar, place_of(head));
	unsigned int n;

	for (n = 1 + random_below(3); n; n--)
		bytes[random_below(PAIR_HDR)] = random_below(2) ? random_u64() :
						random_below(8);
}

/* None at all, no Ethernet header, or more than a packet may have */
static void odd_packet(struct liar_queue *q, unsigned int head)
{
	struct liar_seg seg[LIAR_TABLE];
	unsigned int n = random_below(2) ? LIAR_TABLE : 1 + random_below(3), i;

	write_header(head);
	for (i = 0; i < n; i++)
		seg[i] = (struct liar_seg) { place_of(head),
			n == LIAR_TABLE ? 4000 + random_below(300) :
					  1 + random_below(20) };
	liar_offer(liar, q, head, seg, n);
}

/* The longest queue, full of next to no room */
static void small_buffers(void)
{
	struct liar_seg seg = { LIAR_IN, 1 + random_below(20), true };
	struct liar_queue *q;
	unsigned int head;

	start_liar(random_below(2) ? LIAR_DESCS : 0);
	q = &liar->queue[RX];
	q->stride = 1;
	while (liar_free_head(q, &head)) {
		liar_offer(liar, q, head, &seg, 1);
		liar_add(q, head);
		seg.len = random_below(4) ? PAIR_HDR : 1 + random_below(20);
	}
}

static void wrong_way(unsigned int nr, unsigned int head)
{
	struct liar_seg seg = { LIAR_OUT + 2048, 1 + random_below(64),
				nr % 2 };

	liar_offer(liar, &liar->queue[nr], head, &seg, 1);
}

static void tell(unsigned int lie)
{
	unsigned int nr = random_below(3), head;
	struct liar_queue *q;
	bool new;

	if (lie == LIE_CONTROL_SIDE) {
		liar_control_side(liar);
		return;
	}
	if (lie == LIE_SMALL_BUFFERS) {
		small_buffers();
		return;
	}
	if (lie == LIE_HEADER || lie == LIE_PACKET)
		nr = TX;
	if (nr == 2 || (lie >= LIE_COMMAND && lie <= LIE_COMMAND_DATA))
		nr = control_queue();
	q = &liar->queue[nr];
	new = offer(nr, &head, lie);
	if (new && lie == LIE_HEADER)
		random_header(head);
	else if (new && lie == LIE_PACKET)
		odd_packet(q, head);
	else if (new && lie == LIE_WRONG_WAY)
		wrong_way(nr, head);
	else
		liar_mutate(liar, q, head, lie);
	if (new)
		liar_add(q, head);
	liar_mutate_ring(liar, q, head, lie);
}

/* --- both */

static void open_cable(void)
{
	static const char *const specs[] = {
		"eth1=pair,eth2,queues=1", "eth1=pair,eth2,queues=1,size=4",
		"eth1=pair,eth2,queues=1,indirect=0",
		"eth1=pair,eth2,queues=1,event_idx=0,mtu=1400",
		"eth1=pair,eth2,queues=2",
	};

	liar_make(liar, specs[random_below(ARRAY_SIZE(specs))]);
	liar_make(honest, "eth2=pair,eth1,queues=1");
	honest->on_used = honest_got;
	memcpy(&config, liar->end->config, sizeof(config));
	start_honest();
	start_liar(0);
	config.status = cpu_to_le16(VIRTIO_NET_S_LINK_UP);
}

static void close_cable(void)
{
	liar_destroy(liar);
	liar_destroy(honest);
}

static void some_honest_work(unsigned int lie)
{
	unsigned int i, n, head;

	honest_buffers();
	honest_sends();
	for (i = 0; i < 3; i++)
		for (n = lie == LIE_SMALL_BUFFERS ? 0 : random_below(3); n; n--)
			if (offer(i == 2 ? control_queue() : i, &head, 0))
				liar_add(&liar->queue[i == 2 ? control_queue() :
						      i], head);
}

/* Whatever was said of the card, and whatever could be done is done. */
static void check_end(unsigned int control)
{
	struct pair *pair = pair_of(liar);

	CHECK(pair->cur_pairs >= 1 && pair->cur_pairs <= pair->nr_pairs);
	CHECK(pair->cur_pairs == 1 || agreed(liar, VIRTIO_NET_F_MQ));
	if (!commands_are_known() || liar->unknown)
		memcpy(config.mac, pair->config.mac, ETH_ALEN);
	CHECK(is_valid_ether_addr(config.mac));
	CHECK(!memcmp(&config, &pair->config, sizeof(config)));
	if (liar_broken(liar) || liar->unknown)
		return;
	CHECK_EQ(liar->queue[TX].popped, liar->queue[TX].avail_idx);
	CHECK_EQ(liar->queue[control].popped, liar->queue[control].avail_idx);
}

static void one_lie(unsigned int lie)
{
	unsigned int i;
	bool broken;

	if (lie == LIE_FEATURES) {
		liar_odd_features(liar);
		start_liar(0);
	}
	if (lie == LIE_WHILE_READ && !liar_is_plain(liar))
		start_liar(4u << random_below(2));
	/* what was mutated may be read and written at once */
	commands_are_sound = lie > LIES_OF_QUEUES && !liar->unsound &&
			     lie != LIE_WRONG_WAY;
	some_honest_work(lie);
	tell(lie);
	for (i = 0; i < liar->nr_queues; i++)
		virt_end_kick(liar->end, i);
	for (i = 0; i < honest->nr_queues; i++)
		virt_end_kick(honest->end, i);
	liar_run(both, 2);
	broken = liar_judge(liar, lie);
	/* and the other one has nothing to do with it */
	CHECK(!liar_judge(honest, lie));
	check_end(control_queue());
	if (broken || liar->unknown)
		start_liar(0);
}

TEST(lies)
{
	static const struct liar_proof proof = {
		.lies = LIES,
		.kinds = LIES_IN_ALL,
		.open = open_cable,
		.tell = one_lie,
		.close = close_cable,
	};

	score.names = names;
	score.reasons = reasons;
	score.own_reasons = OWN_REASONS;
	CHECK_EQ(virt_end_pair_init(), 0);
	liar_prove(&proof);
	test_note("%9llu packets for the honest one", packets);
	CHECK(packets > score.taken / 10);
}
