// SPDX-License-Identifier: GPL-2.0
/*
 * end.c - a device end's life and its control side: features, status,
 *	   configuration
 */
#include <linux/slab.h>
#include <linux/virtio_config.h>

#include "end.h"

#define RING_FEATURES	(BIT_ULL(VIRTIO_F_VERSION_1) |		\
			 BIT_ULL(VIRTIO_RING_F_EVENT_IDX) |	\
			 BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC))

/* keys that every end knows; the back ends need not */
static const char *const common_keys[] = {
	"event_idx", "indirect", "fault", NULL
};

static bool listed(const char *const *keys, const char *key)
{
	for (; *keys; keys++)
		if (!strcmp(*keys, key))
			return true;
	return false;
}

/* The same spec without the keys that are not the back end's. */
static struct virt_spec *backend_spec(const struct virt_spec *spec,
				      const struct virt_end_host *host)
{
	struct virt_spec *own = kmemdup(spec, sizeof(*spec), GFP_KERNEL);
	unsigned int i;

	if (!own)
		return NULL;
	/* Its strings are those in *spec, which outlives it. */
	own->nkeys = 0;
	for (i = 0; i < spec->nkeys; i++)
		if (!listed(common_keys, spec->keys[i].key) &&
		    !listed(host->keys, spec->keys[i].key))
			own->keys[own->nkeys++] = spec->keys[i];
	return own;
}

static int ring_features(const struct virt_spec *spec, u64 *features,
			 struct virt_why *why)
{
	static const struct {
		const char *key;
		u64 bit;
	} switches[] = {
		{ "event_idx", BIT_ULL(VIRTIO_RING_F_EVENT_IDX) },
		{ "indirect", BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC) },
	};
	unsigned int i;
	bool on;

	*features |= RING_FEATURES;
	for (i = 0; i < ARRAY_SIZE(switches); i++) {
		const char *value = virt_spec_key(spec, switches[i].key);

		if (!value)
			continue;
		if (kstrtobool(value, &on)) {
			virt_why(why, "%s=%s: say 0 or 1", switches[i].key,
				 value);
			return -EINVAL;
		}
		if (!on)
			*features &= ~switches[i].bit;
	}
	return 0;
}

static void keep_spec(struct virt_end_core *core, const struct virt_spec *spec)
{
	size_t len = 0;
	unsigned int i;

	if (spec->nargs)
		strscpy(core->first, spec->args[0], sizeof(core->first));
	for (i = 1; i < spec->nargs; i++)
		len += scnprintf(core->rest + len, sizeof(core->rest) - len,
				 ",%s", spec->args[i]);
	for (i = 0; i < spec->nkeys; i++)
		len += scnprintf(core->rest + len, sizeof(core->rest) - len,
				 ",%s=%s", spec->keys[i].key,
				 spec->keys[i].value);
}

static struct virt_end *make(struct virt_end_backend *backend,
			     const struct virt_spec *spec,
			     const struct virt_end_host *host,
			     struct virt_why *why)
{
	struct virt_spec *own = backend_spec(spec, host);
	struct virt_end_core *core;
	struct virt_end *end;
	unsigned int i;

	if (!own)
		return ERR_PTR(-ENOMEM);
	end = backend->create(own, why);
	kfree(own);
	if (IS_ERR(end))
		return end;

	if (WARN_ON(!end->nr_queues || end->nr_queues > VIRT_END_QUEUES ||
		    !is_power_of_2(end->queue_size) ||
		    end->queue_size > VIRT_END_QUEUE_SIZE ||
		    !end->ops->reset || !end->ops->serve)) {
		backend->destroy(end);
		return ERR_PTR(-EINVAL);
	}

	core = kzalloc(struct_size(core, queue, end->nr_queues), GFP_KERNEL);
	if (!core) {
		backend->destroy(end);
		return ERR_PTR(-ENOMEM);
	}
	end->core = core;
	core->host = host;
	core->backend = backend;
	strscpy(core->name, spec->name, sizeof(core->name));
	mutex_init(&core->lock);
	mutex_init(&core->config_lock);
	virt_faults_init(&core->faults);
	keep_spec(core, spec);
	for (i = 0; i < end->nr_queues; i++)
		virt_end_queue_init(end, i);
	return end;
}

struct virt_end *virt_end_create(const struct virt_spec *spec,
				 const struct virt_end_host *host,
				 void *host_data, u64 features,
				 struct virt_why *why)
{
	struct virt_end_backend *backend;
	struct virt_end *end;
	const char *fault;
	int ret;

	ret = ring_features(spec, &features, why);
	if (ret)
		return ERR_PTR(ret);

	backend = virt_end_backend_get(spec->backend, why);
	if (IS_ERR(backend))
		return ERR_CAST(backend);

