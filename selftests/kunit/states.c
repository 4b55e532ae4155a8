// SPDX-License-Identifier: GPL-2.0
/*
 * states.c - a device's life, state by state, and failing at every step of it
 */
#include <linux/device.h>

#include "test_dev.h"

#define ACK	VIRTIO_CONFIG_S_ACKNOWLEDGE
#define DRV	(ACK | VIRTIO_CONFIG_S_DRIVER)
#define AGREED	(DRV | VIRTIO_CONFIG_S_FEATURES_OK)
#define RUNS	(AGREED | VIRTIO_CONFIG_S_DRIVER_OK)

/* What was written to the status since the last look, and in which state. */
static void expect_steps(struct kunit *test, struct test_dev *td,
			 const struct test_step *want, unsigned int n)
{
	unsigned int i;

	KUNIT_ASSERT_EQ(test, td->nr_steps, n);
	for (i = 0; i < n; i++) {
		KUNIT_EXPECT_EQ_MSG(test, td->step[i].status, want[i].status,
				    "write %u", i);
		KUNIT_EXPECT_EQ_MSG(test, td->step[i].state, want[i].state,
				    "state at write %u", i);
	}
	td->nr_steps = 0;
}

/* The states that transfers and the driver have seen since the last look. */
static void expect_walk(struct kunit *test, struct test_dev *td,
			const enum virt_state *want, unsigned int n)
{
	unsigned int i;

	KUNIT_ASSERT_EQ(test, td->nr_walk, n);
	for (i = 0; i < n; i++)
		KUNIT_EXPECT_EQ_MSG(test, td->walk[i], want[i], "place %u", i);
	td->nr_walk = 0;
}

#define EXPECT_STEPS(test, td, ...)					\
do {									\
	static const struct test_step want[] = { __VA_ARGS__ };		\
	expect_steps(test, td, want, ARRAY_SIZE(want));			\
} while (0)

#define EXPECT_WALK(test, td, ...)					\
do {									\
	static const enum virt_state want[] = { __VA_ARGS__ };		\
	expect_walk(test, td, want, ARRAY_SIZE(want));			\
} while (0)

static void states_life(struct kunit *test)
{
	struct test_dev *td = test_dev_new(test, TEST_TYPE);

	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_INITIALISING);
	td->nr_queues = 2;
	test_dev_add(test, td);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_CONNECTED);
	/* found, then bound; virtio 1.2, 3.1.1 */
	EXPECT_STEPS(test, td, { 0, VIRT_INITIALISING },
		     { ACK, VIRT_INITIALISING }, { 0, VIRT_INITIALISING },
		     { ACK, VIRT_INITIALISING }, { DRV, VIRT_INITIALISING },
		     { AGREED, VIRT_INITWAIT }, { RUNS, VIRT_INITIALISED });
	EXPECT_WALK(test, td, VIRT_INITIALISING, VIRT_INITWAIT,
		    VIRT_INITIALISED);

	test_dev_unbind(td);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_CLOSED);
	EXPECT_STEPS(test, td, { 0, VIRT_CLOSING });
	EXPECT_WALK(test, td, VIRT_CLOSING);

	KUNIT_EXPECT_TRUE(test, test_dev_bind(td));
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_CONNECTED);
	EXPECT_STEPS(test, td, { 0, VIRT_CLOSED }, { ACK, VIRT_INITIALISING },
		     { DRV, VIRT_INITIALISING }, { AGREED, VIRT_INITWAIT },
		     { RUNS, VIRT_INITIALISED });
	EXPECT_WALK(test, td, VIRT_CLOSED, VIRT_INITIALISING, VIRT_INITWAIT,
		    VIRT_INITIALISED);

	test_dev_del(td);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_GONE);
	EXPECT_STEPS(test, td, { 0, VIRT_CLOSING });
	KUNIT_EXPECT_EQ(test, td->opens, 2);
	KUNIT_EXPECT_EQ(test, td->closes, 2);
	KUNIT_EXPECT_EQ(test, td->losts, 0);
}

/* A driver that does I/O in probe() is Connected from then on. */
static void states_early(struct kunit *test)
{
	struct test_dev *td = test_dev_new(test, TEST_TYPE);

	td->nr_queues = 1;
	td->early = true;
	test_dev_add(test, td);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_CONNECTED);
	/* DRIVER_OK is written once, and by nobody else */
	KUNIT_EXPECT_EQ(test, td->nr_steps, 7);
	EXPECT_WALK(test, td, VIRT_INITIALISING, VIRT_INITWAIT,
		    VIRT_INITIALISED, VIRT_CONNECTED);
}

