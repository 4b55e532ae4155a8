// SPDX-License-Identifier: GPL-2.0
/*
 * hush.c - have virtbus.ko not warn for a moment
 *
 * It warns, once, of a driver that breaks the rules. A test that does so on
 * purpose must leave the kernel's log and its taint alone; what WARN_ON_ONCE()
 * goes by is the entry of each place in the module's table: "done already".
 */
#include <linux/bug.h>
#include <linux/list.h>
#include <linux/module.h>

#include "test_dev.h"

/* Among the modules whose symbols we use. */
static struct module *virtbus(void)
{
	struct module_use *use;

	list_for_each_entry(use, &THIS_MODULE->target_list, target_list)
		if (!strcmp(use->target->name, "virtbus"))
			return use->target;
	return NULL;
}

/**
 * test_hush() - WARN_ON_ONCE() in virtbus.ko says nothing, or speaks again
 * @on: whether it shall be silent
 *
 * Return: 0, or -ENOENT when there is nothing to silence.
 */
int test_hush(bool on)
{
	struct module *mod = virtbus();
	unsigned int i, found = 0;

	for (i = 0; mod && i < mod->num_bugs; i++) {
		struct bug_entry *bug = &mod->bug_table[i];

		if (!(bug->flags & BUGFLAG_ONCE))
			continue;
		found++;
		if (on)
			bug->flags |= BUGFLAG_DONE;
		else
			bug->flags &= ~BUGFLAG_DONE;
	}
	return found ? 0 : -ENOENT;
}
