// SPDX-License-Identifier: GPL-2.0
/*
 * channel.c - one channel program at a time, and an end to every one
 *
 * A program ends by its interrupt, by the device's disappearance (which cio may
 * keep from us: we look ourselves), or by a time-out, which stops it with a
 * clear. Only when even the clear brings no interrupt is the shared memory left
 * to the device for ever: it might still write there. The token in the
 * interruption parameter tells a late interrupt from the one that is waited for.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <asm/dma.h>
#include <asm/io.h>
#include <asm/scsw.h>

#include "ccw.h"

/* A host under full load answers in well under a second. */
#define VCCW_TIMEOUT		(10 * HZ)
#define VCCW_CLEAR_TIMEOUT	(2 * HZ)

/* How often one who waits looks whether the device is still there. */
#define VCCW_LOOK		(HZ / 5)

/* So that the parameter of an unsolicited interrupt, 0, is never a token. */
#define VCCW_TOKEN		(0x5642UL << 48)

/* Memory below 2 GB for programs and payloads; the device is enabled. */
int vccw_channel_open(struct vccw_port *port)
{
	struct vccw_channel *ch = &port->ch;

	ch->dma = ccw_device_dma_zalloc(port->cdev, sizeof(*ch->dma), NULL);
	if (!ch->dma)
		return -ENOMEM;
	ch->stuck = false;
	port->quiet = true;
	port->gone = false;
	return 0;
}

/* No program is running and none will be started. */
void vccw_channel_close(struct vccw_port *port)
{
	struct vccw_channel *ch = &port->ch;
	struct vccw_dma *dma = ch->dma;

	spin_lock_irq(get_ccwdev_lock(port->cdev));
	ch->dma = NULL;
	spin_unlock_irq(get_ccwdev_lock(port->cdev));
	if (ch->stuck || !(port->quiet || port->gone)) {
		dev_warn(&port->cdev->dev,
			 "did not confirm a reset: %zu bytes stay reserved for it until the next boot\n",
			 sizeof(*dma));
		return;
	}
	ccw_device_dma_free(port->cdev, dma, sizeof(*dma));
}

static int status_to_errno(struct irb *irb)
{
	if (IS_ERR(irb))
		return PTR_ERR(irb);
	/*
	 * Not started: cio was verifying the path, or the device was busy with
	 * something else. Deferred condition code 3: not operational.
	 */
	if (scsw_cc(&irb->scsw) == 1)
		return -EAGAIN;
	if (scsw_cc(&irb->scsw) == 3)
		return -ENODEV;
	if ((scsw_dstat(&irb->scsw) & DEV_STAT_UNIT_CHECK) &&
	    (irb->ecw[0] & SNS0_CMD_REJECT))
		return -EOPNOTSUPP;
	if (scsw_cc(&irb->scsw) || scsw_cstat(&irb->scsw) ||
	    (scsw_dstat(&irb->scsw) & ~(DEV_STAT_CHN_END | DEV_STAT_DEV_END)))
		return -EIO;
	return 0;
}

static void finish(struct vccw_channel *ch, int result)
{
	if (!ch->busy)
		return;
	ch->busy = false;
	ch->result = result;
	complete(&ch->done);
}

/* Called by the interrupt handler. */
void vccw_channel_irq(struct vccw_port *port, unsigned long token,
		      struct irb *irb)
{
	lockdep_assert_held(get_ccwdev_lock(port->cdev));
	if (token == port->ch.token)
		finish(&port->ch, status_to_errno(irb));
}

/* The device has vanished: no interrupt will come. Twice is harmless. */
void vccw_channel_gone(struct vccw_port *port)
{
	lockdep_assert_held(get_ccwdev_lock(port->cdev));
	finish(&port->ch, -ENODEV);
}

static int start(struct vccw_port *port)
{
	struct vccw_channel *ch = &port->ch;
	int ret;

	spin_lock_irq(get_ccwdev_lock(port->cdev));
	ch->token = VCCW_TOKEN | (u32)(ch->token + 1);
	reinit_completion(&ch->done);
	if (port->gone)
		ret = -ENODEV;
	else
		ret = ccw_device_start(port->cdev, &ch->dma->ccw, ch->token, 0,
				       0);
	ch->busy = !ret;
	spin_unlock_irq(get_ccwdev_lock(port->cdev));
	/*
	 * A subchannel that is not enabled (-EINVAL) or has no path (-EACCES)
	 * is what is left of a device that vanished: we only get here while it
	 * is online.
	 */
	if (ret == -EINVAL || ret == -EACCES)
		ret = -ENODEV;
	return ret;
}

