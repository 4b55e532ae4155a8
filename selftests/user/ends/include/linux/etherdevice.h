/* SPDX-License-Identifier: GPL-2.0 */
/* linux/etherdevice.h - addresses of cards, in userspace */
#ifndef _END_LINUX_ETHERDEVICE_H
#define _END_LINUX_ETHERDEVICE_H

#include <linux/if_ether.h>

#include <end_kernel.h>

static inline bool is_valid_ether_addr(const u8 *addr)
{
	static const u8 zero[ETH_ALEN];

	return !(addr[0] & 1) && memcmp(addr, zero, ETH_ALEN);
}

static inline bool mac_pton(const char *text, u8 *mac)
{
	return sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1],
		      &mac[2], &mac[3], &mac[4], &mac[5]) == ETH_ALEN;
}

static inline void put_unaligned_be32(u32 value, u8 *to)
{
	to[0] = value >> 24;
	to[1] = value >> 16;
	to[2] = value >> 8;
	to[3] = value;
}

#endif
