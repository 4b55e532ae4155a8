// SPDX-License-Identifier: GPL-2.0
/*
 * driver.c - a driver that opens queues and remembers what it was called for
 */
#include "test_dev.h"

static int test_probe(struct virt_dev *vdev)
{
	struct test_dev *td = test_dev_of(vdev);
	int err = 0;

	test_note(td);
	td->probes++;
	if (td->nr_queues)
		err = virt_queues_open(vdev, td->nr_queues, td->param,
				       td->queue);
	td->open_error = err;
	if (!err && td->early)
		err = virt_dev_ready(vdev);
	if (!err && td->in_probe)
		td->in_probe(td);
	test_note(td);
	return err;
}

static void test_remove(struct virt_dev *vdev)
{
	struct test_dev *td = test_dev_of(vdev);

	test_note(td);
	td->removes++;
	if (td->in_remove)
		td->in_remove(td);
	virt_dev_stop(vdev);
	virt_queues_close(vdev);
	test_note(td);
}

static void test_lost(struct virt_dev *vdev)
{
	struct test_dev *td = test_dev_of(vdev);

	test_note(td);
	td->losts++;
	td->status_at_lost = td->status;
	complete(&td->lost_done);
}

static void test_config_changed(struct virt_dev *vdev)
{
	struct test_dev *td = test_dev_of(vdev);

	test_note(td);
	td->configs++;
	complete(&td->config_done);
}

static const struct virtio_device_id ids[] = {
	{ TEST_TYPE, VIRTIO_DEV_ANY_ID },
	{ }
};

struct virt_driver test_driver = {
	.driver.name = "virtbus_kunit",
	.ids = ids,
	.probe = test_probe,
	.remove = test_remove,
	.lost = test_lost,
	.config_changed = test_config_changed,
};
