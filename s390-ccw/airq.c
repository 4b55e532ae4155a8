// SPDX-License-Identifier: GPL-2.0
/*
 * airq.c - adapter interrupts (virtio 1.2, 4.3.2.6.3)
 *
 * A bit for each queue, in an area that several devices share; a summary byte
 * for each area; an interrupt when a summary byte was clear. An area has room for
 * more queues than a host gives to a device, and there are as many areas as are
 * needed.
 */
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>
#include <asm/airq.h>
#include <asm/cache.h>
#include <asm/io.h>
#include <asm/irq.h>
#include <asm/tpi.h>

#include "ccw.h"

/* What AIRQ_IV_CACHELINE allows: an area never shares a cache line. */
#define VCCW_AREA_BITS	(L1_CACHE_BYTES * BITS_PER_BYTE)

/* How long a summary byte may be set before its interrupt is given up: two looks. */
#define LOOK	HZ

/**
 * struct vccw_area - indicators that share a summary byte
 * @node: in the list of areas
 * @airq: the handler
 * @iv: the indicators
 * @users: devices that have some of them; areas_lock
 * @irqs: interrupts so far; who counts is not alone, and need not be exact
 * @seen: @irqs when the summary byte was last looked at; of @look_work
 * @was_set: what it was then; of @look_work
 * @look_work: looks for an interrupt that was lost
 * @queue: where each leads
 */
struct vccw_area {
	struct list_head node;
	struct airq_struct airq;
	struct airq_iv *iv;
	unsigned int users;
	unsigned int irqs;
	unsigned int seen;
	bool was_set;
	struct delayed_work look_work;
	struct vccw_queue __rcu *queue[VCCW_AREA_BITS];
};

static LIST_HEAD(areas);
static DEFINE_MUTEX(areas_lock);

static void scan(struct vccw_area *area)
{
	unsigned long bit = 0;
	struct vccw_queue *vq;

	for (;;) {
		bit = airq_iv_scan(area->iv, bit, airq_iv_end(area->iv));
		if (bit == -1UL)
			return;
		vq = rcu_dereference(area->queue[bit]);
		if (vq)
			vccw_queue_event(vq);
		bit++;
	}
}

/* Interrupts are off; on any CPU, on several at once, in an RCU read side section. */
static void handle(struct vccw_area *area)
{
	scan(area);
	/*
	 * The host sets a bit, then the summary, and interrupts us only if the
	 * summary was clear. So the summary is cleared before the last look at
	 * the bits, with a full barrier in between: otherwise a bit set between
	 * the two would wait for the next interrupt.
	 */
	virt_store_mb(*area->airq.lsi_ptr, 0);
	scan(area);
}

static void area_irq(struct airq_struct *airq, struct tpi_info *tpi)
{
	struct vccw_area *area = container_of(airq, struct vccw_area, airq);

	inc_irq_stat(IRQIO_VAI);
	WRITE_ONCE(area->irqs, READ_ONCE(area->irqs) + 1);
	handle(area);
}

/*
 * A host that has lost the interrupt of a summary byte finds it set, and never interrupts
 * anybody of this area again. QEMU's TCG loses those that are pending when the machine goes
 * on in another QEMU.
 */
static void look(struct work_struct *work)
{
	struct vccw_area *area = container_of(to_delayed_work(work),
					      struct vccw_area, look_work);
	bool set = READ_ONCE(*area->airq.lsi_ptr);
	unsigned int irqs = READ_ONCE(area->irqs);
	unsigned long flags;

	if (set && area->was_set && irqs == area->seen) {
		pr_warn_ratelimited("virtbus_ccw: the host has lost an interrupt, as in a migration; what waited for it goes on\n");
		rcu_read_lock();
		local_irq_save(flags);
		handle(area);
		local_irq_restore(flags);
		rcu_read_unlock();
	}
	area->was_set = set;
	area->seen = irqs;
	schedule_delayed_work(&area->look_work, LOOK);
}

