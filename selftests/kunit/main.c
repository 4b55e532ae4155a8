// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - KUnit tests of the rules of virtbus.ko, against the module itself
 *
 * They run when the module is loaded, before it has an entry in sysfs: what is
 * registered from here has no owner.
 */
#include <linux/module.h>

#include "test_dev.h"

kunit_test_suites(&states_suite, &lost_suite, &names_suite, &spec_suite,
		  &queue_open_suite, &queue_suite, &violation_suite);

MODULE_IMPORT_NS("VIRTBUS");
MODULE_IMPORT_NS("VIRTBUS_GLUE");
MODULE_DESCRIPTION("KUnit tests of the virtual device bus");
MODULE_LICENSE("GPL");