static void states_no_driver(struct kunit *test)
{
	struct test_dev *td = test_dev_new(test, TEST_TYPE_IDLE);

	test_dev_add(test, td);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_INITIALISING);
	EXPECT_STEPS(test, td, { 0, VIRT_INITIALISING },
		     { ACK, VIRT_INITIALISING });
	test_dev_del(td);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_GONE);
	KUNIT_EXPECT_EQ(test, td->probes, 0);
}

static const int errors[] = { -EIO, -ENODEV, -ETIMEDOUT };

static void error_name(const int *error, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "error %d", *error);
}

KUNIT_ARRAY_PARAM(errors, errors, error_name);

/*
 * Where a device is left by a transfer that failed: not there any more; deaf;
 * or only unwilling, which breaks it if what it refused is a reset.
 */
static enum virt_state state_after(const struct test_dev *td)
{
	if (td->fail_with == -ENODEV)
		return VIRT_GONE;
	return td->fail_with == -ETIMEDOUT || td->failed_reset ? VIRT_BROKEN :
								 VIRT_CLOSED;
}

/* It can be tried again, unless it is gone; then all is well. */
static void expect_bindable(struct kunit *test, struct test_dev *td,
			    unsigned int n)
{
	bool again = virt_dev_state(td->vdev) != VIRT_GONE;

	KUNIT_EXPECT_EQ_MSG(test, test_dev_bind(td), again, "transfer %u", n);
	KUNIT_EXPECT_EQ_MSG(test, virt_dev_state(td->vdev),
			    again ? VIRT_CONNECTED : VIRT_GONE, "transfer %u",
			    n);
	KUNIT_EXPECT_STREQ(test, test_dev_error(test, td), "");
	KUNIT_EXPECT_EQ_MSG(test, !!virt_dev_queue(td->vdev, 1), again,
			    "transfer %u", n);
}

static bool was_told(const struct test_dev *td, u8 bit)
{
	unsigned int i;

	for (i = 0; i < td->nr_steps; i++)
		if (td->step[i].status & bit)
			return true;
	return false;
}

/* Probe has failed at transfer @n, and nothing is left of the attempt. */
static void expect_failed(struct kunit *test, struct test_dev *td,
			  unsigned int n)
{
	enum virt_state state = virt_dev_state(td->vdev);
	bool told = was_told(td, VIRTIO_CONFIG_S_FAILED);

	KUNIT_EXPECT_PTR_EQ_MSG(test, td->vdev->dev.driver, NULL,
				"transfer %u", n);
	KUNIT_EXPECT_EQ_MSG(test, state, state_after(td), "transfer %u", n);
	KUNIT_EXPECT_EQ_MSG(test, td->opens, td->closes, "transfer %u", n);
	KUNIT_EXPECT_EQ_MSG(test, td->losts, 0, "transfer %u", n);
	KUNIT_EXPECT_PTR_EQ_MSG(test, virt_dev_queue(td->vdev, 0), NULL,
				"transfer %u", n);
	/* who will listen is told that there was no agreement; the last is a reset */
	KUNIT_EXPECT_EQ_MSG(test, told, state == VIRT_CLOSED && !td->probes,
			    "transfer %u", n);
	if (state != VIRT_GONE)
		KUNIT_EXPECT_EQ_MSG(test, td->status, 0, "transfer %u", n);
	KUNIT_EXPECT_EQ_MSG(test, !*test_dev_error(test, td),
			    state != VIRT_BROKEN, "transfer %u", n);
	/* a device that does not hear a reset is kept from memory */
	KUNIT_EXPECT_EQ_MSG(test, td->cuts,
			    td->failed_reset && td->fail_with != -ENODEV,
			    "transfer %u", n);
}

static void expect_not_added(struct kunit *test, struct test_dev *td, int err,
			     const char *why)
{
	KUNIT_EXPECT_EQ(test, err, td->fail_with);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_GONE);
	KUNIT_EXPECT_NE(test, why[0], '\0');
	KUNIT_EXPECT_EQ(test, td->probes, 0);
}

