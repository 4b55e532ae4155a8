// SPDX-License-Identifier: GPL-2.0
/* Each mistake in a spec is refused, and the admin is told which it was. */
#include <errno.h>
#include <string.h>

#include <virtbus/spec.h>

#include "harness.h"

static struct virt_spec spec;
static struct virt_why why;

static void bad(const char *text, const char *reason)
{
	why.text[0] = '\0';
	if (virt_spec_parse(&spec, text, &why) != -EINVAL)
		FAIL("\"%s\" is not refused", text);
	CHECK_HAS(why.text, reason);
	/* nobody need ask for the reason */
	CHECK_EQ(virt_spec_parse(&spec, text, NULL), -EINVAL);
}

TEST(no_spec_at_all)
{
	bad("", "NAME=BACKEND[,ARG..][,KEY=VALUE..], such as ubd1=ram,64M");
	bad("\n", "NAME=BACKEND");
	bad("ubd0", "NAME=BACKEND");
	bad("ubd0,ram", "NAME=BACKEND");
}

TEST(no_name)
{
	bad("=ram", "1 to 15 characters");
	bad("=", "1 to 15 characters");
}

TEST(long_name)
{
	bad("a234567890123456=ram", "1 to 15 characters");
}

TEST(characters_of_a_name)
{
	static const char *const texts[] = {
		"ubd_0=ram", "ubd.0=ram", "ubd/0=ram", "-ubd=ram", "ubd-=ram",
		"u--d=ram", "-=ram", "u,d=ram", "../x=ram", "%s=ram",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		bad(texts[i], "letters, digits and single dashes between them");
}

TEST(name_without_a_letter)
{
	bad("0=ram", "at least one letter");
	bad("1-2=ram", "at least one letter");
}

TEST(no_back_end)
{
	bad("ubd0=", "ubd0= is not followed by a back end, such as ram");
	bad("ubd0=,64M", "ubd0= is not followed by a back end");
	bad("ubd0=size=64M", "ubd0= is not followed by a back end");
	bad("ubd0==ram", "ubd0= is not followed by a back end");
}

TEST(argument_behind_a_key)
{
	bad("ubd0=ram,seed=1,64M",
	    "the argument 64M stands behind a KEY=VALUE; plain arguments come first");
	bad("ubd0=ram,seed=1,", "the argument  stands behind");
}

TEST(value_without_a_key)
{
	bad("ubd0=ram,=7", "=7 has no key before the equals sign");
	bad("ubd0=ram,=", "= has no key");
}

TEST(key_twice)
{
	bad("ubd0=ram,seed=1,seed=1", "seed= is given twice");
	bad("ubd0=ram,a=1,seed=1,b=2,seed=3", "seed= is given twice");
}

TEST(too_many)
{
	bad("e0=x,1,2,3,4,5,6,7,8,9", "more than 8 arguments of one sort");
	bad("e0=x,a=1,b=2,c=3,d=4,e=5,f=6,g=7,h=8,i=9",
	    "more than 8 arguments of one sort");
}

TEST(too_long)
{
	char text[VIRT_SPEC_MAX + 3];

	memset(text, 'x', sizeof(text));
	memcpy(text, "e0=", 3);
	text[VIRT_SPEC_MAX + 1] = '\0';
	bad(text, "at most 255 characters");
	text[VIRT_SPEC_MAX + 1] = '\n';
	text[VIRT_SPEC_MAX + 2] = '\0';
	bad(text, "at most 255 characters");
}

TEST(characters_of_a_spec)
{
	static const char *const texts[] = {
		"ubd0=ram ", " ubd0=ram", "ubd0=ram,\t", "ubd0=ram\n\n",
		"ubd0=ram\nubd1=ram", "ubd0=r\x01m", "ubd0=ram\x7f",
		"ubd0=r\xc3\xa4m", "\xff", "ubd0=ram\r\n",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		bad(texts[i], "no blanks and only printable characters");
}

TEST(unknown_key)
{
	static const char *const known[] = { "seed", NULL };

	CHECK_EQ(virt_spec_parse(&spec, "ubd0=ram,seed=1,see=2", NULL), 0);
	CHECK_EQ(virt_spec_only_keys(&spec, known, &why), -EINVAL);
	CHECK_HAS(why.text, "ram does not know see=");
	CHECK_EQ(virt_spec_only_keys(&spec, known, NULL), -EINVAL);
	CHECK_EQ(virt_spec_only_keys(&spec, known + 1, &why), -EINVAL);
	CHECK_HAS(why.text, "ram does not know seed=");
}

/* A reason longer than its room ends in it. */
TEST(long_reason)
{
	char text[VIRT_SPEC_MAX + 1];

	memset(text, 'x', sizeof(text));
	memcpy(text, "e0=x,k=v,", 9);
	text[VIRT_SPEC_MAX] = '\0';
	bad(text, "the argument xxx");
	CHECK_EQ(strlen(why.text), VIRT_WHY_MAX - 1);
}
