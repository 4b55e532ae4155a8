// SPDX-License-Identifier: GPL-2.0
/*
 * lost.c - devices that break or vanish, and what their driver hears of it
 */
#include <linux/delay.h>

#include "test_dev.h"

static struct test_dev *connected(struct kunit *test)
{
	struct test_dev *td = test_dev_new(test, TEST_TYPE);

	td->nr_queues = 1;
	test_dev_add(test, td);
	KUNIT_ASSERT_EQ(test, virt_dev_state(td->vdev), VIRT_CONNECTED);
	return td;
}

static void lost_first_reason_counts(struct kunit *test)
{
	struct test_dev *td = connected(test);

	virt_dev_break(td->vdev, "reason %d", 1);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_BROKEN);
	KUNIT_EXPECT_EQ(test, virt_dev_usable(td->vdev), -EIO);
	KUNIT_ASSERT_TRUE(test, test_wait(&td->lost_done));
	/* it cannot touch memory any more when the driver hears of it */
	KUNIT_EXPECT_EQ(test, td->status_at_lost, 0);

	virt_dev_break(td->vdev, "reason %d", 2);
	KUNIT_EXPECT_STREQ(test, test_dev_error(test, td), "reason 1");
	KUNIT_EXPECT_EQ(test, virt_dev_check(td->vdev), -EIO);
	KUNIT_EXPECT_EQ(test, virt_dev_ready(td->vdev), 0);
	test_dev_unbind(td);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_BROKEN);
	KUNIT_EXPECT_EQ(test, td->losts, 1);
	KUNIT_EXPECT_EQ(test, td->opens, td->closes);
}

/* A new driver, a new life; and it can break once more. */
static void lost_again_after_rebind(struct kunit *test)
{
	struct test_dev *td = connected(test);

	virt_dev_break(td->vdev, "first life");
	KUNIT_ASSERT_TRUE(test, test_wait(&td->lost_done));
	test_dev_unbind(td);
	KUNIT_EXPECT_TRUE(test, test_dev_bind(td));
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_CONNECTED);
	KUNIT_EXPECT_STREQ(test, test_dev_error(test, td), "");
	KUNIT_EXPECT_EQ(test, virt_dev_check(td->vdev), 0);

	virt_dev_break(td->vdev, "second life");
	KUNIT_ASSERT_TRUE(test, test_wait(&td->lost_done));
	KUNIT_EXPECT_STREQ(test, test_dev_error(test, td), "second life");
	test_dev_del(td);
	KUNIT_EXPECT_EQ(test, td->losts, 2);
}

static void lost_gone_is_final(struct kunit *test)
{
	struct test_dev *td = connected(test);
	unsigned int transfers = td->transfers;

	virt_dev_gone(td->vdev);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_GONE);
	KUNIT_EXPECT_EQ(test, virt_dev_usable(td->vdev), -ENODEV);
	KUNIT_ASSERT_TRUE(test, test_wait(&td->lost_done));

	virt_dev_break(td->vdev, "too late");
	virt_dev_gone(td->vdev);
	virt_dev_config_event(td->vdev);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_GONE);
	KUNIT_EXPECT_STREQ(test, test_dev_error(test, td), "");
	KUNIT_EXPECT_EQ(test, virt_dev_check(td->vdev), -ENODEV);
	KUNIT_EXPECT_EQ(test, virt_dev_use(td->vdev), -ENODEV);

	test_dev_unbind(td);
	KUNIT_EXPECT_FALSE(test, test_dev_bind(td));
	test_dev_del(td);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_GONE);
	KUNIT_EXPECT_EQ(test, td->losts, 1);
	KUNIT_EXPECT_EQ(test, td->configs, 0);
	/* who is not there is not talked to */
	KUNIT_EXPECT_EQ(test, td->transfers, transfers);
	KUNIT_EXPECT_EQ(test, td->opens, td->closes);
}

static void lost_gone_beats_broken(struct kunit *test)
{
	struct test_dev *td = connected(test);

	virt_dev_break(td->vdev, "first this");
	virt_dev_gone(td->vdev);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_GONE);
	KUNIT_ASSERT_TRUE(test, test_wait(&td->lost_done));
	virt_dev_break(td->vdev, "then that");
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_GONE);
	test_dev_unbind(td);
	KUNIT_EXPECT_FALSE(test, test_dev_bind(td));
	KUNIT_EXPECT_EQ(test, td->losts, 1);
}