static void states_fail_at_each_step(struct kunit *test)
{
	int error = *(const int *)test->param_value;
	unsigned int n, unseen = 0, unbound = 0;
	struct virt_why why;
	struct test_dev *td;
	int err;

	for (n = 1; n < TEST_STEPS; n++) {
		td = test_dev_new(test, TEST_TYPE);
		td->nr_queues = 2;
		td->fail_at = n;
		td->fail_with = error;
		why.text[0] = '\0';
		err = virt_dev_add(td->vdev, NULL, &why);
		td->added = !err;
		/* the name of the one before is free again */
		KUNIT_EXPECT_STREQ(test, virt_name(td->vdev), "dev0");
		if (!td->failed)
			break;
		if (err) {
			unseen++;
			expect_not_added(test, td, err, why.text);
			continue;
		}
		unbound++;
		expect_failed(test, td, n);
		expect_bindable(test, td, n);
		test_dev_del(td);
		KUNIT_EXPECT_EQ(test, td->opens, td->closes);
	}
	KUNIT_EXPECT_FALSE(test, td->failed);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_CONNECTED);
	/* reset and ACKNOWLEDGE; then the steps of 3.1.1 with two queues */
	KUNIT_EXPECT_EQ(test, unseen, 2);
	KUNIT_EXPECT_GE(test, unbound, 13);
}

/* The reset that ends it all fails. */
static void states_fail_at_remove(struct kunit *test)
{
	int error = *(const int *)test->param_value;
	struct test_dev *td = test_dev_new(test, TEST_TYPE);

	td->nr_queues = 2;
	test_dev_add(test, td);
	td->fail_at = td->transfers + 1;
	td->fail_with = error;
	test_dev_unbind(td);
	KUNIT_EXPECT_TRUE(test, td->failed_reset);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), state_after(td));
	KUNIT_EXPECT_EQ(test, td->cuts, error != -ENODEV);
	KUNIT_EXPECT_EQ(test, td->opens, 1);
	KUNIT_EXPECT_EQ(test, td->closes, 1);
	KUNIT_EXPECT_EQ(test, td->losts, 0);
	expect_bindable(test, td, 0);
}

/* The transport has no room for its events. */
static void states_no_events(struct kunit *test)
{
	struct test_dev *td = test_dev_new(test, TEST_TYPE);

	td->nr_queues = 2;
	td->events_error = -ENOSPC;
	test_dev_add(test, td);
	KUNIT_EXPECT_EQ(test, td->open_error, -ENOSPC);
	KUNIT_EXPECT_EQ(test, td->ring[0].size, 0);
	KUNIT_EXPECT_EQ(test, td->closes, 0);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_CLOSED);
	td->events_error = 0;
	expect_bindable(test, td, 0);
}

/* A device that takes other features than those agreed on is not used. */
static void states_features_refused(struct kunit *test)
{
	struct test_dev *td = test_dev_new(test, TEST_TYPE);

	td->refuses = true;
	test_dev_add(test, td);
	KUNIT_EXPECT_EQ(test, td->probes, 0);
	KUNIT_EXPECT_TRUE(test, was_told(td, VIRTIO_CONFIG_S_FAILED));
	KUNIT_EXPECT_FALSE(test, was_told(td, VIRTIO_CONFIG_S_DRIVER_OK));
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_CLOSED);
	td->refuses = false;
	KUNIT_EXPECT_TRUE(test, test_dev_bind(td));
}

static void states_features(struct kunit *test)
{
	struct test_dev *td = test_dev_new(test, TEST_TYPE);

	/* without VERSION_1 there is nothing to agree on */
	td->offered = BIT_ULL(1);
	test_dev_add(test, td);
	KUNIT_EXPECT_EQ(test, td->probes, 0);
	KUNIT_EXPECT_EQ(test, virt_dev_state(td->vdev), VIRT_CLOSED);
	/* what only one side knows is left out; DMA is not asked for */
	td->offered = BIT_ULL(VIRTIO_F_VERSION_1) | BIT_ULL(1) | BIT_ULL(63) |
		      BIT_ULL(VIRTIO_F_ACCESS_PLATFORM);
	KUNIT_EXPECT_TRUE(test, test_dev_bind(td));
	KUNIT_EXPECT_EQ(test, td->accepted, BIT_ULL(VIRTIO_F_VERSION_1));
	KUNIT_EXPECT_EQ(test, td->vdev->features, td->accepted);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(states_life),
	KUNIT_CASE(states_early),
	KUNIT_CASE(states_no_driver),
	KUNIT_CASE_PARAM(states_fail_at_each_step, errors_gen_params),
	KUNIT_CASE_PARAM(states_fail_at_remove, errors_gen_params),
	KUNIT_CASE(states_no_events),
	KUNIT_CASE(states_features_refused),
	KUNIT_CASE(states_features),
	{ }
};

struct kunit_suite states_suite = {
	.name = "virtbus_states",
	.suite_init = test_glue_open,
	.suite_exit = test_glue_close,
	.test_cases = cases,
};
