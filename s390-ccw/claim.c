// SPDX-License-Identifier: GPL-2.0
/*
 * claim.c - who drives a device: taking from the in-tree driver, giving back
 *
 * virtio_ccw is built into most kernels and binds to every virtio device before
 * we are asked. A device of its is taken on request only: by claim= or by a spec
 * that names it; not while it is in use; and it is given back when it is unbound
 * from us.
 *
 * That driver puts devices online asynchronously without the device lock. To
 * unbind it while it does so leaves a live virtio device behind that nobody
 * owns. So its work is waited for first.
 */
#include <linux/async.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ccw.h"

#define VCCW_IN_TREE	"virtio_ccw"
#define VCCW_TEXT_MAX	512

/* Serialises taking, giving, and the end of both. */
static DEFINE_MUTEX(bind_lock);

/* We are registered, and not on the way out. bind_lock. */
static bool may_take;

/* The binding that we are making: read by our own probe(). bind_lock. */
static struct {
	struct ccw_device *cdev;
	bool taken;
	bool for_spec;
} binding;

/* The device that we give back: the notifier must not claim it. bind_lock. */
static struct device *giving;

static DEFINE_SPINLOCK(claim_lock);
static struct virt_claim claim;
static char claim_text[VCCW_TEXT_MAX];

/* Ordered: a device is given back before it is taken again. */
static struct workqueue_struct *errand_wq;

/**
 * struct errand - something to do about a device without its lock
 * @work: the work item
 * @cdev: the device; referenced
 * @back: give it back, else take it
 */
struct errand {
	struct work_struct work;
	struct ccw_device *cdev;
	bool back;
};

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

/**
 * vccw_binding() - is probe() called on our own behalf?
 * @cdev: the device that is bound
 * @taken: set to whether it is to be given back one day
 *
 * Return: true when it is bound for a spec, which puts it online.
 */
bool vccw_binding(struct ccw_device *cdev, bool *taken)
{
	if (READ_ONCE(binding.cdev) != cdev)
		return false;
	*taken = binding.taken;
	return binding.for_spec;
}

static int attach(struct ccw_device *cdev, bool taken, bool for_spec)
{
	int ret;

	lockdep_assert_held(&bind_lock);
	binding.taken = taken;
	binding.for_spec = for_spec;
	WRITE_ONCE(binding.cdev, cdev);
	ret = device_driver_attach(&vccw_driver.driver, &cdev->dev);
	WRITE_ONCE(binding.cdev, NULL);
	return ret;
}

/* Nothing to do for a device that is going away or has found a driver. */
static void attach_in_tree(struct ccw_device *cdev)
{
	struct device_driver *drv;
	int ret;

	lockdep_assert_held(&bind_lock);
	drv = driver_find(VCCW_IN_TREE, vccw_driver.driver.bus);
	if (!drv)
		return;
	WRITE_ONCE(giving, &cdev->dev);
	ret = device_driver_attach(drv, &cdev->dev);
	WRITE_ONCE(giving, NULL);
	if (ret && ret != -ENODEV && ret != -EBUSY)
		dev_err(&cdev->dev,
			"not given back to " VCCW_IN_TREE " (error %d): write %s to its bind\n",
			ret, dev_name(&cdev->dev));
}

/* Who drives it now, in one look: our driver, the in-tree one, another. */
enum owner { NOBODY, OURS, IN_TREE, OTHER };

static enum owner owner(struct ccw_device *cdev)
{
	const struct device_driver *drv;
	enum owner ret = OTHER;

	device_lock(&cdev->dev);
	drv = cdev->dev.driver;
	if (!drv)
		ret = NOBODY;
	else if (drv == &vccw_driver.driver)
		ret = OURS;
	else if (!strcmp(drv->name, VCCW_IN_TREE))
		ret = IN_TREE;
	device_unlock(&cdev->dev);
	return ret;
}

static int take(struct ccw_device *cdev, bool for_spec, struct virt_why *why)
{
	struct virt_hold hold;
	int ret;

	lockdep_assert_held(&bind_lock);
	/* What it is still putting online could be neither seen nor held. */
	async_synchronize_full();
	ret = virt_hold(&cdev->dev, cdev->id.cu_model, &hold, why);
	if (ret)
		return ret;
	/* In case it was bound again in between. */
	async_synchronize_full();
	device_release_driver(&cdev->dev);
	virt_unhold(&hold);

	ret = attach(cdev, true, for_spec);
	if (ret) {
		virt_why(why, "it cannot be bound (error %d)", ret);
		attach_in_tree(cdev);
	} else {
		dev_info(&cdev->dev, "taken from " VCCW_IN_TREE "\n");
	}
	return ret;
}

/* Make it ours. Return: 0, 1 when it was already, or -errno and why. */
static int make_ours(struct ccw_device *cdev, bool for_spec,
		     struct virt_why *why)
{
	int ret;

	lockdep_assert_held(&bind_lock);
	if (!may_take) {
		virt_why(why, "virtbus_ccw is being loaded or unloaded");
		return -ENODEV;
	}
	switch (owner(cdev)) {
	case OURS:
		return 1;
	case IN_TREE:
		return take(cdev, for_spec, why);
	case NOBODY:
		ret = attach(cdev, false, for_spec);
		if (ret)
			virt_why(why, "it cannot be bound (error %d)", ret);
		return ret;
	default:
		virt_why(why, "another driver than " VCCW_IN_TREE " has it: unbind that first");
		return -EBUSY;
	}
}

