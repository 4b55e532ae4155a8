/* SPDX-License-Identifier: GPL-2.0 */
/*
 * test_dev.h - a device whose device end is a structure, and what happened to it
 *
 * Everything is done by the test's own thread, except lost() and
 * config_changed(), which run in the bus's work items: wait for their completions.
 */
#ifndef _VIRTBUS_KUNIT_TEST_DEV_H
#define _VIRTBUS_KUNIT_TEST_DEV_H

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/spinlock.h>
#include <linux/virtio_config.h>

#include <virtbus/virt_glue.h>

/* Kinds that no driver has but ours, and none at all. */
#define TEST_TYPE	0x7ffe
#define TEST_TYPE_IDLE	0x7ffd

#define TEST_QUEUES	3
#define TEST_STEPS	48

/**
 * struct test_step - one write of the device status
 * @status: what was written
 * @state: the device's state at that moment
 */
struct test_step {
	u8 status;
	u8 state;
};

/**
 * struct test_ring - what the device end was told of a queue
 * @offered: the size that it offers, 0: no such queue
 * @size: descriptors; 0: the queue is not enabled
 * @desc: address of the descriptors
 * @avail: address of the driver's area
 * @used: address of the device's area
 * @kicks: times that it was notified
 */
struct test_ring {
	u16 offered;
	u16 size;
	u64 desc;
	u64 avail;
	u64 used;
	unsigned int kicks;
};

/**
 * struct test_dev - a device under test
 * @vdev: the device
 * @added: virt_dev_add() has succeeded
 *
 * @offered: features of the device end
 * @accepted: what the driver wrote
 * @status: the device status
 * @refuses: it does not take FEATURES_OK
 * @ring: its queues
 *
 * @fail_at: this transfer fails, counted from 1; 0: none
 * @fail_with: its -errno
 * @failed: it has failed
 * @failed_reset: it was a reset
 * @events_error: what events_open() says
 *
 * @nr_queues: queues that the driver opens
 * @param: what it wants of them
 * @early: it calls virt_dev_ready() itself
 * @in_probe: something that happens in the middle of probe(), or NULL
 * @in_remove: the same of remove()
 *
 * @queue: the queues that the driver has opened
 * @open_error: what virt_queues_open() said
 * @transfers: transfers so far
 * @opens: successful calls of events_open()
 * @closes: calls of events_close()
 * @cuts: calls of cut()
 * @probes: calls of probe()
 * @removes: calls of remove()
 * @losts: calls of lost()
 * @status_at_lost: @status during lost()
 * @configs: calls of config_changed()
 * @callbacks: events that reached the driver
 * @lost_done: lost() was called
 * @config_done: config_changed() was called
 *
 * @lock: protects the rest
 * @step: writes of the status
 * @nr_steps: how many
 * @walk: states that were seen by transfers and by the driver, without repeats
 * @nr_walk: how many
 */
struct test_dev {
	struct virt_dev *vdev;
	bool added;

	u64 offered;
	u64 accepted;
	u8 status;
	bool refuses;
	struct test_ring ring[TEST_QUEUES];

	unsigned int fail_at;
	int fail_with;
	bool failed;
	bool failed_reset;
	int events_error;

	unsigned int nr_queues;
	struct virt_queue_param param[TEST_QUEUES];
	bool early;
	void (*in_probe)(struct test_dev *td);
	void (*in_remove)(struct test_dev *td);

	struct virt_queue *queue[TEST_QUEUES];
	int open_error;
	unsigned int transfers;
	unsigned int opens;
	unsigned int closes;
	unsigned int cuts;
	unsigned int probes;
	unsigned int removes;
	unsigned int losts;
	u8 status_at_lost;
	unsigned int configs;
	unsigned int callbacks;
	struct completion lost_done;
	struct completion config_done;

	spinlock_t lock;		/* protects the rest */
	struct test_step step[TEST_STEPS];
	unsigned int nr_steps;
	u8 walk[TEST_STEPS];
	unsigned int nr_walk;
};

static inline struct test_dev *test_dev_of(const struct virt_dev *vdev)
{
	return *(struct test_dev **)virt_dev_glue(vdev);
}

/* glue.c */
extern const struct virt_transport test_transport;
int test_glue_open(struct kunit_suite *suite);
void test_glue_close(struct kunit_suite *suite);
struct test_dev *test_dev_new(struct kunit *test, u32 type);
void test_dev_add(struct kunit *test, struct test_dev *td);
void test_dev_del(struct test_dev *td);
void test_dev_unbind(struct test_dev *td);
bool test_dev_bind(struct test_dev *td);
void test_note(struct test_dev *td);
const char *test_dev_error(struct kunit *test, struct test_dev *td);
bool test_wait(struct completion *done);

/* driver.c */
extern struct virt_driver test_driver;

/* hush.c */
int test_hush(bool on);

/* the suites, each in the file of its name */
extern struct kunit_suite states_suite;
extern struct kunit_suite lost_suite;
extern struct kunit_suite names_suite;
extern struct kunit_suite spec_suite;
extern struct kunit_suite queue_open_suite;
extern struct kunit_suite queue_suite;
extern struct kunit_suite violation_suite;

#endif /* _VIRTBUS_KUNIT_TEST_DEV_H */
