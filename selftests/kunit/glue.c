// SPDX-License-Identifier: GPL-2.0
/*
 * glue.c - a transport whose device end is a plain structure
 */
#include <linux/device.h>
#include <linux/virtio_ring.h>

#include "test_dev.h"

static struct device *root;

static void note_locked(struct test_dev *td, u8 state)
{
	lockdep_assert_held(&td->lock);
	if (td->nr_walk && td->walk[td->nr_walk - 1] == state)
		return;
	if (td->nr_walk < TEST_STEPS)
		td->walk[td->nr_walk++] = state;
}

/**
 * test_note() - remember the state that a device is in now
 * @td: the device
 */
void test_note(struct test_dev *td)
{
	u8 state = virt_dev_state(td->vdev);

	spin_lock(&td->lock);
	note_locked(td, state);
	spin_unlock(&td->lock);
}

static void write_status(struct test_dev *td, u8 status)
{
	unsigned int i;

	td->status = status;
	if (td->refuses)
		td->status &= ~VIRTIO_CONFIG_S_FEATURES_OK;
	if (status)
		return;
	td->accepted = 0;
	for (i = 0; i < TEST_QUEUES; i++)
		td->ring[i] = (struct test_ring) {
			.offered = td->ring[i].offered,
		};
}

/* Does this one fail? What it would have written is remembered all the same. */
static bool fails(struct test_dev *td, const void *buffer, int type)
{
	u8 state = virt_dev_state(td->vdev);
	bool fail;

	spin_lock(&td->lock);
	fail = ++td->transfers == td->fail_at;
	note_locked(td, state);
	if (type == VIRT_XFER_WRITE_STATUS && td->nr_steps < TEST_STEPS)
		td->step[td->nr_steps++] = (struct test_step) {
			.status = *(const u8 *)buffer,
			.state = state,
		};
	spin_unlock(&td->lock);
	if (!fail)
		return false;
	td->failed = true;
	td->failed_reset = type == VIRT_XFER_WRITE_STATUS &&
			   !*(const u8 *)buffer;
	return true;
}

static long test_transfer(struct virt_dev *vdev, void *buffer,
			  unsigned long size, int type)
{
	struct test_dev *td = test_dev_of(vdev);
	struct virt_xfer_queue *xq = buffer;
	struct test_ring *ring;

	if (fails(td, buffer, type))
		return td->fail_with;
	switch (type) {
	case VIRT_XFER_READ_FEATURES:
		*(__le64 *)buffer = cpu_to_le64(td->offered);
		break;
	case VIRT_XFER_WRITE_FEATURES:
		td->accepted = le64_to_cpu(*(__le64 *)buffer);
		break;
	case VIRT_XFER_READ_STATUS:
		*(u8 *)buffer = READ_ONCE(td->status);
		break;
	case VIRT_XFER_WRITE_STATUS:
		write_status(td, *(u8 *)buffer);
		break;
	case VIRT_XFER_QUEUE_INFO:
		xq->size = xq->index < TEST_QUEUES ?
			   td->ring[xq->index].offered : 0;
		break;
	case VIRT_XFER_QUEUE_ENABLE:
		ring = &td->ring[xq->index];
		ring->size = xq->size;
		ring->desc = xq->desc;
		ring->avail = xq->driver;
		ring->used = xq->device;
		xq->queue->glue = ring;
		break;
	default:
		return -EOPNOTSUPP;
	}
	return size;
}

static int test_events_open(struct virt_dev *vdev, unsigned int nr_queues)
{
	struct test_dev *td = test_dev_of(vdev);

	if (td->events_error)
		return td->events_error;
	td->opens++;
	return 0;
}

static void test_events_close(struct virt_dev *vdev)
{
	test_dev_of(vdev)->closes++;
}

static void test_kick(struct virt_queue *q)
{
	struct test_ring *ring = q->glue;

	ring->kicks++;
}

static void test_cut(struct virt_dev *vdev)
{
	test_dev_of(vdev)->cuts++;
}

static int test_spec(struct virt_dev *vdev, char *buf, size_t size)
{
	return scnprintf(buf, size, "kunit");
}

static int test_config(const struct virt_spec *spec, struct virt_why *why)
{
	virt_why(why, "only the tests make these devices");
	return -EOPNOTSUPP;
}

static void test_unplug(struct virt_dev *vdev)
{
}

static const char *const backends[] = { "kunit", NULL };

const struct virt_transport test_transport = {
	.name = "kunit",
	.owner = THIS_MODULE,
	.backends = backends,
	.transfer = test_transfer,
	.events_open = test_events_open,
	.events_close = test_events_close,
	.kick = test_kick,
	.cut = test_cut,
	.spec = test_spec,
	.config = test_config,
	.unplug = test_unplug,
};

