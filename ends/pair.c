// SPDX-License-Identifier: GPL-2.0
/*
 * pair.c - two network cards and the cable between them (virtio 1.2, 5.1)
 *
 *	NAME=pair,PEER[,mac=ADDRESS][,mtu=BYTES][,queues=PAIRS][,size=DESCRIPTORS]
 *
 * What is sent into one end comes out of the other, whose spec says PEER=pair,NAME.
 * The link is up while both exist.
 */
#include <linux/cpumask.h>
#include <linux/etherdevice.h>
#include <linux/jhash.h>
#include <linux/slab.h>

#include "pair.h"

DEFINE_MUTEX(virt_pair_lock);		/* protects the list */
static LIST_HEAD(pairs);

static struct pair *to_pair(struct virt_end *end)
{
	return container_of(end, struct pair, end);
}

/**
 * virt_pair_other() - who is at the other end of the cable?
 * @pair: this end
 *
 * Context: process, under virt_pair_lock.
 * Return: the other end, or NULL: nobody.
 */
struct pair *virt_pair_other(const struct pair *pair)
{
	struct pair *other;

	lockdep_assert_held(&virt_pair_lock);
	list_for_each_entry(other, &pairs, list)
		if (!strcmp(other->name, pair->peer) &&
		    !strcmp(other->peer, pair->name))
			return other;
	return NULL;
}

static void set_link(struct pair *pair, bool up)
{
	u16 status = up ? VIRTIO_NET_S_LINK_UP : 0;

	lockdep_assert_held(&virt_pair_lock);
	if (!READ_ONCE(pair->alive)) {
		pair->config.status = __cpu_to_virtio16(true, status);
		return;
	}
	virt_end_config_lock(&pair->end);
	pair->config.status = __cpu_to_virtio16(true, status);
	virt_end_config_unlock(&pair->end);
	virt_end_config_changed(&pair->end);
}

/* Behind the last pair; without VIRTIO_NET_F_MQ there is one (5.1.2). */
unsigned int virt_pair_control_queue(const struct pair *pair)
{
	return pair->end.core->accepted & BIT_ULL(VIRTIO_NET_F_MQ) ?
	       2 * pair->nr_pairs : 2;
}

static void pair_serve(struct virt_end *end, unsigned int queue)
{
	struct pair *pair = to_pair(end);
	unsigned int control = virt_pair_control_queue(pair);

	if (queue > control)
		return;
	if (queue == control)
		virt_pair_command(pair);
	else if (queue % 2)
		virt_pair_transmit(pair, queue / 2);
	else
		virt_pair_receive(pair, queue / 2);
}

static void pair_reset(struct virt_end *end)
{
	struct pair *pair = to_pair(end);

	WRITE_ONCE(pair->alive, true);
	WRITE_ONCE(pair->cur_pairs, 1);
	virt_pair_lines_reset(pair);
}

static const struct virt_end_ops pair_ops = {
	.reset = pair_reset,
	.serve = pair_serve,
};

/**
 * struct pair_spec - what a spec says
 * @mac: address
 * @mtu: 0: nothing was said
 * @queues: pairs of queues
 * @size: descriptors of each queue
 */
struct pair_spec {
	u8 mac[ETH_ALEN];
	unsigned int mtu;
	unsigned int queues;
	unsigned int size;
};

/* The same for the same name: locally administered, and no multicast. */
static void address_of(const char *name, u8 *mac)
{
	u32 hash = jhash(name, strlen(name), 0);

	mac[0] = 0x02;
	mac[1] = 0x76;
	put_unaligned_be32(hash, mac + 2);
}

static int parse(const struct virt_spec *spec, struct pair_spec *ps,
		 struct virt_why *why)
{
	static const char *const keys[] = {
		"mac", "mtu", "queues", "size", NULL
	};
	const char *mac = virt_spec_key(spec, "mac");

