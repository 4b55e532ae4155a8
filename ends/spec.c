// SPDX-License-Identifier: GPL-2.0
/*
 * spec.c - numbers in specs of device ends
 */
#include <linux/kstrtox.h>
#include <linux/log2.h>

#include "end.h"

/**
 * virt_end_number() - read KEY=NUMBER
 * @spec: the spec
 * @key: the key
 * @min: the least that it may be
 * @max: the most
 * @value: changed when the spec has the key
 * @why: what is wrong with it
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int virt_end_number(const struct virt_spec *spec, const char *key,
		    unsigned int min, unsigned int max, unsigned int *value,
		    struct virt_why *why)
{
	const char *text = virt_spec_key(spec, key);

	if (!text)
		return 0;
	if (kstrtouint(text, 10, value) || *value < min || *value > max) {
		virt_why(why, "%s=%s: say a number from %u to %u", key, text,
			 min, max);
		return -EINVAL;
	}
	return 0;
}

/**
 * virt_end_size() - read size=DESCRIPTORS, the length of the queues
 * @spec: the spec
 * @min: the least that it may be
 * @value: changed when the spec has the key
 * @why: what is wrong with it
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int virt_end_size(const struct virt_spec *spec, unsigned int min,
		  unsigned int *value, struct virt_why *why)
{
	if (virt_end_number(spec, "size", min, VIRT_END_QUEUE_SIZE, value, why))
		return -EINVAL;
	if (!is_power_of_2(*value)) {
		virt_why(why, "size=%u: say a power of two", *value);
		return -EINVAL;
	}
	return 0;
}
