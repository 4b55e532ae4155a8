// SPDX-License-Identifier: GPL-2.0
/* Specs that are right are taken apart, and say the same when put together. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <virtbus/spec.h>

#include "harness.h"

static struct virt_spec spec;
static struct virt_why why;

static void good(const char *text)
{
	/* whatever was there before must not matter */
	memset(&spec, 0xa5, sizeof(spec));
	if (virt_spec_parse(&spec, text, &why))
		FAIL("%s is refused: %s", text, why.text);
}

static void same(const char *a, const char *b)
{
	if (strcmp(a, b))
		FAIL("\"%s\" is not \"%s\"", a, b);
}

/* The text that makes this spec again. */
static const char *put_together(void)
{
	static char text[2 * VIRT_SPEC_MAX];
	unsigned int i;
	int n;

	n = sprintf(text, "%s=%s", spec.name, spec.backend);
	for (i = 0; i < spec.nargs; i++)
		n += sprintf(text + n, ",%s", spec.args[i]);
	for (i = 0; i < spec.nkeys; i++)
		n += sprintf(text + n, ",%s=%s", spec.keys[i].key,
			     spec.keys[i].value);
	return text;
}

TEST(back_end_alone)
{
	good("con1=loop");
	same(spec.name, "con1");
	same(spec.backend, "loop");
	CHECK_EQ(spec.nargs, 0);
	CHECK_EQ(spec.nkeys, 0);
}

TEST(arguments)
{
	good("eth0=pci,0000:00:03.0");
	same(spec.backend, "pci");
	CHECK_EQ(spec.nargs, 1);
	same(spec.args[0], "0000:00:03.0");
}

TEST(keys)
{
	good("ubd1=ram,64M,seed=7,ro=");
	CHECK_EQ(spec.nargs, 1);
	same(spec.args[0], "64M");
	CHECK_EQ(spec.nkeys, 2);
	same(spec.keys[0].key, "seed");
	same(spec.keys[0].value, "7");
	same(virt_spec_key(&spec, "seed"), "7");
	same(virt_spec_key(&spec, "ro"), "");
	CHECK(!virt_spec_key(&spec, "see"));
	CHECK(!virt_spec_key(&spec, "64M"));
	CHECK(!virt_spec_key(&spec, ""));
}

TEST(values_may_have_equals_signs)
{
	good("ubd0=file,name=a=b==");
	CHECK_EQ(spec.nkeys, 1);
	same(spec.keys[0].key, "name");
	same(spec.keys[0].value, "a=b==");
}

/* As UML has them: eth0=tuntap,,,192.168.0.254 */
TEST(empty_arguments)
{
	good("eth0=tap,,,x,");
	CHECK_EQ(spec.nargs, 4);
	same(spec.args[0], "");
	same(spec.args[1], "");
	same(spec.args[2], "x");
	same(spec.args[3], "");
}

TEST(one_final_newline)
{
	good("ubd1=ram,64M\n");
	same(spec.args[0], "64M");
	good("con1=loop\n");
	same(spec.backend, "loop");
	good("ubd1=ram,k=v\n");
	same(spec.keys[0].value, "v");
}

TEST(as_many_as_there_is_room_for)
{
	good("e0=x,1,2,3,4,5,6,7,8,a=1,b=2,c=3,d=4,e=5,f=6,g=7,h=8");
	CHECK_EQ(spec.nargs, VIRT_SPEC_ARGS);
	CHECK_EQ(spec.nkeys, VIRT_SPEC_ARGS);
	same(spec.args[7], "8");
	same(spec.keys[7].key, "h");
}

TEST(longest)
{
	char text[VIRT_SPEC_MAX + 2];

	memset(text, 'x', sizeof(text));
	memcpy(text, "a23456789012345=", 16);
	text[VIRT_SPEC_MAX] = '\0';
	good(text);
	CHECK_EQ(strlen(spec.name), VIRT_NAME_MAX);
	CHECK_EQ(strlen(spec.backend), VIRT_SPEC_MAX - 16);
	/* the newline does not count */
	text[VIRT_SPEC_MAX] = '\n';
	text[VIRT_SPEC_MAX + 1] = '\0';
	good(text);
	CHECK_EQ(strlen(spec.backend), VIRT_SPEC_MAX - 16);
}

/* The text that was given is left alone. */
TEST(text_is_not_changed)
{
	char text[] = "ubd1=ram,64M,seed=7\n";

	good(text);
	same(text, "ubd1=ram,64M,seed=7\n");
}

TEST(round_trips)
{
	static const char *const texts[] = {
		"eth0=pci,0000:00:03.0", "ubd0=ccw,0.0.1000", "ubd1=ram,64M",
		"eth1=pair,eth2", "con1=loop", "9p0=pci,0000:00:04.0,tag=home",
		"ubd-root=ram,1G,fault=", "eth0=tap,,,x,", "a=b,c=d=e",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		char *once;

		good(texts[i]);
		same(put_together(), texts[i]);
		once = strdup(put_together());
		good(once);
		same(put_together(), once);
		free(once);
	}
}

TEST(names)
{
	static const char *const names[] = {
		"a", "eth0", "ubd-root", "9p0", "0a", "A-1-b", "123456789012a45",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (virt_name_check(names[i], &why))
			FAIL("%s is refused: %s", names[i], why.text);
}

TEST(known_keys)
{
	static const char *const known[] = { "seed", "fault", NULL };
	static const char *const none[] = { NULL };

	good("ubd1=ram,fault=1,seed=2");
	CHECK_EQ(virt_spec_only_keys(&spec, known, &why), 0);
	good("ubd1=ram,1M");
	CHECK_EQ(virt_spec_only_keys(&spec, known, &why), 0);
	CHECK_EQ(virt_spec_only_keys(&spec, none, &why), 0);
}
