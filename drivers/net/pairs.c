// SPDX-License-Identifier: GPL-2.0
/*
 * pairs.c - pairs of queues: opening them, and how many are used (virtio 1.2,
 * 5.1.2 and 5.1.6.5.5)
 */
#include <linux/cpumask.h>
#include <linux/slab.h>

#include "net.h"

static const char *const names[] = { "receive", "transmit" };

/* What is wanted of each queue; the control queue is the last. */
static void describe(struct vnet *vnet, struct virt_queue_param *params,
		     char (*text)[20], unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		struct vnet_pair *pair = &vnet->pairs[i / 2];

		snprintf(text[i], sizeof(text[i]), "%s%u", names[i % 2], i / 2);
		params[i].name = text[i];
		params[i].max_segs = 1;
		/* unused, but the control queue comes after them */
		params[i].max_size = 2;
		if (i / 2 >= vnet->nr_pairs)
			continue;
		params[i].max_size = VNET_QUEUE_SIZE;
		if (i % 2) {
			params[i].max_segs = VNET_TX_SEGS;
			params[i].callback = vnet_tx_event;
			params[i].priv = &pair->tx;
		} else {
			params[i].callback = vnet_rx_event;
			params[i].priv = &pair->rx;
		}
	}
	if (n % 2) {
		strscpy(text[n - 1], "control", sizeof(text[n - 1]));
		params[n - 1].max_segs = 2;
		params[n - 1].max_size = 2;
		params[n - 1].callback = vnet_control_event;
		params[n - 1].priv = vnet;
	}
}

static int open_queues(struct vnet *vnet, struct virt_queue **queues,
		       unsigned int n)
{
	struct virt_queue_param *params;
	char (*text)[20];
	int err = -ENOMEM;

	params = kcalloc(n, sizeof(*params), GFP_KERNEL);
	text = kcalloc(n, sizeof(*text), GFP_KERNEL);
	if (params && text) {
		describe(vnet, params, text, n);
		err = virt_queues_open(vnet->vdev, n, params, queues);
		if (err == -ENOENT)
			dev_err(&vnet->vdev->dev, "it does not have the %u queues that it says it has\n",
				n);
	}
	kfree(text);
	kfree(params);
	return err;
}

/* A queue that cannot hold one packet is of no use. */
static int check_pair(struct vnet *vnet, const struct vnet_pair *pair)
{
	if (pair->tx.q->max_segs >= 2)
		return 0;
	dev_err(&vnet->vdev->dev,
		"its queues are too short; give it a larger tx_queue_size on the host\n");
	return -EINVAL;
}

/* All queues of the device, and whose they are. */
static int assign_queues(struct vnet *vnet)
{
	bool control = virt_dev_has(vnet->vdev, VIRTIO_NET_F_CTRL_VQ);
	unsigned int i, n = 2 * vnet->max_pairs + (control ? 1 : 0);
	struct virt_queue **queues;
	int err;

	queues = kcalloc(n, sizeof(*queues), GFP_KERNEL);
	if (!queues)
		return -ENOMEM;
	err = open_queues(vnet, queues, n);
	for (i = 0; !err && i < vnet->nr_pairs; i++) {
		vnet->pairs[i].rx.q = queues[2 * i];
		vnet->pairs[i].tx.q = queues[2 * i + 1];
		err = check_pair(vnet, &vnet->pairs[i]);
	}
	if (!err && control)
		err = vnet_control_init(vnet, queues[n - 1]);
	kfree(queues);
	return err;
}

/**
 * vnet_pairs_open() - open all queues of a device
 * @vnet: the device; @max_pairs and @nr_pairs are set
 *
 * Context: process, may sleep; in probe().
 * Return: 0 or -errno; vnet_pairs_close() frees what there is, in both cases.
 */
int vnet_pairs_open(struct vnet *vnet)
{
	unsigned int i;
	int err;

	vnet->pairs = kvcalloc(vnet->nr_pairs, sizeof(*vnet->pairs),
			       GFP_KERNEL);
	if (!vnet->pairs)
		return -ENOMEM;
	err = assign_queues(vnet);
	for (i = 0; !err && i < vnet->nr_pairs; i++) {
		struct vnet_pair *pair = &vnet->pairs[i];

		pair->rx.vnet = vnet;
		pair->tx.vnet = vnet;
		err = vnet_rx_init(&pair->rx) ?: vnet_tx_init(&pair->tx);
	}
	return err;
}