static struct vccw_area *area_new(void)
{
	struct vccw_area *area = kvzalloc(sizeof(*area), GFP_KERNEL);

	if (!area)
		return NULL;
	area->iv = airq_iv_create(VCCW_AREA_BITS,
				  AIRQ_IV_ALLOC | AIRQ_IV_CACHELINE, NULL);
	if (!area->iv)
		goto free_area;
	area->airq.handler = area_irq;
	area->airq.isc = VCCW_ISC;
	/* lsi_ptr stays NULL: the summary byte is allocated for us. */
	if (register_adapter_interrupt(&area->airq))
		goto free_iv;
	list_add_tail(&area->node, &areas);
	INIT_DELAYED_WORK(&area->look_work, look);
	schedule_delayed_work(&area->look_work, LOOK);
	return area;

free_iv:
	airq_iv_release(area->iv);
free_area:
	kvfree(area);
	return NULL;
}

static void area_put(struct vccw_area *area)
{
	mutex_lock(&areas_lock);
	if (!--area->users) {
		list_del(&area->node);
		cancel_delayed_work_sync(&area->look_work);
		unregister_adapter_interrupt(&area->airq);
		airq_iv_release(area->iv);
		kvfree(area);
	}
	mutex_unlock(&areas_lock);
}

/* Find room for @nr indicators in one area. */
static struct vccw_area *area_get(unsigned int nr, unsigned long *bit)
{
	struct vccw_area *area;

	mutex_lock(&areas_lock);
	list_for_each_entry(area, &areas, node) {
		*bit = airq_iv_alloc(area->iv, nr);
		if (*bit != -1UL)
			goto found;
	}
	area = area_new();
	if (!area)
		goto out;
	*bit = airq_iv_alloc(area->iv, nr);
found:
	area->users++;
out:
	mutex_unlock(&areas_lock);
	return area;
}

/* @keep: the device may still write there */
static void adapter_free(struct vccw_port *port, bool keep)
{
	struct vccw_events *ev = &port->ev;
	struct vccw_area *area = ev->area;
	unsigned int i;

	for (i = 0; i < ev->nr_queues; i++)
		RCU_INIT_POINTER(area->queue[ev->bit + i], NULL);
	/* The handler runs in an RCU read side section. */
	synchronize_rcu();
	ev->area = NULL;
	if (keep) {
		dev_warn(&port->cdev->dev,
			 "did not let go of its adapter interrupt indicators\n");
		return;
	}
	airq_iv_free(area->iv, ev->bit, ev->nr_queues);
	area_put(area);
}

void vccw_adapter_close(struct vccw_port *port)
{
	u64 summary = virt_to_phys(port->ev.area->airq.lsi_ptr);
	int ret = vccw_set_adapter(port, summary, 0, 0);

	adapter_free(port, ret && !port->quiet && !port->gone);
}

int vccw_adapter_open(struct vccw_port *port)
{
	struct vccw_events *ev = &port->ev;
	unsigned int i;
	int ret;

	if (ev->nr_queues > VCCW_AREA_BITS)
		return -ENOSPC;
	ev->area = area_get(ev->nr_queues, &ev->bit);
	if (!ev->area)
		return -ENOMEM;
	for (i = 0; i < ev->nr_queues; i++)
		rcu_assign_pointer(ev->area->queue[ev->bit + i],
				   &ev->queues[i]);
	ret = vccw_set_adapter(port, virt_to_phys(ev->area->airq.lsi_ptr),
			       virt_to_phys(ev->area->iv->vector), ev->bit);
	if (ret)
		adapter_free(port, !port->quiet && !port->gone);
	return ret;
}

/*
 * What a device keeps that never confirmed a reset: it may write there, but
 * nobody listens any more.
 */
void vccw_adapter_exit(void)
{
	struct vccw_area *area;

	list_for_each_entry(area, &areas, node) {
		cancel_delayed_work_sync(&area->look_work);
		area->airq.flags &= ~AIRQ_PTR_ALLOCATED;
		unregister_adapter_interrupt(&area->airq);
	}
}
