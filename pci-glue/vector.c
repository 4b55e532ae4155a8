// SPDX-License-Identifier: GPL-2.0
/*
 * vector.c - how the device calls: interrupts, from the best to the last resort
 *
 * MSI-X with a vector for each queue, as far as there are vectors: the last one
 * is shared by the queues that are left. MSI-X with one for all queues; the old
 * interrupt line. A device may refuse a vector when it is told of it (virtio 1.2,
 * 4.1.5.1.2.1), so all of that happens here, before the first queue is enabled,
 * and a refusal leads to the next step.
 */
#include <linux/interrupt.h>
#include <linux/slab.h>

#include "pci.h"

#define VPCI_ISR_QUEUE		0x1

static irqreturn_t config_irq(int irq, void *data)
{
	struct vpci_vector *vector = data;

	virt_dev_config_event(vector->vdev);
	return IRQ_HANDLED;
}

/*
 * The message was for us whether or not there was work: a poller may have been
 * faster, and "nobody cared" would be wrong.
 */
static irqreturn_t queue_irq(int irq, void *data)
{
	struct vpci_vector *vector = data;
	/* pairs with smp_store_release() in vpci_vector_queue() */
	struct virt_queue *q = smp_load_acquire(&vector->queue);

	if (q)
		virt_queue_event(q);
	return IRQ_HANDLED;
}

static irqreturn_t queues_irq(int irq, void *data)
{
	struct vpci_vector *vector = data;

	virt_dev_queue_events(vector->vdev, vector->first);
	return IRQ_HANDLED;
}

/* Reading the status takes the line back; all ones: the device has vanished. */
static irqreturn_t line_irq(int irq, void *data)
{
	struct virt_dev *vdev = data;
	u8 isr = vpci_read8(to_vpci(vdev)->isr);

	if (!isr || isr == 0xff)
		return IRQ_NONE;
	if (isr & VIRTIO_PCI_ISR_CONFIG)
		virt_dev_config_event(vdev);
	if (isr & VPCI_ISR_QUEUE)
		virt_dev_queue_events(vdev, 0);
	return IRQ_HANDLED;
}

/* The device says VIRTIO_MSI_NO_VECTOR when it has no room for one more. */
static bool set_config_vector(struct vpci *vp, u16 vector)
{
	vpci_write16(vector, &vp->common->msix_config);
	return vpci_read16(&vp->common->msix_config) == vector;
}

static bool set_queue_vector(struct vpci *vp, u16 queue, u16 vector)
{
	vpci_write16(queue, &vp->common->queue_select);
	vpci_write16(vector, &vp->common->queue_msix_vector);
	return vpci_read16(&vp->common->queue_msix_vector) == vector;
}

/* Vector 0 is the configuration's. */
static unsigned int vector_of(const struct vpci *vp, unsigned int queue)
{
	return min(queue + 1, vp->nr_vectors - 1);
}

static int tell_vectors(struct vpci *vp)
{
	unsigned int i;

	if (!set_config_vector(vp, 0))
		return -ENOSPC;
	for (i = 0; i < vp->nr_queues; i++)
		if (!set_queue_vector(vp, i, vector_of(vp, i)))
			return -ENOSPC;
	return 0;
}

static void untell_vectors(struct vpci *vp)
{
	unsigned int i;

	set_config_vector(vp, VIRTIO_MSI_NO_VECTOR);
	for (i = 0; i < vp->nr_queues; i++)
		set_queue_vector(vp, i, VIRTIO_MSI_NO_VECTOR);
}

/* What the vector is for, and who handles it; @n vectors in all. */
static irq_handler_t name_vector(struct vpci *vp, struct vpci_vector *vector,
				 unsigned int i, unsigned int n)
{
	const char *name = virt_name(vector->vdev);
	size_t size = sizeof(vector->name);

	if (!i) {
		snprintf(vector->name, size, "%s-config", name);
		return config_irq;
	}
	vector->first = i - 1;
	if (i < n - 1 || i == vp->nr_queues) {
		snprintf(vector->name, size, "%s-queue%u", name, i - 1);
		return queue_irq;
	}
	vector->shared = true;
	if (i == 1)
		snprintf(vector->name, size, "%s-queues", name);
	else
		snprintf(vector->name, size, "%s-queue%u-%u", name, i - 1,
			 vp->nr_queues - 1);
	return queues_irq;
}

static int request_vectors(struct vpci *vp, struct virt_dev *vdev,
			   unsigned int n)
{
	unsigned int i;
	int err;

	for (i = 0; i < n; i++) {
		struct vpci_vector *vector = &vp->vectors[i];
		irq_handler_t handler;

		vector->vdev = vdev;
		handler = name_vector(vp, vector, i, n);
		err = request_irq(pci_irq_vector(vp->pdev, i), handler, 0,
				  vector->name, vector);
		if (err)
			return err;
		vp->nr_vectors = i + 1;
	}
	return 0;
}

