// SPDX-License-Identifier: GPL-2.0
/*
 * spec.c - the parser of NAME=BACKEND[,ARG..][,KEY=VALUE..] and of sizes
 */
#include "test_dev.h"

/**
 * struct good_spec - a spec and what it says
 * @text: the spec
 * @name: the device's name
 * @backend: its back end
 * @args: plain arguments
 * @keys: KEY=VALUE arguments
 */
struct good_spec {
	const char *text;
	const char *name;
	const char *backend;
	const char *args[VIRT_SPEC_ARGS];
	struct virt_spec_key keys[VIRT_SPEC_ARGS];
};

static const struct good_spec good[] = {
	{ "con1=loop", "con1", "loop" },
	{ "con1=loop\n", "con1", "loop" },
	{ "eth0=pci,0000:00:03.0", "eth0", "pci", { "0000:00:03.0" } },
	{ "ubd1=ram,64M,seed=7,ro=", "ubd1", "ram", { "64M" },
	  { { "seed", "7" }, { "ro", "" } } },
	{ "ubd1=ram,k=v\n", "ubd1", "ram", { }, { { "k", "v" } } },
	{ "ubd0=file,name=a=b==", "ubd0", "file", { }, { { "name", "a=b==" } } },
	/* as UML has them */
	{ "eth0=tap,,,x,", "eth0", "tap", { "", "", "x", "" } },
	{ "ubd-root-2=ccw,0.0.1000", "ubd-root-2", "ccw", { "0.0.1000" } },
	{ "a23456789012345=x", "a23456789012345", "x" },
	{ "e0=x,1,2,3,4,5,6,7,8,a=1,b=2,c=3,d=4,e=5,f=6,g=7,h=8", "e0", "x",
	  { "1", "2", "3", "4", "5", "6", "7", "8" },
	  { { "a", "1" }, { "b", "2" }, { "c", "3" }, { "d", "4" },
	    { "e", "5" }, { "f", "6" }, { "g", "7" }, { "h", "8" } } },
};

static void text_name(const char *text, char *desc)
{
	/* a final newline and what is not ASCII would upset who reads the log */
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%*pEnp",
		 (int)min_t(size_t, strlen(text), 60), text);
}

static void good_name(const struct good_spec *good, char *desc)
{
	text_name(good->text, desc);
}

KUNIT_ARRAY_PARAM(good, good, good_name);

static struct virt_spec *new_spec(struct kunit *test)
{
	struct virt_spec *spec = kunit_kmalloc(test, sizeof(*spec), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, spec);
	/* whatever was there before must not matter */
	memset(spec, 0xa5, sizeof(*spec));
	return spec;
}

static void spec_good(struct kunit *test)
{
	const struct good_spec *want = test->param_value;
	struct virt_spec *spec = new_spec(test);
	struct virt_why why = { };
	unsigned int i;

	KUNIT_ASSERT_EQ_MSG(test, virt_spec_parse(spec, want->text, &why), 0,
			    "it says: %s", why.text);
	KUNIT_EXPECT_STREQ(test, why.text, "");
	KUNIT_EXPECT_STREQ(test, spec->name, want->name);
	KUNIT_EXPECT_STREQ(test, spec->backend, want->backend);
	for (i = 0; i < VIRT_SPEC_ARGS && want->args[i]; i++) {
		KUNIT_ASSERT_LT(test, i, spec->nargs);
		KUNIT_EXPECT_STREQ(test, spec->args[i], want->args[i]);
	}
	KUNIT_EXPECT_EQ(test, spec->nargs, i);
	for (i = 0; i < VIRT_SPEC_ARGS && want->keys[i].key; i++) {
		KUNIT_ASSERT_LT(test, i, spec->nkeys);
		KUNIT_EXPECT_STREQ(test, spec->keys[i].key, want->keys[i].key);
		KUNIT_EXPECT_STREQ(test, virt_spec_key(spec, want->keys[i].key),
				   want->keys[i].value);
	}
	KUNIT_EXPECT_EQ(test, spec->nkeys, i);
	KUNIT_EXPECT_PTR_EQ(test, virt_spec_key(spec, "absent"), NULL);
	KUNIT_EXPECT_PTR_EQ(test, virt_spec_key(spec, ""), NULL);
}

