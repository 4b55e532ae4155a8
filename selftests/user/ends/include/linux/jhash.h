/* SPDX-License-Identifier: GPL-2.0 */
/* linux/jhash.h - a hash, another than the kernel's */
#ifndef _END_LINUX_JHASH_H
#define _END_LINUX_JHASH_H

#include <end_kernel.h>

static inline u32 jhash(const void *key, u32 length, u32 initval)
{
	const u8 *byte = key;

	while (length--)
		initval = initval * 31 + *byte++;
	return initval;
}

#endif
