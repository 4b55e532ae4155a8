// SPDX-License-Identifier: GPL-2.0
/*
 * fault.c - a device end that misbehaves on request
 *
 * So that every check of a driver, of the core and of a test can be seen to
 * work. Documentation/faults.rst says what each fault is and what has to happen.
 */
#include <linux/delay.h>
#include <linux/random.h>
#include <linux/sysfs.h>

#include "end.h"

#define STORM		10000U
#define STORM_MAX	100000U
#define DELAY_MS	100

static const char *const names[FAULTS] = {
	[FAULT_ID_RANGE]	 = "id-range",
	[FAULT_ID_WIDE]		 = "id-wide",
	[FAULT_ID_WRONG]	 = "id-wrong",
	[FAULT_ID_REPEAT]	 = "id-repeat",
	[FAULT_REORDER]		 = "reorder",
	[FAULT_LEN_LONG]	 = "len-long",
	[FAULT_LEN_SHORT]	 = "len-short",
	[FAULT_INDEX_JUMP]	 = "index-jump",
	[FAULT_INDEX_BACK]	 = "index-back",
	[FAULT_SILENT]		 = "silent",
	[FAULT_EVENT_LOST]	 = "event-lost",
	[FAULT_DELAY]		 = "delay",
	[FAULT_IO_ERROR]	 = "io-error",
	[FAULT_RESET_STUCK]	 = "reset-stuck",
	[FAULT_FEATURES_REFUSED] = "features-refused",
	[FAULT_NO_VERSION_1]	 = "no-version-1",
	[FAULT_FEATURES_ALL]	 = "features-all",
	[FAULT_CONFIG_LIES]	 = "config-lies",
	[FAULT_CONFIG_ZERO]	 = "config-zero",
	[FAULT_CONFIG_RANDOM]	 = "config-random",
	[FAULT_GONE]		 = "gone",
	[FAULT_NEEDS_RESET]	 = "needs-reset",
	[FAULT_CONFIG_STORM]	 = "config-storm",
	[FAULT_EVENT_STORM]	 = "event-storm",
};

void virt_faults_init(struct virt_faults *faults)
{
	spin_lock_init(&faults->lock);
}

/* Shall this fault strike now? */
bool virt_fault(struct virt_end *end, enum virt_fault fault)
{
	struct virt_faults *faults = &end->core->faults;
	bool strikes;

	if (!test_bit(fault, &faults->armed))
		return false;

	spin_lock(&faults->lock);
	strikes = test_bit(fault, &faults->armed);
	if (strikes) {
		faults->struck[fault]++;
		if (faults->left[fault] && !--faults->left[fault])
			clear_bit(fault, &faults->armed);
	}
	spin_unlock(&faults->lock);
	return strikes;
}

static int fault_parse(const char *text, unsigned int *count,
		       struct virt_why *why)
{
	char name[24], number[24], end;
	unsigned int i;
	int n;

	*count = 0;
	n = sscanf(text, "%23s %23s %c", name, number, &end);
	if (n < 1 || n > 2 ||
	    (n == 2 && (sscanf(number, "%u%c", count, &end) != 1 || !*count))) {
		virt_why(why, "write: NAME [COUNT], or none");
		return -EINVAL;
	}
	if (!strcmp(name, "none"))
		return FAULTS;
	for (i = 0; i < FAULTS; i++)
		if (!strcmp(name, names[i]))
			return i;
	virt_why(why, "no fault \"%s\": Documentation/faults.rst lists them",
		 name);
	return -EINVAL;
}

static void arm(struct virt_faults *faults, int fault, unsigned int count)
{
	spin_lock(&faults->lock);
	if (fault == FAULTS) {
		faults->armed = 0;
	} else {
		faults->left[fault] = count;
		set_bit(fault, &faults->armed);
	}
	spin_unlock(&faults->lock);
}

/* For a device that is being made: nothing may strike yet. */
int virt_fault_arm(struct virt_end *end, const char *text,
		   struct virt_why *why)
{
	unsigned int count;
	int fault = fault_parse(text, &count, why);

	if (fault < 0)
		return fault;
	if (fault >= FAULT_AT_ONCE && fault < FAULTS) {
		virt_why(why, "fault=%s strikes at once: write it to the port once it is made",
			 names[fault]);
		return -EINVAL;
	}
	arm(&end->core->faults, fault, count);
	return 0;
}

static void storm(struct virt_end *end, int fault, unsigned int count)
{
	const struct virt_end_host *host = end->core->host;
	unsigned int i, queue;

	for (i = 0; i < count; i++) {
		if (fault == FAULT_CONFIG_STORM)
			host->config_event(end);
		else
			for (queue = 0; queue < end->nr_queues; queue++)
				host->queue_event(end, queue);
		cond_resched();
	}
}

int virt_end_fault_set(struct virt_end *end, const char *text,
		       struct virt_why *why)
{
	struct virt_end_core *core = end->core;
	unsigned int count;
	int fault = fault_parse(text, &count, why);

