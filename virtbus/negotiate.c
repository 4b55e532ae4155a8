// SPDX-License-Identifier: GPL-2.0
/*
 * negotiate.c - from a reset device to DRIVER_OK (virtio 1.2, 3.1.1)
 */
#include <linux/device.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>

#include "internal.h"

/* What the queues in queue_split.c can do. */
#define RING_FEATURES	(BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC) | \
			 BIT_ULL(VIRTIO_RING_F_EVENT_IDX))

/* Set bits of the device status; ours follow the device's, not the reverse. */
int virt_status_add(struct virt_dev_core *core, u8 bits)
{
	u8 status = core->status | bits;
	long ret;

	lockdep_assert_held(&core->lock);
	ret = virt_transfer(core, &status, sizeof(status),
			    VIRT_XFER_WRITE_STATUS);
	if (ret < 0)
		return ret;
	core->status = status;
	return 0;
}

static u64 wanted_features(struct virt_dev_core *core,
			   struct virt_driver *vdrv)
{
	u64 wanted = BIT_ULL(VIRTIO_F_VERSION_1) | RING_FEATURES |
		     core->vdev.transport->features;
	unsigned int i;

	if (core->vdev.dma_dev)
		wanted |= BIT_ULL(VIRTIO_F_ACCESS_PLATFORM);
	for (i = 0; i < vdrv->nr_features; i++)
		wanted |= BIT_ULL(vdrv->features[i]);
	return wanted;
}

static int read_offer(struct virt_dev_core *core, u64 *offered)
{
	__le64 wire;
	long ret;

	ret = virt_transfer(core, &wire, sizeof(wire), VIRT_XFER_READ_FEATURES);
	if (ret < 0)
		return ret;
	*offered = le64_to_cpu(wire);
	if (*offered & BIT_ULL(VIRTIO_F_VERSION_1))
		return 0;
	dev_err(&core->vdev.dev, "the device does not offer virtio 1.0 (VERSION_1): give it a modern device end\n");
	return -ENODEV;
}

static int write_features(struct virt_dev_core *core, u64 features)
{
	__le64 wire = cpu_to_le64(features);
	long ret;

	core->vdev.features = features;
	ret = virt_transfer(core, &wire, sizeof(wire),
			    VIRT_XFER_WRITE_FEATURES);
	return ret < 0 ? ret : 0;
}

static int agree_features(struct virt_dev_core *core, u64 offered, u64 features)
{
	struct device *dev = &core->vdev.dev;
	u8 status;
	long ret;
	int err;

	err = write_features(core, features);
	if (err)
		return err;
	err = virt_status_add(core, VIRTIO_CONFIG_S_FEATURES_OK);
	if (err)
		return err;

	ret = virt_transfer(core, &status, sizeof(status),
			    VIRT_XFER_READ_STATUS);
	if (ret < 0)
		return ret;
	if (!(status & VIRTIO_CONFIG_S_FEATURES_OK)) {
		dev_err(dev, "the device refused the features %#llx (it offered %#llx)\n",
			core->vdev.features, offered);
		return -ENODEV;
	}
	return 0;
}

/* Steps 1 to 3, and what the device offers. */
static int begin(struct virt_dev_core *core, u64 *offered)
{
	enum virt_state state;
	int err;

	lockdep_assert_held(&core->lock);
	err = virt_reset(core);
	state = virt_dev_state(&core->vdev);
	if (!err && state != VIRT_INITIALISING && state != VIRT_FROZEN)
		err = virt_state_set(core, VIRT_INITIALISING);
	if (err)
		return err;
	core->ready = false;
	core->told = false;
	WRITE_ONCE(core->stopped, false);
	core->config_missed = false;

	err = virt_status_add(core, VIRTIO_CONFIG_S_ACKNOWLEDGE);
	if (!err)
		err = virt_status_add(core, VIRTIO_CONFIG_S_DRIVER);
	if (!err)
		err = virt_state_set(core, VIRT_INITWAIT);
	return err ?: read_offer(core, offered);
}

/**
 * virt_negotiate() - steps 1 to 6: reset, acknowledge, agree on features
 * @core: the device
 * @vdrv: its driver to be
 *
 * Context: process, under the device lock.
 * Return: 0 or -errno; the device has been told that we failed, then.
 */
int virt_negotiate(struct virt_dev_core *core, struct virt_driver *vdrv)
{
	u64 offered, features;
	int err;

	mutex_lock(&core->lock);
	err = begin(core, &offered);
	if (!err) {
		features = offered & wanted_features(core, vdrv);
		/*
		 * A device that can do without VERSION_1 as well must know that
		 * we have it: else its configuration may be big-endian.
		 */
		err = write_features(core, features);
	}
	if (!err && vdrv->choose) {
		/* step 4 lets it read the configuration: that takes the lock */
		mutex_unlock(&core->lock);
		features &= vdrv->choose(&core->vdev, features);
		mutex_lock(&core->lock);
	}
	if (!err)
		err = agree_features(core, offered, features);
	if (!err)
		err = virt_state_set(core, VIRT_INITIALISED);
	if (err && !virt_dev_usable(&core->vdev) &&
	    virt_status_add(core, VIRTIO_CONFIG_S_FAILED))
		dev_dbg(&core->vdev.dev, "could not be told of the failure\n");
	mutex_unlock(&core->lock);
	return err;
}

/**
 * virt_renegotiate() - the same after the device has slept, for the same features
 * @core: the device, Frozen
 *
 * Context: process, under the device lock.
 * Return: 0; -EINVAL when the device offers less than it did; another -errno.
 */
int virt_renegotiate(struct virt_dev_core *core)
{
	u64 offered, features = core->vdev.features;
	int err;

	mutex_lock(&core->lock);
	err = begin(core, &offered);
	if (!err && (offered & features) != features) {
		dev_err(&core->vdev.dev, "it offers less than before its sleep: %#llx of %#llx\n",
			offered & features, features);
		err = -EINVAL;
	}
	if (!err)
		err = agree_features(core, offered, features);
	if (!err)
		err = virt_state_set(core, VIRT_INITIALISED);
	mutex_unlock(&core->lock);
	return err;
}

int virt_dev_ready(struct virt_dev *vdev)
{
	struct virt_dev_core *core = vdev->core;
	int err = 0;

	mutex_lock(&core->lock);
	if (core->ready)
		goto out;
	err = virt_dev_usable(vdev);
	if (!err)
		err = virt_status_add(core, VIRTIO_CONFIG_S_DRIVER_OK);
	if (!err)
		err = virt_state_set(core, VIRT_CONNECTED);
	if (err)
		goto out;
	core->ready = true;
	if (core->config_missed)
		queue_work(virt_bus.wq, &core->config_work);
out:
	mutex_unlock(&core->lock);
	return err;
}
EXPORT_SYMBOL_NS_GPL(virt_dev_ready, "VIRTBUS");
