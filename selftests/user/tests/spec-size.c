// SPDX-License-Identifier: GPL-2.0
/* Sizes: digits, at most one suffix, and no overflow goes unseen. */
#include <errno.h>

#include <virtbus/spec.h>

#include "harness.h"

static void size(const char *text, u64 bytes)
{
	u64 got = 1;

	if (virt_spec_size(text, &got))
		FAIL("%s is refused", text);
	if (got != bytes)
		FAIL("%s is %llu, not %llu", text, got, bytes);
}

static void bad(const char *text)
{
	u64 got;

	if (virt_spec_size(text, &got) != -EINVAL)
		FAIL("\"%s\" is not refused", text);
}

TEST(plain)
{
	size("0", 0);
	size("1", 1);
	size("512", 512);
	size("007", 7);
	size("0000000000000000000000000000000009", 9);
}

TEST(suffixes)
{
	size("1K", 1024);
	size("64M", 64ULL << 20);
	size("3G", 3ULL << 30);
	size("2T", 2ULL << 40);
	size("0T", 0);
}

TEST(largest)
{
	size("18446744073709551615", ~0ULL);
	size("18014398509481983K", 18014398509481983ULL << 10);
	size("17592186044415M", 17592186044415ULL << 20);
	size("17179869183G", 17179869183ULL << 30);
	size("16777215T", 16777215ULL << 40);
}

TEST(one_too_large)
{
	bad("18446744073709551616");
	bad("18446744073709551620");
	bad("184467440737095516150");
	bad("18014398509481984K");
	bad("17592186044416M");
	bad("17179869184G");
	bad("16777216T");
	bad("18446744073709551615T");
	bad("99999999999999999999999999999999999999999999");
}

TEST(not_a_size)
{
	static const char *const texts[] = {
		"", "K", "M1", "-1", "+1", " 1", "1 ", "1 K", "1k", "1m", "1KB",
		"1KK", "1MK", "1TG", "1P", "0x10", "1.5G", "1e3", "1\n", "1M\n",
		"\xb2", "1\xb2",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		bad(texts[i]);
}
