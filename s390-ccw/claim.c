// SPDX-License-Identifier: GPL-2.0
/*
 * claim.c - requests for devices: claim= and specs
 *
 * claim= is a list of addresses. What is there and free is taken when it is
 * written, what comes later when the in-tree driver has bound it: that one is
 * asked first, always.
 */
#include <linux/delay.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "ccw.h"

#define VCCW_TEXT_MAX	512

/*
 * A disk that has just come is opened for a moment by who looks at all of them: the
 * kernel for partitions, udev for what is on it. That is waited for.
 */
#define VCCW_PATIENCE_MS	2000
#define VCCW_LOOK_MS		50

static DEFINE_MUTEX(claiming_lock);
static bool claiming;				/* claiming_lock */

/* What is claimed. Written under both locks. */
static DEFINE_SPINLOCK(claim_lock);
static struct virt_claim claim;
static char claim_text[VCCW_TEXT_MAX];

static bool is_virtio(struct device *dev)
{
	return to_ccwdev(dev)->id.cu_type == VCCW_CU_TYPE;
}

static bool is_claimed(struct ccw_device *cdev)
{
	struct ccw_dev_id id;
	bool ret;

	ccw_device_get_id(cdev, &id);
	spin_lock(&claim_lock);
	ret = virt_claim_match(&claim, vccw_key(&id));
	spin_unlock(&claim_lock);
	return ret;
}

static bool claim_is_all(void)
{
	bool ret;

	spin_lock(&claim_lock);
	ret = claim.all;
	spin_unlock(&claim_lock);
	return ret;
}

/* Somebody uses it: is it worth while to ask again? */
static bool may_be_free_soon(struct ccw_device *cdev, unsigned long until)
{
	return READ_ONCE(claiming) && is_claimed(cdev) &&
	       time_before(jiffies, until);
}

/* @patience: for how many ms one that is in use is asked for again */
static int claim_one(struct ccw_device *cdev, unsigned int patience)
{
	unsigned long until = jiffies + msecs_to_jiffies(patience);
	struct virt_why why;
	int ret;

	for (;;) {
		why.text[0] = '\0';
		ret = vccw_make_ours(cdev, VCCW_BIND_CLAIM, &why);
		if (ret != -EBUSY || !may_be_free_soon(cdev, until))
			break;
		msleep(VCCW_LOOK_MS);
	}
	if (ret == -ESHUTDOWN)
		return 0;
	if (ret < 0)
		dev_warn(&cdev->dev, "not claimed: %s\n", why.text);
	return min(ret, 0);
}

static int claim_each(struct device *dev, void *first_error)
{
	struct ccw_device *cdev = to_ccwdev(dev);
	int *error = first_error;
	int ret;

	if (!is_virtio(dev) || !is_claimed(cdev))
		return 0;
	ret = claim_one(cdev, 0);
	/* "all" asks for no more than there are drivers for. */
	if (!*error && !(ret == -ENODEV && claim_is_all()))
		*error = ret;
	return 0;
}

static void claim_errand(struct ccw_device *cdev)
{
	/* While loading, vccw_claim_present() will find it. */
	if (!READ_ONCE(claiming) || !is_claimed(cdev))
		return;
	claim_one(cdev, VCCW_PATIENCE_MS);
	vccw_device_online_waiting();
}

/* A driver was bound; the device lock is held. */
static int bus_event(struct notifier_block *nb, unsigned long event,
		     void *data)
{
	struct device *dev = data;

	if (event != BUS_NOTIFY_BOUND_DRIVER ||
	    dev->driver == &vccw_driver.driver || vccw_giving_back(dev) ||
	    !is_virtio(dev) || !is_claimed(to_ccwdev(dev)))
		return NOTIFY_DONE;
	if (vccw_errand(to_ccwdev(dev), claim_errand))
		dev_warn(dev, "not claimed: no memory\n");
	return NOTIFY_DONE;
}

static struct notifier_block bus_nb = { .notifier_call = bus_event };