	end = make(backend, spec, host, why);
	if (IS_ERR(end)) {
		if (PTR_ERR(end) == -ENOMEM)
			virt_why(why, "no memory for a device end");
		virt_end_backend_put(backend);
		return end;
	}
	end->host_data = host_data;
	end->core->features = features | end->features;

	fault = virt_spec_key(spec, "fault");
	ret = fault ? virt_fault_arm(end, fault, why) : 0;
	if (ret) {
		virt_end_destroy(end);
		return ERR_PTR(ret);
	}
	return end;
}
EXPORT_SYMBOL_NS_GPL(virt_end_create, "VIRTBUS_END");

static void stop_queues(struct virt_end *end)
{
	unsigned int i;

	lockdep_assert_held(&end->core->lock);
	/* All at once first: they end beside each other. */
	for (i = 0; i < end->nr_queues; i++)
		WRITE_ONCE(end->core->queue[i].running, false);
	for (i = 0; i < end->nr_queues; i++)
		virt_end_queue_stop(&end->core->queue[i]);
}

static void reset(struct virt_end *end)
{
	struct virt_end_core *core = end->core;

	stop_queues(end);
	end->ops->reset(end);
	core->accepted = 0;
	WRITE_ONCE(core->status, 0);
	clear_bit(0, &core->needs_reset);
}

void virt_end_destroy(struct virt_end *end)
{
	struct virt_end_core *core = end->core;
	struct virt_end_backend *backend = core->backend;
	unsigned int i, n = end->nr_queues;

	mutex_lock(&core->lock);
	reset(end);
	mutex_unlock(&core->lock);

	backend->destroy(end);
	/* another end may have kicked a queue that was just being stopped */
	for (i = 0; i < n; i++)
		cancel_work_sync(&core->queue[i].work);
	kfree(core);
	virt_end_backend_put(backend);
}
EXPORT_SYMBOL_NS_GPL(virt_end_destroy, "VIRTBUS_END");

int virt_end_spec(struct virt_end *end, char *buf, size_t size)
{
	struct virt_end_core *core = end->core;
	int len;

	mutex_lock(&core->lock);
	len = scnprintf(buf, size, "%s%s%s%s", core->backend->name,
			core->first[0] ? "," : "", core->first, core->rest);
	mutex_unlock(&core->lock);
	return len;
}
EXPORT_SYMBOL_NS_GPL(virt_end_spec, "VIRTBUS_END");

int virt_end_usable(const struct virt_end *end)
{
	return READ_ONCE(end->core->gone) ? -ENODEV : 0;
}
EXPORT_SYMBOL_NS_GPL(virt_end_usable, "VIRTBUS_END");

u64 virt_end_features(struct virt_end *end)
{
	u64 features = end->core->features;

	if (virt_fault(end, FAULT_FEATURES_ALL))
		features = U64_MAX;
	if (virt_fault(end, FAULT_NO_VERSION_1))
		features &= ~BIT_ULL(VIRTIO_F_VERSION_1);
	WRITE_ONCE(end->core->offered, features);
	return features;
}
EXPORT_SYMBOL_NS_GPL(virt_end_features, "VIRTBUS_END");

int virt_end_accept(struct virt_end *end, u64 features)
{
	struct virt_end_core *core = end->core;
	int ret = 0;

	mutex_lock(&core->lock);
	if (core->status & VIRTIO_CONFIG_S_FEATURES_OK)
		ret = -EBUSY;
	else
		core->accepted = features;
	mutex_unlock(&core->lock);
	return ret;
}
EXPORT_SYMBOL_NS_GPL(virt_end_accept, "VIRTBUS_END");

u8 virt_end_status(const struct virt_end *end)
{
	const struct virt_end_core *core = end->core;

	return READ_ONCE(core->status) |
	       (test_bit(0, &core->needs_reset) ? VIRTIO_CONFIG_S_NEEDS_RESET :
						  0);
}
EXPORT_SYMBOL_NS_GPL(virt_end_status, "VIRTBUS_END");

/* Virtio 1.2, 2.2.2: a subset of what was offered; 6.3: VERSION_1. */
static bool suits(struct virt_end *end)
{
	const struct virt_end_core *core = end->core;

	return !(core->accepted & ~READ_ONCE(core->offered)) &&
	       (core->accepted & BIT_ULL(VIRTIO_F_VERSION_1)) &&
	       !virt_fault(end, FAULT_FEATURES_REFUSED);
}

