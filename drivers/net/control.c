// SPDX-License-Identifier: GPL-2.0
/*
 * control.c - commands to the device (virtio 1.2, 5.1.6.5)
 *
 * A command and its answer are one buffer. Whoever gives one sleeps until it was
 * answered, and not for ever: a device that does not answer is Broken.
 */
#include "net.h"

/* Far more than any host needs that is alive. */
#define PATIENCE	(5 * HZ)

/* A page: the command, its data, and at its end the answer. */
#define ANSWER		(PAGE_SIZE - 1)
#define DATA_MAX	(ANSWER - sizeof(struct virtio_net_ctrl_hdr))

/* The queue's callback: any context. */
void vnet_control_event(struct virt_queue *q)
{
	struct vnet *vnet = q->priv;

	complete(&vnet->control.done);
}

/* The device is lost: whoever waits need not. */
void vnet_control_fail(struct vnet *vnet)
{
	complete_all(&vnet->control.done);
}

static int wait(struct vnet *vnet)
{
	struct vnet_control *control = &vnet->control;
	unsigned long until = jiffies + PATIENCE;
	unsigned int len;
	int slot;

	for (;;) {
		slot = virt_queue_get(control->q, &len);
		if (slot >= 0)
			return len ? 0 : -EIO;
		if (slot == -EAGAIN && !virt_queue_events_on(control->q))
			continue;
		if (virt_dev_usable(vnet->vdev))
			return virt_dev_usable(vnet->vdev);
		/* once more after the last wait: its event may have been lost */
		if (time_after_eq(jiffies, until)) {
			virt_dev_break(vnet->vdev,
				       "it did not answer a command for %d s",
				       PATIENCE / HZ);
			return -ETIMEDOUT;
		}
		wait_for_completion_timeout(&control->done,
					    max_t(long, until - jiffies, 1));
	}
}

static int give(struct vnet *vnet, size_t len)
{
	struct vnet_control *control = &vnet->control;
	struct scatterlist sg[2];
	int err;

	sg_init_table(sg, ARRAY_SIZE(sg));
	sg_set_buf(&sg[0], control->page, len);
	sg_set_buf(&sg[1], control->page + ANSWER, 1);
	reinit_completion(&control->done);
	err = virt_queue_add(control->q, 0, sg, 1, 1);
	if (err)
		return err;
	if (virt_queue_kick_prepare(control->q))
		virt_queue_notify(control->q);
	return wait(vnet);
}

/**
 * vnet_command() - give the device a command
 * @vnet: the device
 * @class: VIRTIO_NET_CTRL_*
 * @command: of that class
 * @data: what belongs to it
 * @len: its bytes, at most DATA_MAX
 *
 * Context: process, may sleep for PATIENCE.
 * Return: 0; -EOPNOTSUPP without a control queue, -EINVAL when the device refused,
 * -EIO, -ENODEV or -ETIMEDOUT when it is lost, -ENOMEM.
 */
int vnet_command(struct vnet *vnet, u8 class, u8 command, const void *data,
		 size_t len)
{
	struct vnet_control *control = &vnet->control;
	struct virtio_net_ctrl_hdr *hdr;
	u8 *answer;
	int err;

	if (!control->q)
		return -EOPNOTSUPP;
	if (WARN_ON_ONCE(len > DATA_MAX))
		return -EINVAL;
	mutex_lock(&control->lock);
	hdr = control->page;
	hdr->class = class;
	hdr->cmd = command;
	memcpy(hdr + 1, data, len);
	answer = control->page + ANSWER;
	*answer = VIRTIO_NET_ERR;
	err = give(vnet, sizeof(*hdr) + len);
	if (!err && READ_ONCE(*answer) != VIRTIO_NET_OK)
		err = -EINVAL;
	mutex_unlock(&control->lock);
	return err;
}

/* The device's control queue is open: commands may be given when it is ready. */
int vnet_control_init(struct vnet *vnet, struct virt_queue *q)
{
	struct vnet_control *control = &vnet->control;

	if (q->max_segs < 2) {
		dev_err(&vnet->vdev->dev, "its control queue has no room for a command\n");
		return -EINVAL;
	}
	/* a device that has slept has it still */
	if (!control->page)
		control->page = (void *)get_zeroed_page(GFP_KERNEL);
	if (!control->page)
		return -ENOMEM;
	control->q = q;
	return 0;
}

/* The device is silent. */
void vnet_control_exit(struct vnet *vnet)
{
	free_page((unsigned long)vnet->control.page);
}