	if (fault < 0)
		return fault;
	if (fault >= FAULT_AT_ONCE && fault < FAULTS) {
		spin_lock(&core->faults.lock);
		core->faults.struck[fault]++;
		spin_unlock(&core->faults.lock);
	}
	switch (fault) {
	case FAULT_GONE:
		virt_end_vanish(end);
		break;
	case FAULT_NEEDS_RESET:
		set_bit(0, &core->needs_reset);
		core->host->config_event(end);
		break;
	case FAULT_CONFIG_STORM:
	case FAULT_EVENT_STORM:
		storm(end, fault, min(count ?: STORM, STORM_MAX));
		break;
	default:
		arm(&core->faults, fault, count);
	}
	return 0;
}
EXPORT_SYMBOL_NS_GPL(virt_end_fault_set, "VIRTBUS_END");

int virt_end_fault_show(struct virt_end *end, char *buf)
{
	struct virt_faults *faults = &end->core->faults;
	unsigned int i;
	int len = 0;

	spin_lock(&faults->lock);
	for (i = 0; i < FAULTS; i++) {
		bool armed = test_bit(i, &faults->armed);

		if (!armed && !faults->struck[i])
			continue;
		len += sysfs_emit_at(buf, len, "%s %s", names[i],
				     armed ? "armed" : "off");
		if (armed && faults->left[i])
			len += sysfs_emit_at(buf, len, " for %u",
					     faults->left[i]);
		len += sysfs_emit_at(buf, len, " struck %llu\n",
				     faults->struck[i]);
	}
	spin_unlock(&faults->lock);
	return len ?: sysfs_emit(buf, "none\n");
}
EXPORT_SYMBOL_NS_GPL(virt_end_fault_show, "VIRTBUS_END");

/* What a driver is told of the configuration. */
void virt_fault_config(struct virt_end *end, void *buf, size_t size)
{
	u32 place[2];

	if (virt_fault(end, FAULT_CONFIG_LIES))
		memset(buf, 0xff, size);
	if (virt_fault(end, FAULT_CONFIG_ZERO))
		memset(buf, 0, size);
	/* All of it would be refused for its first nonsense. */
	if (size && virt_fault(end, FAULT_CONFIG_RANDOM)) {
		get_random_bytes(place, sizeof(place));
		place[0] %= size;
		get_random_bytes(buf + place[0], min_t(size_t, size - place[0],
						       1 + place[1] % 8));
	}
}

/* Is a buffer with the device, popped or not? */
static bool outstanding(const struct virt_end_queue *q, unsigned int head)
{
	u16 i, last = virt_end_avail_idx(q);

	if (test_bit(head, q->held))
		return true;
	for (i = q->avail_idx; i != last; i++)
		if (__virtio16_to_cpu(true,
				      READ_ONCE(q->avail->ring[i & (q->size - 1)])) == head)
			return true;
	return false;
}

/* A number that is in range, but no buffer of the device. */
static unsigned int wrong_id(const struct virt_end_queue *q, unsigned int head)
{
	unsigned int id = q->size;

	/* From the end: drivers use the first ones first. */
	while (id--)
		if (id != head && !outstanding(q, id))
			return id;
	return q->size;
}

/* One completion, with whatever is wrong with it. Under q->lock. */
void virt_fault_push(struct virt_end_queue *q, unsigned int head, u32 len)
{
	struct virt_end *end = q->end;
	unsigned int id = head;

	if (virt_fault(end, FAULT_SILENT))
		return;
	if (virt_fault(end, FAULT_DELAY))
		msleep(DELAY_MS);
	/* the parts of a message stay together */
	if (!q->kept && q->used_idx == q->published &&
	    virt_end_avail_idx(q) != q->avail_idx &&
	    virt_fault(end, FAULT_REORDER)) {
		q->kept = true;
		q->kept_head = head;
		q->kept_len = len;
		return;
	}

	if (virt_fault(end, FAULT_LEN_LONG))
		len = q->room[head] + 1;
	if (virt_fault(end, FAULT_LEN_SHORT))
		len = 0;
	if (virt_fault(end, FAULT_ID_RANGE))
		id = q->size;
	if (virt_fault(end, FAULT_ID_WIDE))
		id = head + 0x10000;
	if (virt_fault(end, FAULT_ID_WRONG))
		id = wrong_id(q, head);

	virt_end_queue_put(q, id, len);
	if (virt_fault(end, FAULT_ID_REPEAT))
		virt_end_queue_put(q, id, len);
	if (q->kept) {
		virt_end_queue_put(q, q->kept_head, q->kept_len);
		q->kept = false;
	}
	if (virt_fault(end, FAULT_INDEX_JUMP))
		q->used_idx += 40000;
	/* Behind all that the driver can have seen, wherever it is. */
	if (virt_fault(end, FAULT_INDEX_BACK))
		q->used_idx -= q->size + 2;
	virt_end_queue_publish(q, !virt_fault(end, FAULT_EVENT_LOST));
}
