/* SPDX-License-Identifier: GPL-2.0 */
/*
 * spec.h - the text that names and describes a device
 *
 *	NAME=BACKEND[,ARG..][,KEY=VALUE..]
 *
 * The same text is used in module parameters, in /sys/bus/virtbus/config and on
 * the host's command line, and the same parser (virtbus/spec.c) reads it in all
 * of them: this header compiles in the kernel and in userspace.
 */
#ifndef _VIRTBUS_SPEC_H
#define _VIRTBUS_SPEC_H

#ifdef __KERNEL__
#include <linux/compiler_attributes.h>
#include <linux/types.h>
#else
#include <stddef.h>
#include <stdbool.h>
#include <linux/types.h>
typedef __u64 u64;
#define __printf(a, b) __attribute__((format(printf, a, b)))
#endif

/* A name must also fit a network interface (IFNAMSIZ - 1). */
#define VIRT_NAME_MAX	15
#define VIRT_SPEC_MAX	255
#define VIRT_SPEC_ARGS	8
#define VIRT_WHY_MAX	160

/**
 * struct virt_why - one line that tells an admin why something was refused
 * @text: the line, without a newline; empty when there is nothing to tell
 */
struct virt_why {
	char text[VIRT_WHY_MAX];
};

/**
 * virt_why() - write the reason of a refusal
 * @why: where to, or NULL when nobody asks
 * @fmt: printf format, no newline
 *
 * Context: any.
 */
__printf(2, 3)
void virt_why(struct virt_why *why, const char *fmt, ...);

/**
 * struct virt_spec_key - one KEY=VALUE of a spec
 * @key: left of the equals sign
 * @value: right of it, may be empty
 */
struct virt_spec_key {
	const char *key;
	const char *value;
};

/**
 * struct virt_spec - a spec, taken apart
 * @name: the device's name
 * @backend: where its device end is: "pci", "ccw", "ram", ...
 * @args: positional arguments, in order
 * @nargs: how many
 * @keys: KEY=VALUE arguments, in order
 * @nkeys: how many
 *
 * The strings point into the structure itself: it must not be copied.
 */
struct virt_spec {
	char name[VIRT_NAME_MAX + 1];
	const char *backend;
	const char *args[VIRT_SPEC_ARGS];
	unsigned int nargs;
	struct virt_spec_key keys[VIRT_SPEC_ARGS];
	unsigned int nkeys;
/* private: the parser's copy of the text */
	char text[VIRT_SPEC_MAX + 1];
};

/**
 * virt_spec_parse() - take a spec apart
 * @spec: the result; valid only when 0 is returned
 * @text: NAME=BACKEND[,ARG..][,KEY=VALUE..]; a final newline is ignored
 * @why: what is wrong with it, or NULL
 *
 * Context: any.
 * Return: 0, or -EINVAL.
 */
int virt_spec_parse(struct virt_spec *spec, const char *text,
		    struct virt_why *why);

/**
 * virt_spec_key() - look up a KEY=VALUE argument
 * @spec: the spec
 * @key: its key
 *
 * Context: any.
 * Return: the value, or NULL when it was not given.
 */
const char *virt_spec_key(const struct virt_spec *spec, const char *key);

/**
 * virt_spec_only_keys() - refuse keys that nobody would read
 * @spec: the spec
 * @known: keys that the back end knows; ends with NULL
 * @why: which key is unknown, or NULL
 *
 * Context: any.
 * Return: 0, or -EINVAL.
 */
int virt_spec_only_keys(const struct virt_spec *spec, const char *const *known,
			struct virt_why *why);

/**
 * virt_spec_size() - read a size such as 64M
 * @text: decimal digits and an optional K, M, G or T (powers of 1024)
 * @bytes: the size in bytes
 *
 * Context: any.
 * Return: 0, or -EINVAL when it is no number, has another suffix or overflows.
 */
int virt_spec_size(const char *text, u64 *bytes);

/**
 * virt_name_check() - may a device have this name?
 * @name: the name: letters, digits and single dashes between them, at least one
 *	  letter
 * @why: what is wrong with it, or NULL
 *
 * Context: any.
 * Return: 0, or -EINVAL.
 */
int virt_name_check(const char *name, struct virt_why *why);

#endif /* _VIRTBUS_SPEC_H */
