/* SPDX-License-Identifier: GPL-2.0 */
#include <end_kernel.h>
