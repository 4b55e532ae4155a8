// SPDX-License-Identifier: GPL-2.0
/* The text of claim= parameters: addresses, ranges, lists, all. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <virtbus/virt_glue.h>

#include "harness.h"

static struct virt_claim claim;

/* A glue's addresses: here plain numbers up to 999. */
static int number(const char *text, u64 *key)
{
	char *end;

	*key = strtoul(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && *key < 1000 ? 0 : -EINVAL;
}

static void good(const char *text, bool all, unsigned int n)
{
	memset(&claim, 0xa5, sizeof(claim));
	if (virt_claim_parse(&claim, text, number))
		FAIL("\"%s\" is refused", text);
	CHECK_EQ(claim.all, all);
	CHECK_EQ(claim.n, n);
}

static void bad(const char *text)
{
	if (virt_claim_parse(&claim, text, number) != -EINVAL)
		FAIL("\"%s\" is not refused", text);
}

TEST(nothing)
{
	good("", false, 0);
	CHECK(!virt_claim_match(&claim, 0));
	good("\n", false, 0);
	CHECK(!virt_claim_match(&claim, 0));
}

TEST(all)
{
	good("all", true, 0);
	CHECK(virt_claim_match(&claim, 0));
	CHECK(virt_claim_match(&claim, ~0ULL));
	good("all\n", true, 0);
}

TEST(one_address)
{
	good("7", false, 1);
	CHECK(virt_claim_match(&claim, 7));
	CHECK(!virt_claim_match(&claim, 6));
	CHECK(!virt_claim_match(&claim, 8));
	good("7\n", false, 1);
	CHECK(virt_claim_match(&claim, 7));
}

TEST(range)
{
	good("7-9", false, 1);
	CHECK(!virt_claim_match(&claim, 6));
	CHECK(virt_claim_match(&claim, 7));
	CHECK(virt_claim_match(&claim, 8));
	CHECK(virt_claim_match(&claim, 9));
	CHECK(!virt_claim_match(&claim, 10));
	good("7-7", false, 1);
	CHECK(virt_claim_match(&claim, 7));
	CHECK(!virt_claim_match(&claim, 8));
}

TEST(list)
{
	good("1,5-6,3\n", false, 3);
	CHECK(virt_claim_match(&claim, 1));
	CHECK(!virt_claim_match(&claim, 2));
	CHECK(virt_claim_match(&claim, 3));
	CHECK(!virt_claim_match(&claim, 4));
	CHECK(virt_claim_match(&claim, 5));
	CHECK(virt_claim_match(&claim, 6));
	CHECK(!virt_claim_match(&claim, 7));
}

TEST(as_many_as_there_is_room_for)
{
	good("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16-17", false, VIRT_CLAIMS);
	CHECK(virt_claim_match(&claim, 17));
	bad("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17");
}

TEST(mistakes)
{
	static const char *const texts[] = {
		",", "1,", ",1", "1,,2", "1,\n", "-", "1-", "-1", "1-2-3",
		"2-1", "x", "1x", "1,x", "x,1", "1000", "1 ", " 1", "1, 2",
		"al", "alll", "all,1", "1,all", "ALL", "all\n\n", "1\n2",
		"\n1", "1\n\n", "1-all",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		bad(texts[i]);
}

TEST(long_address)
{
	char text[100] = "";

	memset(text, '0', 32);
	good(text, false, 1);
	memset(text, '0', 33);
	bad(text);
	memset(text, '0', 99);
	bad(text);
	text[50] = '-';
	bad(text);
}

/* Any text at all, in an allocation of its own. */
TEST(random_text)
{
	static const char pieces[] = "0123,,--al\nx";
	unsigned int i, k;

	random_start();
	for (i = 0; i < 500000; i++) {
		unsigned int len = random_below(i % 16 ? 12 : 90);
		char *text = malloc(len + 1);

		for (k = 0; k < len; k++)
			text[k] = pieces[random_below(sizeof(pieces) - 1)];
		text[len] = '\0';
		if (!virt_claim_parse(&claim, text, number)) {
			CHECK(claim.n <= VIRT_CLAIMS);
			CHECK(!claim.all || !claim.n);
			for (k = 0; k < claim.n; k++)
				CHECK(claim.range[k].first <= claim.range[k].last);
		}
		free(text);
	}
}
