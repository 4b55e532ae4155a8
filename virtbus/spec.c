// SPDX-License-Identifier: GPL-2.0
/*
 * spec.c - the one parser of NAME=BACKEND[,ARG..][,KEY=VALUE..]
 *
 * Compiled unchanged into the kernel, the host's tools and a userspace test.
 */
#ifdef __KERNEL__
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/overflow.h>
#include <linux/string.h>
#else
#include "spec_user.h"
#endif

#include <virtbus/spec.h>

void virt_why(struct virt_why *why, const char *fmt, ...)
{
	va_list args;

	if (!why)
		return;
	va_start(args, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, args);
	va_end(args);
}
EXPORT_SYMBOL_NS_GPL(virt_why, "VIRTBUS");

static bool word_char(char c)
{
	return isascii(c) && isalnum(c);
}

int virt_name_check(const char *name, struct virt_why *why)
{
	size_t i, len = strlen(name);
	bool letter = false;

	if (!len || len > VIRT_NAME_MAX) {
		virt_why(why, "a name has 1 to %d characters", VIRT_NAME_MAX);
		return -EINVAL;
	}
	for (i = 0; i < len; i++) {
		bool dash = name[i] == '-' && i && i + 1 < len &&
			    name[i - 1] != '-';

		if (!word_char(name[i]) && !dash) {
			virt_why(why, "a name has letters, digits and single dashes between them, such as ubd0 or ubd-root");
			return -EINVAL;
		}
		letter |= isalpha(name[i]) != 0;
	}
	if (!letter) {
		virt_why(why, "a name has at least one letter, such as ubd0");
		return -EINVAL;
	}
	return 0;
}
EXPORT_SYMBOL_NS_GPL(virt_name_check, "VIRTBUS");

/* One piece behind the back end: ARG or KEY=VALUE. */
static int add_piece(struct virt_spec *spec, char *piece, struct virt_why *why)
{
	char *equals = strchr(piece, '=');
	unsigned int i;

	if (!equals) {
		if (spec->nkeys) {
			virt_why(why, "the argument %s stands behind a KEY=VALUE; plain arguments come first",
				 piece);
			return -EINVAL;
		}
		if (spec->nargs == VIRT_SPEC_ARGS)
			goto too_many;
		spec->args[spec->nargs++] = piece;
		return 0;
	}

	*equals = '\0';
	if (equals == piece) {
		virt_why(why, "=%s has no key before the equals sign",
			 equals + 1);
		return -EINVAL;
	}
	for (i = 0; i < spec->nkeys; i++) {
		if (strcmp(spec->keys[i].key, piece))
			continue;
		virt_why(why, "%s= is given twice", piece);
		return -EINVAL;
	}
	if (spec->nkeys == VIRT_SPEC_ARGS)
		goto too_many;
	spec->keys[spec->nkeys].key = piece;
	spec->keys[spec->nkeys++].value = equals + 1;
	return 0;

too_many:
	virt_why(why, "more than %d arguments of one sort", VIRT_SPEC_ARGS);
	return -EINVAL;
}

static int copy_text(struct virt_spec *spec, const char *text,
		     struct virt_why *why)
{
	size_t i, len = strlen(text);

	if (len && text[len - 1] == '\n')
		len--;
	if (len > VIRT_SPEC_MAX) {
		virt_why(why, "a spec has at most %d characters",
			 VIRT_SPEC_MAX);
		return -EINVAL;
	}
	for (i = 0; i < len; i++) {
		if (isascii(text[i]) && isgraph(text[i]))
			continue;
		virt_why(why, "a spec has no blanks and only printable characters");
		return -EINVAL;
	}
	memcpy(spec->text, text, len);
	spec->text[len] = '\0';
	return 0;
}

int virt_spec_parse(struct virt_spec *spec, const char *text,
		    struct virt_why *why)
{
	char *rest, *piece, *equals;
	int err;

	memset(spec, 0, sizeof(*spec));
	err = copy_text(spec, text, why);
	if (err)
		return err;

	equals = strchr(spec->text, '=');
	if (!equals) {
		virt_why(why, "a spec is NAME=BACKEND[,ARG..][,KEY=VALUE..], such as ubd1=ram,64M");
		return -EINVAL;
	}
	*equals = '\0';
	err = virt_name_check(spec->text, why);
	if (err)
		return err;
	strcpy(spec->name, spec->text);

	rest = equals + 1;
	piece = strsep(&rest, ",");
	if (!*piece || strchr(piece, '=')) {
		virt_why(why, "%s= is not followed by a back end, such as ram or pci",
			 spec->name);
		return -EINVAL;
	}
	spec->backend = piece;
	while (!err && (piece = strsep(&rest, ",")))
		err = add_piece(spec, piece, why);
	return err;
}
EXPORT_SYMBOL_NS_GPL(virt_spec_parse, "VIRTBUS");

const char *virt_spec_key(const struct virt_spec *spec, const char *key)
{
	unsigned int i;

	for (i = 0; i < spec->nkeys; i++)
		if (!strcmp(spec->keys[i].key, key))
			return spec->keys[i].value;
	return NULL;
}
EXPORT_SYMBOL_NS_GPL(virt_spec_key, "VIRTBUS");

int virt_spec_only_keys(const struct virt_spec *spec, const char *const *known,
			struct virt_why *why)
{
	const char *const *name;
	unsigned int i;

	for (i = 0; i < spec->nkeys; i++) {
		for (name = known; *name; name++)
			if (!strcmp(*name, spec->keys[i].key))
				break;
		if (*name)
			continue;
		virt_why(why, "%s does not know %s=", spec->backend,
			 spec->keys[i].key);
		return -EINVAL;
	}
	return 0;
}
EXPORT_SYMBOL_NS_GPL(virt_spec_only_keys, "VIRTBUS");

int virt_spec_size(const char *text, u64 *bytes)
{
	unsigned int shift = 0;
	u64 value = 0;

	if (!isdigit(*text))
		return -EINVAL;
	for (; isdigit(*text); text++)
		if (check_mul_overflow(value, (u64)10, &value) ||
		    check_add_overflow(value, (u64)(*text - '0'), &value))
			return -EINVAL;
	switch (*text) {
	case 'T':
		shift += 10;
		fallthrough;
	case 'G':
		shift += 10;
		fallthrough;
	case 'M':
		shift += 10;
		fallthrough;
	case 'K':
		shift += 10;
		text++;
	}
	if (*text || (value << shift) >> shift != value)
		return -EINVAL;
	*bytes = value << shift;
	return 0;
}
EXPORT_SYMBOL_NS_GPL(virt_spec_size, "VIRTBUS");
