/* SPDX-License-Identifier: GPL-2.0 */
/* linux/stringify.h - named by the contracts, not needed in userspace */
