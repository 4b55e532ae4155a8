// SPDX-License-Identifier: GPL-2.0
/*
 * state.c - the states of a device and the one way to change them
 *
 *  Initialising -> InitWait -> Initialised -> Connected -> Closing -> Closed
 *       ^                                      ^   |                     |
 *       |                      Reconfiguring <-+-> Frozen                |
 *       +----------------------------------------------------------------+
 *
 *  any but Gone -> Broken (the device end broke the rules)
 *  any -> Gone (no longer there); Broken -> Initialising (reset by a new driver)
 */
#include <linux/kobject.h>

#include "internal.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static const char *const state_names[VIRT_STATES] = {
	[VIRT_INITIALISING] = "Initialising",
	[VIRT_INITWAIT] = "InitWait",
	[VIRT_INITIALISED] = "Initialised",
	[VIRT_CONNECTED] = "Connected",
	[VIRT_RECONFIGURING] = "Reconfiguring",
	[VIRT_RECONFIGURED] = "Reconfigured",
	[VIRT_CLOSING] = "Closing",
	[VIRT_CLOSED] = "Closed",
	[VIRT_FROZEN] = "Frozen",
	[VIRT_BROKEN] = "Broken",
	[VIRT_GONE] = "Gone",
};

#define LOST	(BIT(VIRT_BROKEN) | BIT(VIRT_GONE))

static const u16 next_states[VIRT_STATES] = {
	[VIRT_INITIALISING] = LOST | BIT(VIRT_INITWAIT) | BIT(VIRT_CLOSED),
	[VIRT_INITWAIT] = LOST | BIT(VIRT_INITIALISED) | BIT(VIRT_CLOSED),
	[VIRT_INITIALISED] = LOST | BIT(VIRT_CONNECTED) | BIT(VIRT_CLOSING) |
			     BIT(VIRT_CLOSED),
	[VIRT_CONNECTED] = LOST | BIT(VIRT_RECONFIGURING) | BIT(VIRT_CLOSING) |
			   BIT(VIRT_FROZEN),
	[VIRT_RECONFIGURING] = LOST | BIT(VIRT_RECONFIGURED) |
			       BIT(VIRT_CONNECTED) | BIT(VIRT_CLOSING),
	[VIRT_RECONFIGURED] = LOST | BIT(VIRT_CONNECTED) | BIT(VIRT_CLOSING),
	[VIRT_CLOSING] = LOST | BIT(VIRT_CLOSED),
	[VIRT_CLOSED] = LOST | BIT(VIRT_INITIALISING),
	[VIRT_FROZEN] = LOST | BIT(VIRT_INITWAIT) | BIT(VIRT_CONNECTED) |
			BIT(VIRT_CLOSING),
	[VIRT_BROKEN] = BIT(VIRT_GONE) | BIT(VIRT_INITIALISING),
	[VIRT_GONE] = 0,
};

const char *virt_state_name(enum virt_state state)
{
	return state_names[state];
}

enum virt_state virt_dev_state(const struct virt_dev *vdev)
{
	return READ_ONCE(vdev->core->state);
}
EXPORT_SYMBOL_NS_GPL(virt_dev_state, "VIRTBUS");

int virt_dev_usable(const struct virt_dev *vdev)
{
	switch (virt_dev_state(vdev)) {
	case VIRT_BROKEN:
		return -EIO;
	case VIRT_GONE:
		return -ENODEV;
	default:
		return 0;
	}
}
EXPORT_SYMBOL_NS_GPL(virt_dev_usable, "VIRTBUS");

/* Userspace hears of it from a work item: a device may break in an interrupt. */
void virt_state_work(struct work_struct *work)
{
	struct virt_dev_core *core =
		container_of(work, struct virt_dev_core, state_work);
	u8 untold[ARRAY_SIZE(core->untold)];
	char *env[2] = {};
	char state[40];
	unsigned int i, n;

	spin_lock_irq(&core->state_lock);
	n = core->nr_untold;
	memcpy(untold, core->untold, n);
	core->nr_untold = 0;
	spin_unlock_irq(&core->state_lock);

	env[0] = state;
	for (i = 0; i < n; i++) {
		snprintf(state, sizeof(state), "VIRTBUS_STATE=%s",
			 virt_state_name(untold[i]));
		kobject_uevent_env(&core->vdev.dev.kobj, KOBJ_CHANGE, env);
	}
}

/* When it changes faster than anybody can be told, the last one counts. */
static void tell(struct virt_dev_core *core, enum virt_state state)
{
	if (core->nr_untold == ARRAY_SIZE(core->untold))
		core->nr_untold--;
	core->untold[core->nr_untold++] = state;
	queue_work(virt_bus.wq, &core->state_work);
}

static int walk(struct virt_dev_core *core, enum virt_state to)
{
	enum virt_state from = core->state;

	lockdep_assert_held(&core->state_lock);
	if (!(next_states[from] & BIT(to)))
		return -EINVAL;
	WRITE_ONCE(core->state, to);
	trace_virtbus_state(core->name, state_names[from], state_names[to]);
	if (device_is_registered(&core->vdev.dev))
		tell(core, to);
	return 0;
}

/**
 * virt_state_set() - walk to another state
 * @core: the device
 * @to: where to
 *
 * Call it after the device has agreed, never before.
 *
 * Context: any.
 * Return: 0; -EIO or -ENODEV when the device was lost meanwhile; -EINVAL for a
 * transition that the table does not have, which is a defect of ours.
 */
int virt_state_set(struct virt_dev_core *core, enum virt_state to)
{
	enum virt_state from;
	unsigned long flags;
	int err;

	spin_lock_irqsave(&core->state_lock, flags);
	from = core->state;
	err = walk(core, to);
	if (!err && from == VIRT_BROKEN)
		core->error[0] = '\0';
	spin_unlock_irqrestore(&core->state_lock, flags);

	if (!err)
		return 0;
	if (BIT(from) & LOST)
		return from == VIRT_GONE ? -ENODEV : -EIO;
	WARN_ONCE(1, "virtbus: %s: no way from %s to %s\n", core->name,
		  state_names[from], state_names[to]);
	return err;
}

/**
 * virt_state_lose() - the device is Broken or Gone
 * @core: the device
 * @to: which of the two
 * @error: why it is Broken, or NULL
 *
 * Its queues stop taking buffers at once; virt_lost_work() does the rest. Gone is
 * final: nothing is queued for a device once it is.
 *
 * Context: any.
 * Return: true if this call lost it, false when it was lost before.
 */
bool virt_state_lose(struct virt_dev_core *core, enum virt_state to,
		     const char *error)
{
	unsigned long flags;
	unsigned int i;
	bool done;

	spin_lock_irqsave(&core->state_lock, flags);
	done = core->state != to && !walk(core, to);
	if (done && error)
		strscpy(core->error, error, sizeof(core->error));
	for (i = 0; done && i < core->nr_queues; i++)
		WRITE_ONCE(core->queues[i]->broken, true);
	if (done)
		queue_work(virt_bus.wq, &core->lost_work);
	spin_unlock_irqrestore(&core->state_lock, flags);
	return done;
}
