// SPDX-License-Identifier: GPL-2.0
/*
 * fresh_text.c - make QEMU's TCG forget the code of modules that are gone
 *
 * An s390x guest copies a module's text to its place with MVC.  QEMU up to 8.1
 * then drops only those translation blocks that cover the first byte of each
 * 256 (accel/tcg/cputlb.c calls notdirty_write() for one byte, whatever the
 * size of the access).  The others survive: a module whose text comes to the
 * place of one that was unloaded runs that one's old code, and the guest dies
 * of an "illegal operation" in text that is intact.
 *
 * A plain store drops what it covers.  So every word of a new module's text is
 * stored once more, before anything of it runs.  The test bed loads this first
 * in each s390x guest; nothing else needs it.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

/* Text is not writable where it runs, its page in the linear mapping is. */
static void store_again(void *text, unsigned int size)
{
	unsigned int done, i;

	for (done = 0; done < size; done += PAGE_SIZE) {
		u64 *word = page_address(vmalloc_to_page(text + done));

		for (i = 0; i < PAGE_SIZE / sizeof(*word); i++)
			WRITE_ONCE(word[i], READ_ONCE(word[i]));
	}
}

static int module_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct module *mod = data;

	if (event == MODULE_STATE_COMING) {
		store_again(mod->core_layout.base, mod->core_layout.text_size);
		store_again(mod->init_layout.base, mod->init_layout.text_size);
	}
	return NOTIFY_OK;
}

/* Last of all: others patch the text when they hear of the module. */
static struct notifier_block module_watch = {
	.notifier_call = module_event,
	.priority = INT_MIN,
};

static int __init fresh_text_init(void)
{
	return register_module_notifier(&module_watch);
}

static void __exit fresh_text_exit(void)
{
	unregister_module_notifier(&module_watch);
}

module_init(fresh_text_init);
module_exit(fresh_text_exit);
MODULE_DESCRIPTION("virtbus test bed: no stale code in s390x guests under TCG");
MODULE_LICENSE("GPL");