/* Also undoes an open_msix() that got half way. */
static void close_msix(struct vpci *vp)
{
	while (vp->nr_vectors) {
		vp->nr_vectors--;
		free_irq(pci_irq_vector(vp->pdev, vp->nr_vectors),
			 &vp->vectors[vp->nr_vectors]);
	}
	pci_free_irq_vectors(vp->pdev);
	kfree(vp->vectors);
	vp->vectors = NULL;
}

/*
 * Up to @most vectors, two at least. Where every queue can have one of its own
 * they are spread over the CPUs, which the kernel does for as many as there are.
 */
static int alloc_vectors(struct vpci *vp, unsigned int most)
{
	struct irq_affinity spread = { .pre_vectors = 1 };
	int n = -ENOSPC;

	if (vp->nr_queues <= num_possible_cpus() && most > vp->nr_queues)
		n = pci_alloc_irq_vectors_affinity(vp->pdev, most, most,
						   PCI_IRQ_MSIX |
						   PCI_IRQ_AFFINITY, &spread);
	if (n < 0)
		n = pci_alloc_irq_vectors(vp->pdev, 2, most, PCI_IRQ_MSIX);
	return n;
}

static int open_msix(struct vpci *vp, struct virt_dev *vdev, unsigned int most)
{
	int err, n = alloc_vectors(vp, most);

	if (n < 0)
		return n;
	vp->vectors = kcalloc(n, sizeof(*vp->vectors), GFP_KERNEL);
	if (!vp->vectors) {
		pci_free_irq_vectors(vp->pdev);
		return -ENOMEM;
	}
	err = request_vectors(vp, vdev, n);
	if (!err)
		err = tell_vectors(vp);
	if (err) {
		untell_vectors(vp);
		close_msix(vp);
	}
	return err;
}

static int open_line(struct vpci *vp, struct virt_dev *vdev)
{
	if (!vp->pdev->irq)
		return -ENOSPC;
	pci_intx(vp->pdev, 1);
	return request_irq(vp->pdev->irq, line_irq, IRQF_SHARED,
			   virt_name(vdev), vdev);
}

/* virt_transport.events_open() */
int vpci_events_open(struct virt_dev *vdev, unsigned int nr_queues)
{
	struct vpci *vp = to_vpci(vdev);
	int err;

	vp->nr_queues = nr_queues;
	if (!open_msix(vp, vdev, nr_queues + 1) || !open_msix(vp, vdev, 2)) {
		vp->events = VPCI_MSIX;
		return 0;
	}
	err = open_line(vp, vdev);
	if (!err) {
		vp->events = VPCI_INTX;
		return 0;
	}
	vp->nr_queues = 0;
	dev_err(&vp->pdev->dev, "no interrupt for %s (error %d): neither MSI-X nor a line; give the device vectors=2 or more\n",
		virt_name(vdev), err);
	return err;
}

/* virt_transport.events_close() */
void vpci_events_close(struct virt_dev *vdev)
{
	struct vpci *vp = to_vpci(vdev);

	switch (vp->events) {
	case VPCI_MSIX:
		untell_vectors(vp);
		close_msix(vp);
		break;
	case VPCI_INTX:
		/* a device that was not reset may still pull the line */
		pci_intx(vp->pdev, 0);
		free_irq(vp->pdev->irq, vdev);
		break;
	case VPCI_NONE:
		break;
	}
	vp->events = VPCI_NONE;
	vp->nr_queues = 0;
}

/**
 * vpci_vector_queue() - from now on a queue's own vector may call it
 * @vp: the function
 * @q: the queue
 *
 * Context: process.
 */
void vpci_vector_queue(struct vpci *vp, struct virt_queue *q)
{
	struct vpci_vector *vector;

	if (vp->events != VPCI_MSIX)
		return;
	vector = &vp->vectors[vector_of(vp, q->index)];
	if (vector->shared)
		return;
	/* pairs with smp_load_acquire() in queue_irq() */
	smp_store_release(&vector->queue, q);
}

/* virt_transport.queue_cpus() */
const struct cpumask *vpci_queue_cpus(struct virt_queue *q)
{
	struct vpci *vp = to_vpci(q->vdev);

	if (vp->events != VPCI_MSIX)
		return NULL;
	return pci_irq_get_affinity(vp->pdev, vector_of(vp, q->index));
}

/* virt_transport.queue_aim(): the kernel's own spreading is left as it is */
void vpci_queue_aim(struct virt_queue *q, const struct cpumask *cpus)
{
	struct vpci *vp = to_vpci(q->vdev);
	unsigned int i;

	if (vp->events != VPCI_MSIX)
		return;
	i = vector_of(vp, q->index);
	if (vp->vectors[i].shared || pci_irq_get_affinity(vp->pdev, i))
		return;
	irq_set_affinity(pci_irq_vector(vp->pdev, i), cpus);
}