static int claim_one(struct ccw_device *cdev)
{
	struct virt_why why = {};
	int ret = 0;

	mutex_lock(&bind_lock);
	if (may_take)
		ret = make_ours(cdev, false, &why);
	mutex_unlock(&bind_lock);
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
	ret = claim_one(cdev);
	/* "all" asks for no more than there are drivers for. */
	if (!*error && !(ret == -ENODEV && claim_is_all()))
		*error = ret;
	return 0;
}

static void do_errand(struct work_struct *work)
{
	struct errand *e = container_of(work, struct errand, work);

	if (e->back) {
		mutex_lock(&bind_lock);
		attach_in_tree(e->cdev);
		mutex_unlock(&bind_lock);
	} else if (is_claimed(e->cdev)) {
		claim_one(e->cdev);
	}
	put_device(&e->cdev->dev);
	kfree(e);
}

static int send_errand(struct ccw_device *cdev, bool back)
{
	struct errand *e = kmalloc(sizeof(*e), GFP_KERNEL);

	if (!e)
		return -ENOMEM;
	INIT_WORK(&e->work, do_errand);
	get_device(&cdev->dev);
	e->cdev = cdev;
	e->back = back;
	queue_work(errand_wq, &e->work);
	return 0;
}

/* Called by remove(): when the device lock is free again, not before. */
void vccw_give_back(struct ccw_device *cdev)
{
	if (send_errand(cdev, true))
		dev_err(&cdev->dev,
			"not given back to " VCCW_IN_TREE ", no memory: write %s to its bind\n",
			dev_name(&cdev->dev));
}

/* A driver was bound; the device lock is held. */
static int bus_event(struct notifier_block *nb, unsigned long event,
		     void *data)
{
	struct device *dev = data;

	if (event != BUS_NOTIFY_BOUND_DRIVER ||
	    dev->driver == &vccw_driver.driver || READ_ONCE(giving) == dev ||
	    !is_virtio(dev) || !is_claimed(to_ccwdev(dev)))
		return NOTIFY_DONE;
	if (send_errand(to_ccwdev(dev), false))
		dev_warn(dev, "not claimed: no memory\n");
	return NOTIFY_DONE;
}

static struct notifier_block bus_nb = { .notifier_call = bus_event };

static int claim_all(void)
{
	int error = 0;

	/* What is on its way back must arrive there first. */
	flush_workqueue(errand_wq);
	bus_for_each_dev(vccw_driver.driver.bus, NULL, &error, claim_each);
	vccw_device_wait();
	return error;
}

static int claim_set(const char *text, const struct kernel_param *kp)
{
	struct virt_claim new;
	size_t len = strcspn(text, "\n");
	char *copy;
	bool now;
	int ret;

	if (len >= VCCW_TEXT_MAX)
		return -E2BIG;
	copy = kstrndup(text, len, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	ret = virt_claim_parse(&new, copy, vccw_addr);
	if (ret) {
		pr_err("claim=%s: wanted are addresses such as 0.0.1000, ranges such as 0.0.1000-0.0.10ff, several with commas, or all\n",
		       copy);
	} else {
		spin_lock(&claim_lock);
		claim = new;
		strscpy(claim_text, copy, sizeof(claim_text));
		spin_unlock(&claim_lock);
	}
	kfree(copy);
	if (ret)
		return ret;
	mutex_lock(&bind_lock);
	now = may_take;
	mutex_unlock(&bind_lock);
	return now ? claim_all() : 0;
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
	flush_workqueue(errand_wq);
	mutex_lock(&bind_lock);
	had = make_ours(cdev, true, why);
	mutex_unlock(&bind_lock);
	ret = had < 0 ? had : vccw_device_config(cdev, spec->name, why);
	/* Leave nothing half made: it goes back to where it was. */
	if (ret && ret != -EBUSY && !had && owner(cdev) == OURS)
		device_release_driver(dev);
out:
	put_device(dev);
	return ret;
}

int vccw_claim_init(void)
{
	errand_wq = alloc_ordered_workqueue("virtbus_ccw_claim", 0);
	return errand_wq ? 0 : -ENOMEM;
}

/* The driver is registered. */
int vccw_claim_start(void)
{
	int ret = bus_register_notifier(vccw_driver.driver.bus, &bus_nb);

	if (ret)
		return ret;
	mutex_lock(&bind_lock);
	may_take = true;
	mutex_unlock(&bind_lock);
	return 0;
}

/* Take what is claimed and there; the rest as it comes. */
void vccw_claim_present(void)
{
	claim_all();
}

/* Nothing is taken any more when this returns. */
void vccw_claim_stop(void)
{
	mutex_lock(&bind_lock);
	may_take = false;
	mutex_unlock(&bind_lock);
	bus_unregister_notifier(vccw_driver.driver.bus, &bus_nb);
}

/* Everything is given back when this returns. */
void vccw_claim_exit(void)
{
	destroy_workqueue(errand_wq);
}
