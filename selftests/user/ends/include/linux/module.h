/* SPDX-License-Identifier: GPL-2.0 */
/* linux/module.h - all is one program */
#ifndef _END_LINUX_MODULE_H
#define _END_LINUX_MODULE_H

#include <stddef.h>

struct module;

#define __init
#define __exit
#define THIS_MODULE		NULL
#define MODULE_ALIAS(alias)	struct module

#endif
