// SPDX-License-Identifier: GPL-2.0
/* core.c - what the queues call in the rest of the kernel */
#include <asm/barrier.h>

#include <virtbus/virt_dev.h>

#include "harness.h"
#include "kernel.h"

void (*user_mb_hook)(void);
void (*user_release_hook)(void);
void (*user_read_hook)(const void *p);

void user_warn(const char *file, int line, const char *what)
{
	kernel.warnings++;
	if (!kernel.warnings_wanted)
		test_fail(file, line, "warning: %s", what);
}

void virt_dev_break(struct virt_dev *vdev, const char *fmt, ...)
{
	va_list args;

	kernel.breaks++;
	va_start(args, fmt);
	vsnprintf(kernel.reason, sizeof(kernel.reason), fmt, args);
	va_end(args);
	if (!kernel.breaks_wanted)
		FAIL("the device was broken: %s", kernel.reason);
}