static void lost_surprise_removal(struct kunit *test)
{
	struct test_dev *td = connected(test);
	unsigned int transfers = td->transfers;

	virt_dev_del(td->vdev, true);
	td->added = false;
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_GONE);
	KUNIT_EXPECT_LE(test, td->losts, 1);
	KUNIT_EXPECT_EQ(test, td->removes, 1);
	KUNIT_EXPECT_EQ(test, td->transfers, transfers);
	KUNIT_EXPECT_EQ(test, td->opens, td->closes);
}

/* Its queues stop at once, in whatever context it was lost. */
static void lost_queues_stop(struct kunit *test)
{
	struct test_dev *td = connected(test);
	struct virt_queue *q = td->queue[0];
	struct scatterlist sg;
	unsigned long flags;
	unsigned int len;
	int err;

	sg_init_one(&sg, td, 16);
	local_irq_save(flags);
	virt_dev_break(td->vdev, "in an interrupt");
	err = virt_queue_add(q, 0, &sg, 1, 0);
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, err, -EIO);
	KUNIT_EXPECT_EQ(test, virt_queue_get(q, &len), -EIO);
	KUNIT_EXPECT_FALSE(test, virt_queue_kick_prepare(q));
	virt_queue_notify(q);
	KUNIT_EXPECT_EQ(test, td->ring[0].kicks, 0);
	/* a driver that waits until nothing is left gets out of its loop */
	KUNIT_EXPECT_TRUE(test, virt_queue_events_on(q));
	KUNIT_EXPECT_FALSE(test, virt_queue_event(q));
	KUNIT_ASSERT_TRUE(test, test_wait(&td->lost_done));
}

static void break_it(struct test_dev *td)
{
	virt_dev_break(td->vdev, "in the middle of probe");
}

/* Nobody could have started I/O, so nobody is told. */
static void lost_before_ready(struct kunit *test)
{
	struct test_dev *td = test_dev_new(test, TEST_TYPE);

	td->nr_queues = 1;
	td->in_probe = break_it;
	test_dev_add(test, td);
	KUNIT_EXPECT_PTR_EQ(test, td->vdev->dev.driver, NULL);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_BROKEN);
	KUNIT_EXPECT_EQ(test, td->removes, 1);
	td->in_probe = NULL;
	KUNIT_EXPECT_TRUE(test, test_dev_bind(td));
	test_dev_del(td);
	KUNIT_EXPECT_EQ(test, td->losts, 0);
	KUNIT_EXPECT_EQ(test, td->opens, td->closes);
}

static void lost_in_probe_after_ready(struct kunit *test)
{
	struct test_dev *td = test_dev_new(test, TEST_TYPE);

	td->nr_queues = 1;
	td->early = true;
	td->in_probe = break_it;
	test_dev_add(test, td);
	KUNIT_ASSERT_TRUE(test, test_wait(&td->lost_done));
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_BROKEN);
	test_dev_del(td);
	KUNIT_EXPECT_EQ(test, td->losts, 1);
}

static void lost_config_event(struct kunit *test)
{
	struct test_dev *td = connected(test);

	virt_dev_config_event(td->vdev);
	KUNIT_ASSERT_TRUE(test, test_wait(&td->config_done));
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_CONNECTED);
	test_dev_unbind(td);
	/* there is nobody to hear of it */
	virt_dev_config_event(td->vdev);
	test_dev_del(td);
	KUNIT_EXPECT_EQ(test, td->configs, 1);
}

static void config_event(struct test_dev *td)
{
	virt_dev_config_event(td->vdev);
}

/* An event during probe is kept until the driver is ready for it. */
static void lost_config_event_in_probe(struct kunit *test)
{
	struct test_dev *td = test_dev_new(test, TEST_TYPE);

	td->in_probe = config_event;
	test_dev_add(test, td);
	KUNIT_ASSERT_TRUE(test, test_wait(&td->config_done));
}

