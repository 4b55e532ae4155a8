// SPDX-License-Identifier: GPL-2.0
/*
 * claim.c - the text of claim= parameters
 *
 * ADDR, ADDR-ADDR, several of them with commas, or all. What an address is
 * belongs to the glue; what a list of them is belongs here, so that all glues
 * read the same text.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/string.h>

#include <virtbus/virt_glue.h>

/* The longest address of any glue, and then some. */
#define ADDR_MAX	32

/* Reads one address of @len characters, which need not end with a zero. */
static int read_addr(const char *text, size_t len, u64 *key,
		     int (*addr)(const char *text, u64 *key))
{
	char buf[ADDR_MAX + 1];

	if (!len || len > ADDR_MAX)
		return -EINVAL;
	memcpy(buf, text, len);
	buf[len] = '\0';
	return addr(buf, key);
}

static int read_range(const char *text, size_t len, u64 *first, u64 *last,
		      int (*addr)(const char *text, u64 *key))
{
	const char *dash = memchr(text, '-', len);
	size_t head = dash ? dash - text : len;
	int err;

	err = read_addr(text, head, first, addr);
	if (err)
		return err;
	*last = *first;
	if (dash)
		err = read_addr(dash + 1, len - head - 1, last, addr);
	if (err)
		return err;
	return *first <= *last ? 0 : -EINVAL;
}

int virt_claim_parse(struct virt_claim *claim, const char *text,
		     int (*addr)(const char *text, u64 *key))
{
	size_t left = strcspn(text, "\n");
	int err;

	memset(claim, 0, sizeof(*claim));
	if (text[left] && text[left + 1])
		return -EINVAL;		/* more than one line */
	if (left == 3 && !strncmp(text, "all", 3)) {
		claim->all = true;
		return 0;
	}
	while (left) {
		size_t len = strcspn(text, ",\n");

		if (claim->n == VIRT_CLAIMS)
			return -EINVAL;
		err = read_range(text, len, &claim->range[claim->n].first,
				 &claim->range[claim->n].last, addr);
		if (err)
			return -EINVAL;
		claim->n++;
		if (len == left)
			break;
		text += len + 1;
		left -= len + 1;
		if (!left)
			return -EINVAL;	/* a comma with nothing behind it */
	}
	return 0;
}
EXPORT_SYMBOL_NS_GPL(virt_claim_parse, "VIRTBUS_GLUE");

bool virt_claim_match(const struct virt_claim *claim, u64 key)
{
	unsigned int i;

	for (i = 0; i < claim->n; i++)
		if (key >= claim->range[i].first && key <= claim->range[i].last)
			return true;
	return claim->all;
}
EXPORT_SYMBOL_NS_GPL(virt_claim_match, "VIRTBUS_GLUE");
