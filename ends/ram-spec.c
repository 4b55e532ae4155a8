// SPDX-License-Identifier: GPL-2.0
/*
 * ram-spec.c - what a spec says of a RAM disk, and what is wrong with it
 */
#include <linux/cpumask.h>
#include <linux/limits.h>
#include <linux/virtio_blk.h>

#include "end.h"
#include "ram.h"

/* a reset waits for the request that is being served */
#define RAM_DELAY_MAX	USEC_PER_SEC
#define RAM_QUEUES_AUTO	16

int virt_ram_check_size(u64 bytes, unsigned int blk_size, struct virt_why *why)
{
	if (!bytes) {
		virt_why(why, "a disk of size 0: say how large, as in ram,64M");
		return -EINVAL;
	}
	if (bytes % blk_size) {
		virt_why(why, "size %llu is no multiple of %u, the block size",
			 bytes, blk_size);
		return -EINVAL;
	}
	if (bytes > LLONG_MAX) {
		virt_why(why, "size %llu is more than a disk can have", bytes);
		return -EINVAL;
	}
	return 0;
}

int virt_ram_parse(const struct virt_spec *spec, struct ram_spec *rs,
		   struct virt_why *why)
{
	static const char *const keys[] = {
		"serial", "queues", "size", "blk_size", "delay", NULL
	};
	unsigned int i;

	*rs = (struct ram_spec) {
		.queues = min_t(unsigned int, num_possible_cpus(),
				RAM_QUEUES_AUTO),
		.size = 256,
		.blk_size = RAM_SECTOR,
		.serial = virt_spec_key(spec, "serial"),
	};
	if (!spec->nargs || virt_spec_size(spec->args[0], &rs->bytes)) {
		virt_why(why, "%s is no size: say how large, as in ram,64M",
			 spec->nargs ? spec->args[0] : "nothing");
		return -EINVAL;
	}
	for (i = 1; i < spec->nargs; i++) {
		if (strcmp(spec->args[i], "ro")) {
			virt_why(why, "\"%s\": a ram disk knows ro only",
				 spec->args[i]);
			return -EINVAL;
		}
		rs->ro = true;
	}
	/* 2 descriptors are header and status, at least one is data */
	if (virt_spec_only_keys(spec, keys, why) ||
	    virt_end_number(spec, "queues", 1, VIRT_END_QUEUES, &rs->queues,
			    why) ||
	    virt_end_size(spec, 4, &rs->size, why) ||
	    virt_end_number(spec, "blk_size", RAM_SECTOR, 4096, &rs->blk_size,
			    why) ||
	    virt_end_number(spec, "delay", 0, RAM_DELAY_MAX, &rs->delay, why))
		return -EINVAL;
	if (rs->blk_size != RAM_SECTOR && rs->blk_size != 4096) {
		virt_why(why, "blk_size=%u: say 512 or 4096", rs->blk_size);
		return -EINVAL;
	}
	if (rs->serial && strlen(rs->serial) > VIRTIO_BLK_ID_BYTES) {
		virt_why(why, "serial=%s: at most %u characters", rs->serial,
			 VIRTIO_BLK_ID_BYTES);
		return -EINVAL;
	}
	return virt_ram_check_size(rs->bytes, rs->blk_size, why);
}
