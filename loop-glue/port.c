// SPDX-License-Identifier: GPL-2.0
/*
 * port.c - a port: made from a spec, seen in sysfs, taken down with nothing left
 */
#include <linux/dma-mapping.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/virtio_config.h>

#include "loop.h"

/* How long a removal waits for a driver's probe before it ends its I/O. */
#define PROBE_PATIENCE	(3 * HZ)

static struct loop_port *to_port(struct device *dev)
{
	return container_of(dev, struct loop_port, dev);
}

static ssize_t fault_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	return virt_end_fault_show(to_port(dev)->end, buf);
}

static ssize_t fault_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	struct virt_why why = { };
	int ret;

	ret = virt_end_fault_set(to_port(dev)->end, buf, &why);
	if (ret)
		pr_err("%s: fault: %s\n", dev_name(dev), why.text);
	return ret ?: count;
}
static DEVICE_ATTR_RW(fault);

static ssize_t size_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	struct virt_why why = { };
	char text[24];
	u64 bytes;
	int ret;

	strscpy(text, buf, sizeof(text));
	ret = virt_spec_size(strim(text), &bytes);
	if (ret)
		virt_why(&why, "%s is no size: say how large, as in 64M", text);
	else
		ret = virt_end_resize(to_port(dev)->end, bytes, &why);
	if (ret)
		pr_err("%s: size: %s\n", dev_name(dev), why.text);
	return ret ?: count;
}
static DEVICE_ATTR_WO(size);

static struct attribute *port_attrs[] = {
	&dev_attr_fault.attr,
	&dev_attr_size.attr,
	NULL
};

static umode_t port_attr_mode(struct kobject *kobj, struct attribute *attr,
			      int n)
{
	struct loop_port *port = to_port(kobj_to_dev(kobj));

	if (attr == &dev_attr_size.attr && !port->end->ops->resize)
		return 0;
	return attr->mode;
}

static const struct attribute_group port_group = {
	.attrs = port_attrs,
	.is_visible = port_attr_mode,
};

static const struct attribute_group *port_groups[] = { &port_group, NULL };

static void port_release(struct device *dev)
{
	struct loop_port *port = to_port(dev);

	kfree(port->queues);
	kfree(port);
}

/* An empty port, which put_device() frees. */
struct loop_port *loop_port_alloc(const char *name, struct device *root)
{
	struct loop_port *port = kzalloc(sizeof(*port), GFP_KERNEL);

	if (!port)
		return NULL;
	INIT_LIST_HEAD(&port->node);
	init_completion(&port->made);
	spin_lock_init(&port->lock);
	device_initialize(&port->dev);
	port->dev.parent = root;
	port->dev.groups = port_groups;
	port->dev.release = port_release;
	if (dev_set_name(&port->dev, "%s", name)) {
		put_device(&port->dev);
		return NULL;
	}
	return port;
}

/*
 * The driver shall use the DMA API for this device. The end takes what it gets
 * for physical addresses, so they have to be that: no IOMMU, no bounce buffers,
 * no encrypted memory. Try it, rather than guess.
 */
static int use_dma_api(struct loop_port *port, struct virt_why *why)
{
	struct device *dev = &port->dev;
	struct page *page;
	dma_addr_t addr;
	bool same;
	int ret;

	port->dma_mask = DMA_BIT_MASK(64);
	dev->dma_mask = &port->dma_mask;
	dev->coherent_dma_mask = DMA_BIT_MASK(64);

	page = alloc_page(GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	addr = dma_map_page(dev, page, 0, PAGE_SIZE, DMA_BIDIRECTIONAL);
	ret = dma_mapping_error(dev, addr);
	if (!ret) {
		same = addr == page_to_phys(page);
		dma_unmap_page(dev, addr, PAGE_SIZE, DMA_BIDIRECTIONAL);
		ret = same ? 0 : -EOPNOTSUPP;
	}
	__free_page(page);
	if (ret)
		virt_why(why, "platform=1 needs DMA addresses that are physical: leave it out");
	return ret;
}

static int want_platform(struct loop_port *port, const struct virt_spec *spec,
			 struct virt_why *why)
{
	const char *text = virt_spec_key(spec, "platform");

	if (!text)
		return 0;
	if (kstrtobool(text, &port->platform)) {
		virt_why(why, "platform=%s: say 0 or 1", text);
		return -EINVAL;
	}
	return port->platform ? use_dma_api(port, why) : 0;
}

/* Make the end and the device; nobody sees them yet. */
int loop_port_fill(struct loop_port *port, const struct virt_spec *spec,
		   struct virt_why *why)
{
	struct virt_dev *vdev;
	struct virt_end *end;
	unsigned int i;
	u64 features;
	int ret;

	ret = want_platform(port, spec, why);
	if (ret)
		return ret;
	features = port->platform ? BIT_ULL(VIRTIO_F_ACCESS_PLATFORM) : 0;
	end = virt_end_create(spec, &loop_host, port, features, why);
	if (IS_ERR(end))
		return PTR_ERR(end);
	port->end = end;

	port->queues = kcalloc(end->nr_queues, sizeof(*port->queues),
			       GFP_KERNEL);
	if (!port->queues)
		return -ENOMEM;
	for (i = 0; i < end->nr_queues; i++)
		spin_lock_init(&port->queues[i].lock);

	vdev = virt_dev_alloc(&port->dev, &loop_transport, end->type, 0,
			      sizeof(struct loop_port *));
	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	*(struct loop_port **)virt_dev_glue(vdev) = port;
	if (port->platform)
		vdev->dma_dev = &port->dev;
	port->vdev = vdev;
	return 0;
}

/* Show them to the world. A driver may be bound when it returns. */
int loop_port_plug(struct loop_port *port, struct virt_why *why)
{
	int ret;

	ret = device_add(&port->dev);
	if (ret)
		return ret;
	port->shown = true;
	ret = virt_dev_add(port->vdev, dev_name(&port->dev), why);
	port->plugged = !ret;
	return ret;
}

/*
 * Undo all that was done, in reverse, wherever it ended. Called once for a port,
 * by whoever set @leaving.
 *
 * A probe may wait for a device that is silent. It ends when its I/O does, and
 * its I/O ends when the device is gone.
 */
void loop_port_unplug(struct loop_port *port)
{
	if (!wait_for_completion_timeout(&port->made, PROBE_PATIENCE)) {
		if (port->vdev)
			virt_dev_gone(port->vdev);
		wait_for_completion(&port->made);
	}
	if (port->plugged)
		virt_dev_del(port->vdev, virt_end_usable(port->end) != 0);
	/* waits for those who are in its attributes */
	if (port->shown)
		device_del(&port->dev);
	if (port->end)
		virt_end_destroy(port->end);
	if (port->vdev)
		put_device(&port->vdev->dev);
}

int loop_port_spec(struct virt_dev *vdev, char *buf, size_t size)
{
	return virt_end_spec(loop_port(vdev)->end, buf, size);
}
