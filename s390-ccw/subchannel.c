// SPDX-License-Identifier: GPL-2.0
/*
 * subchannel.c - is there still a device behind a subchannel?
 *
 * cio learns of a device that vanishes from a machine check, and tells drivers of
 * online devices only: who waits for one that is on its way online would wait
 * for ever. STORE SUBCHANNEL asks the channel subsystem itself (z/Architecture
 * Principles of Operation, chapter 14); cio's function for it is not exported.
 */
#include <linux/bits.h>
#include <asm/ccwdev.h>
#include <asm/schid.h>

#include "ccw.h"

/* The subchannel-information block: of it we know one bit. */
struct schib {
	u32 word[13];
} __packed __aligned(4);

/* Word 1 of the path-management-control word: "device number valid". */
#define PMCW_DNV	BIT(31 - 15)

/* Condition code 3: there is no such subchannel. */
static int store_subchannel(struct subchannel_id schid, struct schib *schib)
{
	unsigned long id = *(u32 *)&schid;
	int cc;

	asm volatile("lgr	1,%[id]\n"
		     "stsch	%[schib]\n"
		     "ipm	%[cc]\n"
		     "srl	%[cc],28\n"
		     : [cc] "=&d" (cc), [schib] "=Q" (*schib)
		     : [id] "d" (id)
		     : "cc", "1");
	return cc;
}

/**
 * vccw_subchannel_empty() - has the device vanished?
 * @cdev: the device
 *
 * Context: any; a snapshot, but what has vanished does not come back to the same
 * channel program.
 * Return: true when there is nothing behind its subchannel any more.
 */
bool vccw_subchannel_empty(struct ccw_device *cdev)
{
	struct subchannel_id schid;
	struct schib schib;

	ccw_device_get_schid(cdev, &schid);
	return store_subchannel(schid, &schib) || !(schib.word[1] & PMCW_DNV);
}
