/* SPDX-License-Identifier: GPL-2.0 */
/* linux/mm.h - kvcalloc() lives here on some kernels */
#include <linux/gfp.h>
#include <linux/slab.h>