static int claim_all(void)
{
	int error = 0;

	lockdep_assert_held(&claiming_lock);
	/* What is on its way back must arrive there first. */
	vccw_errands_wait();
	bus_for_each_dev(vccw_driver.driver.bus, NULL, &error, claim_each);
	vccw_device_online_waiting();
	vccw_device_wait();
	return error;
}

static int claim_set(const char *text, const struct kernel_param *kp)
{
	struct virt_claim new;
	int ret;

	ret = text ? virt_claim_parse(&new, text, vccw_addr) : -EINVAL;
	if (ret || strlen(text) >= VCCW_TEXT_MAX) {
		pr_err("virtbus_ccw: claim=%.*s is wrong: give addresses (0.0.1000), ranges (0.0.1000-0.0.10ff), up to %u of them with commas, or all\n",
		       min(64, text ? (int)strcspn(text, "\n") : 0), text, VIRT_CLAIMS);
		return -EINVAL;
	}
	mutex_lock(&claiming_lock);
	spin_lock(&claim_lock);
	claim = new;
	strscpy(claim_text, text, sizeof(claim_text));
	claim_text[strcspn(claim_text, "\n")] = '\0';
	spin_unlock(&claim_lock);
	if (claiming)
		ret = claim_all();
	mutex_unlock(&claiming_lock);
	return ret;
}

static int claim_get(char *buf, const struct kernel_param *kp)
{
	int ret;

	spin_lock(&claim_lock);
	ret = scnprintf(buf, PAGE_SIZE, "%s\n", claim_text);
	spin_unlock(&claim_lock);
	return ret;
}

const struct kernel_param_ops vccw_claim_ops = {
	.set = claim_set,
	.get = claim_get,
};

static int match_key(struct device *dev, const void *key)
{
	struct ccw_dev_id id;

	ccw_device_get_id(to_ccwdev(dev), &id);
	return vccw_key(&id) == *(const u64 *)key;
}

/* virt_transport.config(): NAME=ccw,0.0.1000 */
int vccw_config(const struct virt_spec *spec, struct virt_why *why)
{
	static const char *const keys[] = { NULL };
	struct ccw_device *cdev;
	struct device *dev;
	u64 key;
	int ret, had;

	ret = virt_spec_only_keys(spec, keys, why);
	if (ret)
		return ret;
	if (spec->nargs != 1 || vccw_addr(spec->args[0], &key)) {
		virt_why(why, "ccw wants one address: %s=ccw,0.0.1000",
			 spec->name);
		return -EINVAL;
	}
	dev = bus_find_device(vccw_driver.driver.bus, NULL, &key, match_key);
	if (!dev) {
		virt_why(why, "there is no channel device %s: see /sys/bus/ccw/devices",
			 spec->args[0]);
		return -ENODEV;
	}
	cdev = to_ccwdev(dev);
	if (!is_virtio(dev)) {
		virt_why(why, "%s is not a virtio device: its control unit type is %04x, not %04x",
			 dev_name(dev), cdev->id.cu_type, VCCW_CU_TYPE);
		ret = -ENODEV;
		goto out;
	}

	/* What is on its way back must arrive there first. */
	vccw_errands_wait();
	had = vccw_make_ours(cdev, VCCW_BIND_SPEC, why);
	ret = had < 0 ? had : vccw_device_config(cdev, spec->name, why);
	/* Leave nothing half made: it goes back to where it was. */
	if (ret && ret != -EBUSY && !had)
		vccw_unmake_ours(cdev);
out:
	put_device(dev);
	return ret;
}

/* The driver is registered: what comes is claimed from now on. */
int vccw_claim_start(void)
{
	return bus_register_notifier(vccw_driver.driver.bus, &bus_nb);
}

/* Take what is there. What is refused is told to the log. */
void vccw_claim_present(void)
{
	mutex_lock(&claiming_lock);
	WRITE_ONCE(claiming, true);
	claim_all();
	mutex_unlock(&claiming_lock);
}

/* Nothing is claimed any more when this returns. */
void vccw_claim_stop(void)
{
	mutex_lock(&claiming_lock);
	WRITE_ONCE(claiming, false);
	mutex_unlock(&claiming_lock);
	bus_unregister_notifier(vccw_driver.driver.bus, &bus_nb);
}