static void lost_needs_reset(struct kunit *test)
{
	struct test_dev *td = connected(test);

	td->status |= VIRTIO_CONFIG_S_NEEDS_RESET;
	virt_dev_config_event(td->vdev);
	KUNIT_ASSERT_TRUE(test, test_wait(&td->lost_done));
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_BROKEN);
	KUNIT_EXPECT_NOT_NULL(test, strstr(test_dev_error(test, td),
					   "DEVICE_NEEDS_RESET"));
	/* which waits for the work item that has found it */
	test_dev_unbind(td);
	KUNIT_EXPECT_EQ(test, td->configs, 0);
	KUNIT_EXPECT_TRUE(test, test_dev_bind(td));
}

/* The machine stops, and the driver cannot hold back I/O: none any more, but not lost. */
static void lost_shutdown(struct kunit *test)
{
	struct test_dev *td = connected(test);
	struct scatterlist sg;

	sg_init_one(&sg, td, 16);
	device_lock(&td->vdev->dev);
	td->vdev->dev.bus->shutdown(&td->vdev->dev);
	device_unlock(&td->vdev->dev);
	KUNIT_EXPECT_EQ(test, td->status, 0);
	KUNIT_EXPECT_EQ(test, virt_queue_add(td->queue[0], 0, &sg, 1, 0), -EIO);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_CONNECTED);
	test_dev_del(td);
	KUNIT_EXPECT_EQ(test, td->losts, 0);
}

static struct scatterlist *a_byte(struct test_dev *td)
{
	static struct scatterlist sg;

	sg_init_one(&sg, td, 1);
	return &sg;
}

/* longer than a removal may wait for answers of the host */
static void dawdle(struct test_dev *td)
{
	wait_for_completion_timeout(&td->lost_done, 5 * HZ);
}

/* A removal is slow, and no fault of the device: what it has it only writes into. */
static void lost_not_while_slow(struct kunit *test)
{
	struct test_dev *td = connected(test);

	td->in_remove = dawdle;
	KUNIT_EXPECT_EQ(test, virt_queue_add(td->queue[0], 0, a_byte(td), 0, 1), 0);
	test_dev_unbind(td);
	KUNIT_EXPECT_EQ(test, td->losts, 0);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_CLOSED);
}

/* The same, and the host does not answer: given up. */
static void lost_while_it_owes(struct kunit *test)
{
	struct test_dev *td = connected(test);

	td->in_remove = dawdle;
	KUNIT_EXPECT_EQ(test, virt_queue_add(td->queue[0], 0, a_byte(td), 1, 0), 0);
	test_dev_unbind(td);
	KUNIT_EXPECT_EQ(test, td->losts, 1);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_BROKEN);
	KUNIT_EXPECT_NOT_NULL(test, strstr(test_dev_error(test, td),
					   "has not answered"));
}

/* Asked of it while the removal is slow, and after the first look. */
static void ask_late(struct test_dev *td)
{
	msleep(3500);
	virt_queue_add(td->queue[0], 0, a_byte(td), 1, 0);
	dawdle(td);
}

static void lost_when_it_owes_late(struct kunit *test)
{
	struct test_dev *td = connected(test);

	td->in_remove = ask_late;
	test_dev_unbind(td);
	KUNIT_EXPECT_EQ(test, td->losts, 1);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_BROKEN);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(lost_first_reason_counts),
	KUNIT_CASE(lost_again_after_rebind),
	KUNIT_CASE(lost_gone_is_final),
	KUNIT_CASE(lost_gone_beats_broken),
	KUNIT_CASE(lost_surprise_removal),
	KUNIT_CASE(lost_queues_stop),
	KUNIT_CASE(lost_before_ready),
	KUNIT_CASE(lost_in_probe_after_ready),
	KUNIT_CASE(lost_config_event),
	KUNIT_CASE(lost_config_event_in_probe),
	KUNIT_CASE(lost_needs_reset),
	KUNIT_CASE(lost_shutdown),
	KUNIT_CASE(lost_not_while_slow),
	KUNIT_CASE(lost_while_it_owes),
	KUNIT_CASE(lost_when_it_owes_late),
	{ }
};

struct kunit_suite lost_suite = {
	.name = "virtbus_lost",
	.suite_init = test_glue_open,
	.suite_exit = test_glue_close,
	.test_cases = cases,
};