/**
 * test_glue_open() - what a suite with devices starts with
 * @suite: the suite
 *
 * Return: 0 or -errno, which fails the suite.
 */
int test_glue_open(struct kunit_suite *suite)
{
	int err;

	root = __root_device_register("virtbus_kunit", NULL);
	if (IS_ERR(root))
		return PTR_ERR(root);
	err = virt_transport_register(&test_transport);
	if (err)
		goto unregister_root;
	err = __virt_driver_register(&test_driver, NULL, NULL);
	if (!err)
		return 0;
	virt_transport_unregister(&test_transport);
unregister_root:
	root_device_unregister(root);
	return err;
}

/**
 * test_glue_close() - and ends with
 * @suite: the suite
 */
void test_glue_close(struct kunit_suite *suite)
{
	virt_driver_unregister(&test_driver);
	virt_transport_unregister(&test_transport);
	root_device_unregister(root);
}

static int keep_dev(struct kunit_resource *res, void *context)
{
	res->data = context;
	return 0;
}

static void free_dev(struct kunit_resource *res)
{
	struct test_dev *td = res->data;

	test_dev_del(td);
	put_device(&td->vdev->dev);
}

/**
 * test_dev_new() - a device that nobody sees yet
 * @test: the test; the device is deleted when it ends, however it does
 * @type: its kind
 *
 * Return: a device end that offers VERSION_1 and three queues of 16; its driver
 * opens none of them.
 */
struct test_dev *test_dev_new(struct kunit *test, u32 type)
{
	struct test_dev *td = kunit_kzalloc(test, sizeof(*td), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, td);
	td->offered = BIT_ULL(VIRTIO_F_VERSION_1);
	init_completion(&td->lost_done);
	init_completion(&td->config_done);
	spin_lock_init(&td->lock);
	for (i = 0; i < TEST_QUEUES; i++) {
		td->ring[i].offered = 16;
		td->param[i] = (struct virt_queue_param) {
			.name = "requests",
			.max_segs = 4,
		};
	}

	td->vdev = virt_dev_alloc(root, &test_transport, type, 0,
				  sizeof(struct test_dev *));
	KUNIT_ASSERT_FALSE(test, IS_ERR(td->vdev));
	*(struct test_dev **)virt_dev_glue(td->vdev) = td;
	KUNIT_ASSERT_NOT_NULL(test, kunit_alloc_resource(test, keep_dev,
							 free_dev, GFP_KERNEL,
							 td));
	return td;
}

/**
 * test_dev_add() - put a device on the bus, under the next free name
 * @test: the test, which ends if that fails
 * @td: the device
 */
void test_dev_add(struct kunit *test, struct test_dev *td)
{
	struct virt_why why = { };

	td->added = !virt_dev_add(td->vdev, NULL, &why);
	KUNIT_ASSERT_TRUE_MSG(test, td->added, "not added: %s", why.text);
}

/**
 * test_dev_del() - take it off the bus again, if it is there
 * @td: the device
 */
void test_dev_del(struct test_dev *td)
{
	if (td->added)
		virt_dev_del(td->vdev, false);
	td->added = false;
}

/**
 * test_dev_unbind() - as writing to the driver's "unbind" does
 * @td: the device
 */
void test_dev_unbind(struct test_dev *td)
{
	device_release_driver(&td->vdev->dev);
}

/**
 * test_dev_bind() - as writing to the driver's "bind" does
 * @td: the device
 *
 * Return: true if it has a driver now.
 */
bool test_dev_bind(struct test_dev *td)
{
	return device_attach(&td->vdev->dev) == 1;
}

/**
 * test_dev_error() - the device's attribute "error"
 * @test: the test, which owns the text
 * @td: the device
 *
 * Return: why it is Broken; empty otherwise.
 */
const char *test_dev_error(struct kunit *test, struct test_dev *td)
{
	const struct attribute_group *group = td->vdev->dev.groups[0];
	/* a page, as sysfs has it */
	char *text = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	struct device_attribute *attr;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, text);
	for (i = 0; group->attrs[i]; i++) {
		if (strcmp(group->attrs[i]->name, "error"))
			continue;
		attr = container_of(group->attrs[i], struct device_attribute,
				    attr);
		attr->show(&td->vdev->dev, attr, text);
		return strim(text);
	}
	KUNIT_FAIL(test, "no attribute error");
	return text;
}

/**
 * test_wait() - until a work item has come to something
 * @done: what it completes
 *
 * Return: false if it never does.
 */
bool test_wait(struct completion *done)
{
	return wait_for_completion_timeout(done, 20 * HZ);
}