/**
 * struct bad_text - a text that is refused
 * @text: the text
 * @reason: part of the reason
 */
struct bad_text {
	const char *text;
	const char *reason;
};

static const struct bad_text bad[] = {
	{ "", "NAME=BACKEND" },
	{ "\n", "NAME=BACKEND" },
	{ "ubd0", "NAME=BACKEND" },
	{ "ubd0,ram", "NAME=BACKEND" },
	{ "=ram", "1 to 15 characters" },
	{ "=", "1 to 15 characters" },
	{ "a234567890123456=ram", "1 to 15 characters" },
	{ "ubd_0=ram", "single dashes" },
	{ "-ubd=ram", "single dashes" },
	{ "ubd-=ram", "single dashes" },
	{ "u--d=ram", "single dashes" },
	{ "../x=ram", "single dashes" },
	{ "%s=ram", "single dashes" },
	{ "1-2=ram", "at least one letter" },
	{ "ubd0=", "not followed by a back end" },
	{ "ubd0=,64M", "not followed by a back end" },
	{ "ubd0==ram", "not followed by a back end" },
	{ "ubd0=size=64M", "not followed by a back end" },
	{ "ubd0=ram,seed=1,64M", "64M stands behind a KEY=VALUE" },
	{ "ubd0=ram,seed=1,", "stands behind a KEY=VALUE" },
	{ "ubd0=ram,=7", "=7 has no key" },
	{ "ubd0=ram,a=1,seed=1,b=2,seed=3", "seed= is given twice" },
	{ "e0=x,1,2,3,4,5,6,7,8,9", "more than 8 arguments" },
	{ "e0=x,a=1,b=2,c=3,d=4,e=5,f=6,g=7,h=8,i=9", "more than 8 arguments" },
	{ " ubd0=ram", "no blanks" },
	{ "ubd0=ram,\t", "no blanks" },
	{ "ubd0=ram\n\n", "no blanks" },
	{ "ubd0=ram\r\n", "no blanks" },
	{ "ubd0=ram\nubd1=ram", "no blanks" },
	{ "ubd0=r\x01m", "no blanks" },
	{ "ubd0=ram\x7f", "no blanks" },
	{ "ubd0=r\xc3\xa4m", "no blanks" },
};

static void bad_name(const struct bad_text *bad, char *desc)
{
	text_name(bad->text, desc);
}

KUNIT_ARRAY_PARAM(bad, bad, bad_name);

static void spec_bad(struct kunit *test)
{
	const struct bad_text *bad = test->param_value;
	struct virt_spec *spec = new_spec(test);
	struct virt_why why = { };

	KUNIT_EXPECT_EQ(test, virt_spec_parse(spec, bad->text, &why), -EINVAL);
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(why.text, bad->reason),
				  "it says: %s", why.text);
	KUNIT_EXPECT_EQ(test, virt_spec_parse(spec, bad->text, NULL), -EINVAL);
}

/* The longest, and one more; KASAN watches the ends. */
static void spec_longest(struct kunit *test)
{
	char *text = kunit_kmalloc(test, VIRT_SPEC_MAX + 3, GFP_KERNEL);
	struct virt_spec *spec = new_spec(test);
	struct virt_why why = { };

	KUNIT_ASSERT_NOT_NULL(test, text);
	memset(text, 'x', VIRT_SPEC_MAX + 3);
	memcpy(text, "a23456789012345=", 16);
	/* the newline does not count */
	strcpy(text + VIRT_SPEC_MAX, "\n");
	KUNIT_EXPECT_EQ(test, virt_spec_parse(spec, text, NULL), 0);
	KUNIT_EXPECT_EQ(test, strlen(spec->backend), VIRT_SPEC_MAX - 16);
	strcpy(text + VIRT_SPEC_MAX, "x\n");
	KUNIT_EXPECT_EQ(test, virt_spec_parse(spec, text, &why), -EINVAL);
	KUNIT_EXPECT_NOT_NULL(test, strstr(why.text, "at most 255"));

	/* a reason longer than its room ends in it */
	memset(text, 'x', VIRT_SPEC_MAX);
	memcpy(text, "e0=x,k=v,", 9);
	text[VIRT_SPEC_MAX] = '\0';
	KUNIT_EXPECT_EQ(test, virt_spec_parse(spec, text, &why), -EINVAL);
	KUNIT_EXPECT_EQ(test, strlen(why.text), VIRT_WHY_MAX - 1);
}

