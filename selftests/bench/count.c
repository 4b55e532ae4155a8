// SPDX-License-Identifier: GPL-2.0
/*
 * count.c - QEMU plugin: guest instructions and kicks between marks
 *
 * Arguments: target=x86_64|s390x out=FILE [profile=on]. Each mark appends a line
 * "mark INSTRUCTIONS KICKS" with totals so far; with profile=on every second
 * one is followed by "at ADDRESS INSTRUCTIONS" for each place that ran since
 * the mark before it. All vCPUs are counted together.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mark.h"
#include "plugin.h"

#define CPUS	64
#define NO_REGS	QEMU_PLUGIN_CB_NO_REGS

/* A translated block, which runs from its first to its last instruction. */
struct block {
	struct block *next;
	__u64 address;
	__u64 insns;
	__u64 runs;
	__u64 runs_before;
};

/* Each vCPU is a thread of its own: no two of them share a cache line. */
static struct {
	__u64 insns;
	__u64 kicks;
} __attribute__((aligned(64))) count[CPUS];

PLUGIN_EXPORT int qemu_plugin_version = 1;
static struct block *blocks;
static bool profile, s390x;
static unsigned int marks;
static FILE *out;

static void on_block(unsigned int cpu, void *data)
{
	struct block *block = data;

	count[cpu % CPUS].insns += block->insns;
	if (profile)
		__atomic_fetch_add(&block->runs, 1, __ATOMIC_RELAXED);
}

static void write_profile(bool print)
{
	struct block *b = __atomic_load_n(&blocks, __ATOMIC_ACQUIRE);

	for (; b; b = b->next) {
		__u64 runs = __atomic_load_n(&b->runs, __ATOMIC_RELAXED);

		if (print && runs != b->runs_before)
			fprintf(out, "at %llx %llu\n", b->address,
				(runs - b->runs_before) * b->insns);
		b->runs_before = runs;
	}
}

/* Only one vCPU marks: phases do not overlap. */
static void on_mark(unsigned int cpu, void *data)
{
	__u64 insns = 0, kicks = 0;
	unsigned int i;

	(void)cpu;
	(void)data;
	for (i = 0; i < CPUS; i++) {
		insns += count[i].insns;
		kicks += count[i].kicks;
	}
	fprintf(out, "mark %llu %llu\n", insns, kicks);
	if (profile)
		write_profile(marks++ % 2);
	fflush(out);
}

/* On CCW a kick is diagnose 0x500. */
static void on_diagnose(unsigned int cpu, void *data)
{
	(void)data;
	count[cpu % CPUS].kicks++;
}

/* On PCI a kick is a store to the device's notification area. */
static void on_store(unsigned int cpu, __u32 info, __u64 vaddr,
		     void *data)
{
	struct qemu_plugin_hwaddr *where = qemu_plugin_get_hwaddr(info, vaddr);

	(void)data;
	if (where && qemu_plugin_hwaddr_is_io(where) &&
	    !strncmp(qemu_plugin_hwaddr_device_name(where),
		     "virtio-pci-notify", strlen("virtio-pci-notify")))
		count[cpu % CPUS].kicks++;
}

static bool is_mark(const __u8 *code, size_t size)
{
	static const __u8 x86_nop[] = { 0x0f, 0x1f, 0x80 };
	static const __u8 s390_nop[] = { 0xc0, 0x04 };
	const __u8 *nop = s390x ? s390_nop : x86_nop;
	size_t len = s390x ? sizeof(s390_nop) : sizeof(x86_nop);
	__u32 number;
	__u8 bytes[4];
	unsigned int i;

	if (size != len + sizeof(bytes) || memcmp(code, nop, len))
		return false;
	for (i = 0; i < 4; i++)
		bytes[i] = code[len + (s390x ? i : 3 - i)];
	number = (__u32)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 |
		 bytes[3];
	return number == MARK_NUMBER;
}

static bool is_diagnose(const __u8 *code, size_t size)
{
	return size == 4 && code[0] == 0x83 && code[2] == 0x05 && !code[3];
}

/* All 16-bit stores have this prefix; looking at every store would cost much. */
static bool is_store16(const __u8 *code)
{
	return code[0] == 0x66;
}

static void on_execution(struct qemu_plugin_insn *insn,
			 void (*cb)(unsigned int cpu, void *data))
{
	qemu_plugin_register_vcpu_insn_exec_cb(insn, cb, NO_REGS, NULL);
}

static void on_translate(__u64 id, struct qemu_plugin_tb *tb)
{
	size_t i, n = qemu_plugin_tb_n_insns(tb);
	struct block *block = calloc(1, sizeof(*block));

	(void)id;
	if (!block)
		abort();
	block->address = qemu_plugin_tb_vaddr(tb);
	block->insns = n;
	do {
		block->next = __atomic_load_n(&blocks, __ATOMIC_RELAXED);
	} while (!__atomic_compare_exchange_n(&blocks, &block->next, block,
					      false, __ATOMIC_RELEASE,
					      __ATOMIC_RELAXED));
	qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block, NO_REGS, block);

	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		const __u8 *code = qemu_plugin_insn_data(insn);
		size_t size = qemu_plugin_insn_size(insn);

		if (is_mark(code, size))
			on_execution(insn, on_mark);
		else if (s390x && is_diagnose(code, size))
			on_execution(insn, on_diagnose);
		else if (!s390x && is_store16(code))
			qemu_plugin_register_vcpu_mem_cb(insn, on_store, NO_REGS,
							 QEMU_PLUGIN_MEM_W, NULL);
	}
}

PLUGIN_EXPORT int qemu_plugin_install(__u64 id, const void *info, int argc,
				      char **argv)
{
	int i;

	(void)info;
	for (i = 0; i < argc; i++) {
		if (!strcmp(argv[i], "target=s390x"))
			s390x = true;
		else if (!strcmp(argv[i], "profile=on"))
			profile = true;
		else if (!strncmp(argv[i], "out=", 4))
			out = fopen(argv[i] + 4, "w");
	}
	if (!out) {
		fprintf(stderr, "count: no output: say out=FILE\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	return 0;
}