/* Wait for the end of the program that was started; false when the time is up. */
static bool wait_for_end(struct vccw_port *port, unsigned long end)
{
	struct vccw_channel *ch = &port->ch;
	long left;

	while ((left = (long)(end - jiffies)) > 0) {
		if (vccw_subchannel_empty(port->cdev)) {
			spin_lock_irq(get_ccwdev_lock(port->cdev));
			vccw_channel_gone(port);
			spin_unlock_irq(get_ccwdev_lock(port->cdev));
			return true;
		}
		if (wait_for_completion_timeout(&ch->done,
						min_t(long, left, VCCW_LOOK)))
			return true;
	}
	return false;
}

/* The time is up. */
static int stop(struct vccw_port *port)
{
	struct vccw_channel *ch = &port->ch;
	int ret;

	spin_lock_irq(get_ccwdev_lock(port->cdev));
	if (!ch->busy) {
		/* It ended just now. */
		spin_unlock_irq(get_ccwdev_lock(port->cdev));
		return ch->result;
	}
	ret = ccw_device_clear(port->cdev, ch->token);
	spin_unlock_irq(get_ccwdev_lock(port->cdev));

	if (!ret && wait_for_completion_timeout(&ch->done, VCCW_CLEAR_TIMEOUT))
		return ch->result == -ENODEV ? -ENODEV : -ETIMEDOUT;

	spin_lock_irq(get_ccwdev_lock(port->cdev));
	ch->stuck = ch->busy && ret != -ENODEV;
	ch->busy = false;
	spin_unlock_irq(get_ccwdev_lock(port->cdev));
	return ret == -ENODEV ? -ENODEV : -ETIMEDOUT;
}

/**
 * vccw_channel_run() - run a channel program of one command
 * @port: the device; its channel.lock is held
 * @cmd: the command; its payload is in place
 * @count: size of the payload
 *
 * Context: process, sleeps; ends within VCCW_TIMEOUT and VCCW_CLEAR_TIMEOUT.
 * Return: 0; -EOPNOTSUPP when the device rejects the command; -ENODEV when it
 * is gone; -ETIMEDOUT when it does not answer; -EIO for other failures.
 */
int vccw_channel_run(struct vccw_port *port, enum vccw_cmd cmd, size_t count)
{
	struct vccw_channel *ch = &port->ch;
	unsigned long end = jiffies + VCCW_TIMEOUT;
	int ret;

	lockdep_assert_held(&ch->lock);
	if (ch->stuck)
		return -EIO;
	ch->dma->ccw.cmd_code = cmd;
	/* The device's configuration may be shorter than what we ask for. */
	ch->dma->ccw.flags = cmd == VCCW_CMD_READ_CONF ? CCW_FLAG_SLI : 0;
	ch->dma->ccw.count = count;
	ch->dma->ccw.cda = count ? virt_to_dma32(&ch->dma->payload) : 0;

	for (;;) {
		ret = start(port);
		if (!ret) {
			if (wait_for_end(port, end))
				ret = ch->result;
			else
				ret = stop(port);
		}
		/* -EBUSY: an interrupt of the device is on its way to us */
		if (ret != -EBUSY && ret != -EAGAIN)
			break;
		if (vccw_subchannel_empty(port->cdev)) {
			ret = -ENODEV;
			break;
		}
		if (time_after(jiffies, end)) {
			ret = -ETIMEDOUT;
			break;
		}
		usleep_range(50, 200);
	}
	/* cio tells nobody about a device that vanishes on its way online. */
	if (ret == -ENODEV)
		WRITE_ONCE(port->gone, true);
	if (ret == -ETIMEDOUT)
		dev_err(&port->cdev->dev,
			"channel command %#x was not answered in %u s%s\n",
			cmd, VCCW_TIMEOUT / HZ,
			ch->stuck ? " and cannot be stopped: unplug the device on the host" : "");
	return ret;
}