	*ps = (struct pair_spec) {
		.queues = min_t(unsigned int, num_possible_cpus(), PAIR_QUEUES),
		.size = 256,
	};
	address_of(spec->name, ps->mac);
	if (spec->nargs != 1 || !strcmp(spec->args[0], spec->name) ||
	    virt_name_check(spec->args[0], NULL)) {
		virt_why(why, "say who is at the other end of the cable, as in eth1=pair,eth2");
		return -EINVAL;
	}
	if (virt_spec_only_keys(spec, keys, why) ||
	    virt_end_number(spec, "mtu", ETH_MIN_MTU, ETH_MAX_MTU, &ps->mtu,
			    why) ||
	    virt_end_number(spec, "queues", 1, PAIR_QUEUES, &ps->queues,
			    why) ||
	    virt_end_size(spec, 4, &ps->size, why))
		return -EINVAL;
	if (mac && (!mac_pton(mac, ps->mac) || !is_valid_ether_addr(ps->mac))) {
		virt_why(why, "mac=%s: say an address of one card, as in 52:54:00:12:34:56",
			 mac);
		return -EINVAL;
	}
	return 0;
}

static void fill(struct pair *pair, const struct pair_spec *ps)
{
	pair->nr_pairs = ps->queues;
	pair->cur_pairs = 1;
	memcpy(pair->config.mac, ps->mac, ETH_ALEN);
	pair->config.max_virtqueue_pairs = __cpu_to_virtio16(true, ps->queues);
	pair->config.mtu = __cpu_to_virtio16(true, ps->mtu);
	pair->end = (struct virt_end) {
		.ops = &pair_ops,
		.type = VIRTIO_ID_NET,
		.features = BIT_ULL(VIRTIO_NET_F_MAC) |
			    BIT_ULL(VIRTIO_NET_F_STATUS) |
			    BIT_ULL(VIRTIO_NET_F_MRG_RXBUF) |
			    BIT_ULL(VIRTIO_NET_F_CSUM) |
			    BIT_ULL(VIRTIO_NET_F_GUEST_CSUM) |
			    BIT_ULL(VIRTIO_NET_F_HOST_TSO4) |
			    BIT_ULL(VIRTIO_NET_F_HOST_TSO6) |
			    BIT_ULL(VIRTIO_NET_F_HOST_ECN) |
			    BIT_ULL(VIRTIO_NET_F_GUEST_TSO4) |
			    BIT_ULL(VIRTIO_NET_F_GUEST_TSO6) |
			    BIT_ULL(VIRTIO_NET_F_GUEST_ECN) |
			    BIT_ULL(VIRTIO_NET_F_CTRL_VQ) |
			    BIT_ULL(VIRTIO_NET_F_CTRL_MAC_ADDR),
		.nr_queues = 2 * ps->queues + 1,
		.queue_size = ps->size,
		.config = &pair->config,
		.config_size = sizeof(pair->config),
	};
	if (ps->queues > 1)
		pair->end.features |= BIT_ULL(VIRTIO_NET_F_MQ);
	if (ps->mtu)
		pair->end.features |= BIT_ULL(VIRTIO_NET_F_MTU);
}

static struct virt_end *pair_create(const struct virt_spec *spec,
				    struct virt_why *why)
{
	struct pair *pair, *other;
	struct pair_spec ps;
	int ret;

	ret = parse(spec, &ps, why);
	if (ret)
		return ERR_PTR(ret);
	pair = kvzalloc(struct_size(pair, lines, ps.queues), GFP_KERNEL);
	if (!pair)
		return ERR_PTR(-ENOMEM);
	strscpy(pair->name, spec->name, sizeof(pair->name));
	strscpy(pair->peer, spec->args[0], sizeof(pair->peer));
	fill(pair, &ps);
	virt_pair_lines_init(pair);
	mutex_lock(&virt_pair_lock);
	list_add_tail(&pair->list, &pairs);
	other = virt_pair_other(pair);
	if (other) {
		set_link(pair, true);
		set_link(other, true);
	}
	mutex_unlock(&virt_pair_lock);
	return &pair->end;
}

static void pair_destroy(struct virt_end *end)
{
	struct pair *pair = to_pair(end), *other;

	mutex_lock(&virt_pair_lock);
	other = virt_pair_other(pair);
	list_del(&pair->list);
	if (other)
		set_link(other, false);
	mutex_unlock(&virt_pair_lock);
	virt_pair_lines_reset(pair);
	kvfree(pair);
}

static struct virt_end_backend pair_backend = {
	.name = "pair",
	.owner = THIS_MODULE,
	.create = pair_create,
	.destroy = pair_destroy,
};

int __init virt_end_pair_init(void)
{
	return virt_end_backend_register(&pair_backend);
}

void virt_end_pair_exit(void)
{
	virt_end_backend_unregister(&pair_backend);
}

MODULE_ALIAS("virtbus-end-pair");
