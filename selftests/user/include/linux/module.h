/* SPDX-License-Identifier: GPL-2.0 */
/* linux/module.h - named by the contracts, not needed in userspace */
struct module;