int virt_end_set_status(struct virt_end *end, u8 status)
{
	struct virt_end_core *core = end->core;
	unsigned int i;
	u8 added;
	int ret = 0;

	mutex_lock(&core->lock);
	if (!status) {
		if (virt_fault(end, FAULT_RESET_STUCK))
			ret = -ETIMEDOUT;
		else
			reset(end);
		goto out;
	}

	/* Only a reset clears bits (2.1.1), and this one is ours to set. */
	added = status & ~core->status & ~VIRTIO_CONFIG_S_NEEDS_RESET;
	if ((added & VIRTIO_CONFIG_S_FEATURES_OK) && !suits(end))
		added &= ~VIRTIO_CONFIG_S_FEATURES_OK;
	WRITE_ONCE(core->status, core->status | added);
	if ((added & VIRTIO_CONFIG_S_DRIVER_OK) &&
	    (core->status & VIRTIO_CONFIG_S_FEATURES_OK))
		for (i = 0; i < end->nr_queues; i++)
			virt_end_queue_start(&core->queue[i]);
out:
	mutex_unlock(&core->lock);
	return ret;
}
EXPORT_SYMBOL_NS_GPL(virt_end_set_status, "VIRTBUS_END");

void virt_end_cut(struct virt_end *end)
{
	struct virt_end_core *core = end->core;

	mutex_lock(&core->lock);
	stop_queues(end);
	end->ops->reset(end);
	mutex_unlock(&core->lock);
}
EXPORT_SYMBOL_NS_GPL(virt_end_cut, "VIRTBUS_END");

/* The fault gone: like a card that was pulled out. */
void virt_end_vanish(struct virt_end *end)
{
	struct virt_end_core *core = end->core;

	WRITE_ONCE(core->gone, true);
	virt_end_cut(end);
	core->host->gone(end);
}

void virt_end_broken(struct virt_end *end, const char *fmt, ...)
{
	struct virt_end_core *core = end->core;
	struct va_format vaf;
	va_list args;

	/* No queue runs from here on: virt_end_queue_running(). */
	if (test_and_set_bit(0, &core->needs_reset))
		return;
	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	pr_warn("%s: the driver broke the rules: %pV; the device end waits for a reset\n",
		core->name, &vaf);
	va_end(args);
	core->host->config_event(end);
}
EXPORT_SYMBOL_NS_GPL(virt_end_broken, "VIRTBUS_END");

void virt_end_config_lock(struct virt_end *end)
{
	mutex_lock(&end->core->config_lock);
}
EXPORT_SYMBOL_NS_GPL(virt_end_config_lock, "VIRTBUS_END");

void virt_end_config_unlock(struct virt_end *end)
{
	mutex_unlock(&end->core->config_lock);
}
EXPORT_SYMBOL_NS_GPL(virt_end_config_unlock, "VIRTBUS_END");

void virt_end_config_changed(struct virt_end *end)
{
	end->core->host->config_event(end);
}
EXPORT_SYMBOL_NS_GPL(virt_end_config_changed, "VIRTBUS_END");

size_t virt_end_read_config(struct virt_end *end, size_t offset, void *buf,
			    size_t size)
{
	if (offset >= end->config_size)
		return 0;
	size = min(size, end->config_size - offset);
	virt_end_config_lock(end);
	memcpy(buf, end->config + offset, size);
	virt_end_config_unlock(end);
	virt_fault_config(end, buf, size);
	return size;
}
EXPORT_SYMBOL_NS_GPL(virt_end_read_config, "VIRTBUS_END");

int virt_end_write_config(struct virt_end *end, size_t offset, const void *data,
			  size_t size)
{
	if (offset > end->config_size || size > end->config_size - offset)
		return -EINVAL;
	if (end->ops->config_write) {
		virt_end_config_lock(end);
		end->ops->config_write(end, offset, data, size);
		virt_end_config_unlock(end);
	}
	return 0;
}
EXPORT_SYMBOL_NS_GPL(virt_end_write_config, "VIRTBUS_END");

/* 64M rather than 67108864: people read it. */
static void print_size(char *buf, size_t size, u64 bytes)
{
	static const char suffix[] = " KMGT";
	unsigned int i = 0;

	while (bytes && !(bytes % 1024) && suffix[i + 1]) {
		bytes /= 1024;
		i++;
	}
	scnprintf(buf, size, i ? "%llu%c" : "%llu", bytes, suffix[i]);
}

int virt_end_resize(struct virt_end *end, u64 bytes, struct virt_why *why)
{
	struct virt_end_core *core = end->core;
	int ret;

	if (!end->ops->resize) {
		virt_why(why, "a %s has no size to change",
			 core->backend->name);
		return -EOPNOTSUPP;
	}
	mutex_lock(&core->lock);
	ret = end->ops->resize(end, bytes, why);
	if (!ret)
		print_size(core->first, sizeof(core->first), bytes);
	mutex_unlock(&core->lock);
	return ret;
}
EXPORT_SYMBOL_NS_GPL(virt_end_resize, "VIRTBUS_END");