static void spec_only_keys(struct kunit *test)
{
	static const char *const known[] = { "seed", "fault", NULL };
	static const char *const none[] = { NULL };
	struct virt_spec *spec = new_spec(test);
	struct virt_why why = { };

	KUNIT_ASSERT_EQ(test, virt_spec_parse(spec, "u=ram,fault=1,seed=2",
					      NULL), 0);
	KUNIT_EXPECT_EQ(test, virt_spec_only_keys(spec, known, &why), 0);
	KUNIT_EXPECT_STREQ(test, why.text, "");
	KUNIT_EXPECT_EQ(test, virt_spec_only_keys(spec, none, &why), -EINVAL);
	KUNIT_EXPECT_STREQ(test, why.text, "ram does not know fault=");
	/* a part of a key is another key */
	KUNIT_ASSERT_EQ(test, virt_spec_parse(spec, "u=ram,seed=1,see=2", NULL),
			0);
	KUNIT_EXPECT_EQ(test, virt_spec_only_keys(spec, known, &why), -EINVAL);
	KUNIT_EXPECT_STREQ(test, why.text, "ram does not know see=");
	KUNIT_EXPECT_EQ(test, virt_spec_only_keys(spec, known, NULL), -EINVAL);
	/* plain arguments are none */
	KUNIT_ASSERT_EQ(test, virt_spec_parse(spec, "u=ram,64M", NULL), 0);
	KUNIT_EXPECT_EQ(test, virt_spec_only_keys(spec, none, &why), 0);
}

/**
 * struct size_text - a size
 * @text: the text
 * @bytes: what it says
 * @bad: it says nothing
 */
struct size_text {
	const char *text;
	u64 bytes;
	bool bad;
};

static const struct size_text sizes[] = {
	{ "0", 0 },
	{ "512", 512 },
	{ "0000000000000000000000000000000009", 9 },
	{ "1K", 1024 },
	{ "64M", 64ULL << 20 },
	{ "3G", 3ULL << 30 },
	{ "2T", 2ULL << 40 },
	{ "0T", 0 },
	/* the largest of each, and one more */
	{ "18446744073709551615", U64_MAX },
	{ "18014398509481983K", 18014398509481983ULL << 10 },
	{ "17592186044415M", 17592186044415ULL << 20 },
	{ "17179869183G", 17179869183ULL << 30 },
	{ "16777215T", 16777215ULL << 40 },
	{ "18446744073709551616", 0, true },
	{ "18446744073709551620", 0, true },
	{ "184467440737095516150", 0, true },
	{ "18014398509481984K", 0, true },
	{ "17592186044416M", 0, true },
	{ "17179869184G", 0, true },
	{ "16777216T", 0, true },
	{ "18446744073709551615T", 0, true },
	{ "", 0, true },
	{ "K", 0, true },
	{ "M1", 0, true },
	{ "-1", 0, true },
	{ "+1", 0, true },
	{ " 1", 0, true },
	{ "1 ", 0, true },
	{ "1k", 0, true },
	{ "1KB", 0, true },
	{ "1MK", 0, true },
	{ "1P", 0, true },
	{ "0x10", 0, true },
	{ "1.5G", 0, true },
	{ "1M\n", 0, true },
	{ "1\xb2", 0, true },
};

static void size_name(const struct size_text *size, char *desc)
{
	text_name(size->text, desc);
}

KUNIT_ARRAY_PARAM(sizes, sizes, size_name);

static void spec_size(struct kunit *test)
{
	const struct size_text *size = test->param_value;
	u64 bytes = 4711;

	KUNIT_EXPECT_EQ(test, virt_spec_size(size->text, &bytes),
			size->bad ? -EINVAL : 0);
	if (!size->bad)
		KUNIT_EXPECT_EQ(test, bytes, size->bytes);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(spec_good, good_gen_params),
	KUNIT_CASE_PARAM(spec_bad, bad_gen_params),
	KUNIT_CASE(spec_longest),
	KUNIT_CASE(spec_only_keys),
	KUNIT_CASE_PARAM(spec_size, sizes_gen_params),
	{ }
};

struct kunit_suite spec_suite = {
	.name = "virtbus_spec",
	.test_cases = cases,
};
