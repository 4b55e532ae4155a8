/* SPDX-License-Identifier: GPL-2.0 */
/* linux/cpumask.h - named by the contracts, not needed in userspace */
struct cpumask;
