/* SPDX-License-Identifier: GPL-2.0 */
/* net/checksum.h - the sum of the internet, in userspace: bytes.c */
#ifndef _END_NET_CHECKSUM_H
#define _END_NET_CHECKSUM_H

#include <end_kernel.h>

#define CSUM_MANGLED_0	((__sum16)0xffff)

__wsum csum_partial(const void *data, int len, __wsum sum);
__sum16 csum_fold(__wsum sum);

#endif
