// SPDX-License-Identifier: GPL-2.0
/*
 * look.c - for interrupts that were lost
 *
 * Who has a port open waits for as long as the host likes; but not for an interrupt
 * that will not come. From time to time somebody looks.
 */
#include <linux/lockdep.h>

#include "console.h"

#define LOOK	(5 * HZ)

static void look_work(struct work_struct *work)
{
	struct vcon *vcon = container_of(to_delayed_work(work), struct vcon,
					 look_work);
	struct vcon_port *port;
	unsigned int i;

	for (i = 0; i < vcon->nr_ports; i++) {
		port = &vcon->ports[i];
		if (!READ_ONCE(port->opened) && !READ_ONCE(port->kernel))
			continue;
		vcon_tx_event(port->queues[1]);
		vcon_port_input(port);
	}
	if (READ_ONCE(vcon->users))
		schedule_delayed_work(&vcon->look_work,
				      round_jiffies_relative(LOOK));
}

void vcon_look_init(struct vcon *vcon)
{
	INIT_DELAYED_WORK(&vcon->look_work, look_work);
}

/*
 * It has a user: the first one, perhaps. Nobody looks while there is none. A look that
 * just ends and has not seen this user does no harm: it is not pending any more.
 */
void vcon_look_begin(struct vcon *vcon)
{
	lockdep_assert_held(&vcon->use_lock);
	if (vcon->looking && vcon->users)
		schedule_delayed_work(&vcon->look_work,
				      round_jiffies_relative(LOOK));
}

/* The device is ready. */
void vcon_look_on(struct vcon *vcon)
{
	mutex_lock(&vcon->use_lock);
	vcon->looking = true;
	vcon_look_begin(vcon);
	mutex_unlock(&vcon->use_lock);
}

/* Before its queues go. Without vcon_look_on() it is harmless. */
void vcon_look_off(struct vcon *vcon)
{
	mutex_lock(&vcon->use_lock);
	vcon->looking = false;
	mutex_unlock(&vcon->use_lock);
	cancel_delayed_work_sync(&vcon->look_work);
}
