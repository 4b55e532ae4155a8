/* SPDX-License-Identifier: GPL-2.0 */
/* linux/export.h - nothing is exported in userspace */
#ifndef _USER_LINUX_EXPORT_H
#define _USER_LINUX_EXPORT_H

#define EXPORT_SYMBOL_NS_GPL(sym, ns)	extern typeof(sym) sym

#endif
