/* SPDX-License-Identifier: GPL-2.0 */
/* spec_user.h - what virtbus/spec.c takes from the kernel, in userspace */
#ifndef _SPEC_USER_H
#define _SPEC_USER_H

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define EXPORT_SYMBOL_NS_GPL(sym, ns)	extern typeof(sym) sym
#define check_add_overflow(a, b, d)	__builtin_add_overflow(a, b, d)
#define check_mul_overflow(a, b, d)	__builtin_mul_overflow(a, b, d)
#define fallthrough			__attribute__((fallthrough))

#endif
