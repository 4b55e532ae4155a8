/* SPDX-License-Identifier: GPL-2.0 */
/* linux/indirect_call_wrapper.h - the kernel's choice, in userspace */
#ifndef _USER_LINUX_INDIRECT_CALL_WRAPPER_H
#define _USER_LINUX_INDIRECT_CALL_WRAPPER_H

#include <linux/compiler.h>

#define INDIRECT_CALL_1(f, f1, ...) \
	(likely((f) == (f1)) ? (f1)(__VA_ARGS__) : (f)(__VA_ARGS__))

#endif
