/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mark.h - the instruction that marks the begin or end of a phase
 *
 * A no-operation that no compiler makes: one with this number in it. QEMU shows
 * a plugin the bytes of what it translates, so this needs no device and is the
 * same idea on every architecture.
 */
#define MARK_NUMBER	0x76627573	/* "vbus" */
