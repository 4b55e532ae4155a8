// SPDX-License-Identifier: GPL-2.0
/*
 * lost.c - devices that break, vanish, are stopped; and what they say in between
 *
 * A device may be lost in any context. Its queues stop there and then; a work
 * item resets it, so that it cannot touch memory any more, and only then tells
 * the driver to end its requests.
 */
#include <linux/device.h>
#include <linux/kernel.h>

#include "internal.h"
#include "queue_layout.h"

/* Reset; a device that will not is kept from memory by its transport. */
int virt_reset(struct virt_dev_core *core)
{
	const struct virt_transport *transport = core->vdev.transport;
	u8 status = 0;
	long ret;

	lockdep_assert_held(&core->lock);
	core->status = 0;
	if (virt_dev_state(&core->vdev) == VIRT_GONE)
		return -ENODEV;
	ret = transport->transfer(&core->vdev, &status, sizeof(status),
				  VIRT_XFER_WRITE_STATUS);
	if (ret >= 0)
		return 0;
	if (ret == -ENODEV) {
		virt_dev_gone(&core->vdev);
	} else {
		virt_dev_break(&core->vdev,
			       "it does not answer to a reset (error %ld)",
			       ret);
		if (transport->cut)
			transport->cut(&core->vdev);
	}
	return ret;
}

void virt_lost_work(struct work_struct *work)
{
	struct virt_dev_core *core =
		container_of(work, struct virt_dev_core, lost_work);
	struct virt_dev *vdev = &core->vdev;
	bool tell;

	mutex_lock(&core->lock);
	tell = core->ready && !core->stopped && !core->told;
	if (tell) {
		virt_reset(core);
		core->told = true;
	}
	mutex_unlock(&core->lock);

	/* the driver stays: virt_dev_stop() waits for this work */
	if (tell)
		to_virt_driver(vdev->dev.driver)->lost(vdev);
}

void virt_dev_break(struct virt_dev *vdev, const char *fmt, ...)
{
	struct virt_dev_core *core = vdev->core;
	char error[VIRT_WHY_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(error, sizeof(error), fmt, args);
	va_end(args);

	if (!virt_state_lose(core, VIRT_BROKEN, error))
		return;
	dev_err(&vdev->dev,
		"Broken, all I/O fails: %s; unbind and bind, or remove and configure it again\n",
		error);
}
EXPORT_SYMBOL_NS_GPL(virt_dev_break, "VIRTBUS");

void virt_dev_gone(struct virt_dev *vdev)
{
	virt_state_lose(vdev->core, VIRT_GONE, NULL);
}
EXPORT_SYMBOL_NS_GPL(virt_dev_gone, "VIRTBUS_GLUE");

int virt_dev_check(struct virt_dev *vdev)
{
	struct virt_dev_core *core = vdev->core;
	u8 status;
	long ret;

	mutex_lock(&core->lock);
	ret = virt_transfer(core, &status, sizeof(status),
			    VIRT_XFER_READ_STATUS);
	mutex_unlock(&core->lock);
	if (ret < 0)
		return ret;
	if (status & VIRTIO_CONFIG_S_NEEDS_RESET) {
		virt_dev_break(vdev, "it asks to be reset (DEVICE_NEEDS_RESET)");
		return -EIO;
	}
	return 0;
}
EXPORT_SYMBOL_NS_GPL(virt_dev_check, "VIRTBUS");

void virt_dev_config_event(struct virt_dev *vdev)
{
	struct virt_dev_core *core = vdev->core;
	unsigned long flags;

	atomic_inc(&core->config_events);
	spin_lock_irqsave(&core->state_lock, flags);
	if (core->state != VIRT_GONE)
		queue_work(virt_bus.wq, &core->config_work);
	spin_unlock_irqrestore(&core->state_lock, flags);
}
EXPORT_SYMBOL_NS_GPL(virt_dev_config_event, "VIRTBUS_GLUE");

void virt_config_work(struct work_struct *work)
{
	struct virt_dev_core *core =
		container_of(work, struct virt_dev_core, config_work);
	struct virt_dev *vdev = &core->vdev;
	struct virt_driver *vdrv;
	bool tell;

	mutex_lock(&core->lock);
	tell = core->ready && !core->stopped;
	core->config_missed = !core->ready;
	mutex_unlock(&core->lock);

	if (!tell || virt_dev_check(vdev))
		return;
	/* the driver stays: virt_dev_stop() waits for this work */
	vdrv = to_virt_driver(vdev->dev.driver);
	if (vdrv->config_changed)
		vdrv->config_changed(vdev);
}

/*
 * A removal ends in bounded time: 3 s for the requests that are under way, and
 * two for the rest. On a slow machine the rest may take longer, and is no reason
 * to break a device that owes nothing: it is looked at again each second.
 */
#define DEADLINE_SECONDS	3
#define DEADLINE_AGAIN_SECONDS	1

static void deadline_in(struct virt_dev_core *core, unsigned long seconds)
{
	unsigned long flags;

	/* Gone is final: whoever comes late must not queue it once more */
	spin_lock_irqsave(&core->state_lock, flags);
	if (core->state != VIRT_GONE)
		queue_delayed_work(virt_bus.wq, &core->deadline_work,
				   seconds * HZ);
	spin_unlock_irqrestore(&core->state_lock, flags);
}

void virt_deadline_start(struct virt_dev_core *core)
{
	deadline_in(core, DEADLINE_SECONDS);
}

/* Is there a request that the host has not answered? */
static bool owes(struct virt_dev_core *core)
{
	unsigned long flags;
	unsigned int i;
	bool any = false;

	spin_lock_irqsave(&core->state_lock, flags);
	for (i = 0; !any && i < core->nr_queues; i++)
		any = virt_queue_owes(core->queues[i]);
	spin_unlock_irqrestore(&core->state_lock, flags);
	return any;
}

void virt_deadline_work(struct work_struct *work)
{
	struct virt_dev_core *core = container_of(to_delayed_work(work),
						  struct virt_dev_core,
						  deadline_work);

	if (READ_ONCE(core->stopped))
		return;
	if (owes(core))
		virt_dev_break(&core->vdev,
			       "its removal had not ended after %d s, and what the host has not answered is given up",
			       DEADLINE_SECONDS);
	else
		deadline_in(core, DEADLINE_AGAIN_SECONDS);
}

void virt_dev_stop(struct virt_dev *vdev)
{
	struct virt_dev_core *core = vdev->core;
	bool stopped;

	mutex_lock(&core->lock);
	stopped = core->stopped;
	WRITE_ONCE(core->stopped, true);
	mutex_unlock(&core->lock);
	if (stopped)
		return;

	/* with @stopped set they do nothing if they are queued once more */
	cancel_work_sync(&core->lost_work);
	cancel_work_sync(&core->config_work);

	mutex_lock(&core->lock);
	virt_reset(core);
	if (core->events_open)
		vdev->transport->events_close(vdev);
	core->events_open = false;
	core->ready = false;
	mutex_unlock(&core->lock);
}
EXPORT_SYMBOL_NS_GPL(virt_dev_stop, "VIRTBUS");
