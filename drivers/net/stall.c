// SPDX-License-Identifier: GPL-2.0
/*
 * stall.c - packets that the device does not send
 *
 * A host that is slow is waited for as long as the device lives. From time to time
 * somebody looks for an interrupt that was lost, and for a device that is gone or
 * asks to be reset, and tells the admin. The network's own watchdog is not used: it
 * calls a slow host a bug of ours.
 */
#include <linux/module.h>

#include "net.h"

static unsigned int stall_report = 30;
module_param(stall_report, uint, 0444);
MODULE_PARM_DESC(stall_report,
		 "seconds after which packets that are not sent are reported (default 30)");

/* How often somebody looks, when nobody asked for more, in seconds. */
#define LOOK	5U

static unsigned int report_seconds(void)
{
	return clamp(stall_report, 1U, 3600U);
}

static unsigned int interval(void)
{
	return min(report_seconds(), LOOK);
}

static void look(struct vnet_tx *tx)
{
	struct vnet_stats_values values;
	struct vnet *vnet = tx->vnet;
	unsigned int before;

	if (READ_ONCE(tx->nr_free) == tx->nr_slots) {
		tx->waiting = false;
		return;
	}
	vnet_stats_read(&tx->stats, &values);
	/* what was not there last time does not wait for long */
	if (!tx->waiting || values.packets != tx->seen) {
		tx->waiting = true;
		tx->seen = values.packets;
		tx->stalled = 0;
		vnet_tx_look(tx);
		return;
	}
	before = tx->stalled / report_seconds();
	tx->stalled += interval();
	vnet_tx_look(tx);
	/* a device that is gone or wants a reset is dealt with in there */
	if (virt_dev_check(vnet->vdev) ||
	    tx->stalled / report_seconds() == before)
		return;
	dev_warn_ratelimited(&vnet->vdev->dev,
			     "stalled: queue %s waits for the host for %u s and waits on; to give up: echo force > /sys/bus/virtbus/devices/%s/remove\n",
			     tx->q->name, tx->stalled, virt_name(vnet->vdev));
}

static void stall_work(struct work_struct *work)
{
	struct vnet *vnet = container_of(to_delayed_work(work), struct vnet,
					 stall_work);
	unsigned int i;

	for (i = 0; i < vnet->nr_pairs; i++) {
		look(&vnet->pairs[i].tx);
		vnet_rx_look(&vnet->pairs[i].rx);
	}
	schedule_delayed_work(&vnet->stall_work, interval() * HZ);
}

void vnet_stall_init(struct vnet *vnet)
{
	INIT_DELAYED_WORK(&vnet->stall_work, stall_work);
}

/* The interface comes up. Under rtnl. */
void vnet_stall_on(struct vnet *vnet)
{
	schedule_delayed_work(&vnet->stall_work, interval() * HZ);
}

/* The interface goes down. Under rtnl. */
void vnet_stall_off(struct vnet *vnet)
{
	cancel_delayed_work_sync(&vnet->stall_work);
}