/**
 * vnet_pairs_reopen() - open them once more: the device has slept
 * @vnet: the device; all of it is off, and nobody has a packet
 *
 * Context: process, may sleep.
 * Return: 0; -EINVAL when a queue has become shorter, or another -errno.
 */
int vnet_pairs_reopen(struct vnet *vnet)
{
	unsigned int i;
	int err;

	err = assign_queues(vnet);
	if (err)
		return err;
	for (i = 0; i < vnet->nr_pairs; i++) {
		const struct vnet_pair *pair = &vnet->pairs[i];

		if (pair->rx.q->slots >= pair->rx.nr_slots &&
		    pair->tx.q->slots >= pair->tx.nr_slots)
			continue;
		dev_err(&vnet->vdev->dev, "its queues have become shorter in its sleep\n");
		return -EINVAL;
	}
	for (i = 0; i < vnet->nr_pairs; i++) {
		vnet_buffers_reset(&vnet->pairs[i].rx);
		virt_queue_events_off(vnet->pairs[i].rx.q);
		vnet_tx_on(&vnet->pairs[i].tx);
	}
	return 0;
}

/* Stops the device, and frees all of it. The interface is gone. */
void vnet_pairs_close(struct vnet *vnet)
{
	unsigned int i;

	virt_dev_stop(vnet->vdev);
	for (i = 0; vnet->pairs && i < vnet->nr_pairs; i++)
		vnet_tx_off(&vnet->pairs[i].tx);
	/* before the pages are freed that the device had */
	virt_queues_close(vnet->vdev);
	for (i = 0; vnet->pairs && i < vnet->nr_pairs; i++) {
		vnet_rx_exit(&vnet->pairs[i].rx);
		vnet_tx_exit(&vnet->pairs[i].tx);
	}
	vnet_control_exit(vnet);
	kvfree(vnet->pairs);
}

/* Each processor transmits on a pair of its own, as far as there are so many, and
 * is called for what comes back on it.
 */
static void spread(struct vnet *vnet)
{
	unsigned int i, cpu;
	cpumask_var_t mask;

	if (!zalloc_cpumask_var(&mask, GFP_KERNEL))
		return;
	for (i = 0; i < vnet->cur_pairs; i++) {
		cpumask_clear(mask);
		for_each_possible_cpu(cpu)
			if (cpu % vnet->cur_pairs == i)
				cpumask_set_cpu(cpu, mask);
		/* hints: without them packets go somewhere else */
		netif_set_xps_queue(vnet->dev, mask, i);
		virt_queue_aim(vnet->pairs[i].rx.q, mask);
		virt_queue_aim(vnet->pairs[i].tx.q, mask);
	}
	free_cpumask_var(mask);
}

/* Tell the device; it uses one pair before it is told anything. */
static int tell(struct vnet *vnet, unsigned int n)
{
	struct virtio_net_ctrl_mq mq = {
		.virtqueue_pairs = __cpu_to_virtio16(true, n),
	};

	if (!virt_dev_has(vnet->vdev, VIRTIO_NET_F_MQ))
		return 0;
	return vnet_command(vnet, VIRTIO_NET_CTRL_MQ,
			    VIRTIO_NET_CTRL_MQ_VQ_PAIRS_SET, &mq, sizeof(mq));
}

/**
 * vnet_pairs_set() - how many pairs are used from now on
 * @vnet: the device
 * @n: how many; from 1 to @vnet->nr_pairs
 *
 * Pairs that are no longer used are looked at until the interface goes down: what
 * they have received already is not lost.
 *
 * Context: process, may sleep; under rtnl.
 * Return: 0, or -errno: nothing has changed then.
 */
int vnet_pairs_set(struct vnet *vnet, unsigned int n)
{
	unsigned int i;
	int err;

	ASSERT_RTNL();
	for (i = vnet->cur_pairs; i < n && netif_running(vnet->dev); i++)
		vnet_rx_on(&vnet->pairs[i].rx);
	err = tell(vnet, n);
	if (!err) {
		err = netif_set_real_num_queues(vnet->dev, n, n);
		/* or packets go to pairs that nobody looks at */
		if (err)
			tell(vnet, vnet->cur_pairs);
	}
	if (err) {
		for (i = vnet->cur_pairs; i < n; i++)
			vnet_rx_off(&vnet->pairs[i].rx);
		return err;
	}
	vnet->cur_pairs = n;
	spread(vnet);
	return 0;
}
