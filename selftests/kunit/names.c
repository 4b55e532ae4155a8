// SPDX-License-Identifier: GPL-2.0
/*
 * names.c - one unique name for every device
 */
#include <linux/virtio_ids.h>

#include "test_dev.h"

static int add_as(struct test_dev *td, const char *name, struct virt_why *why)
{
	int err;

	why->text[0] = '\0';
	err = virt_dev_add(td->vdev, name, why);
	td->added = !err;
	return err;
}

static struct test_dev *numbered(struct kunit *test, const char *want)
{
	struct test_dev *td = test_dev_new(test, TEST_TYPE_IDLE);

	test_dev_add(test, td);
	KUNIT_EXPECT_STREQ(test, virt_name(td->vdev), want);
	return td;
}

static void names_first_free_number(struct kunit *test)
{
	struct test_dev *three = test_dev_new(test, TEST_TYPE_IDLE);
	struct test_dev *zero, *one;
	struct virt_why why;

	zero = numbered(test, "dev0");
	one = numbered(test, "dev1");
	numbered(test, "dev2");
	/* numbers that were asked for are passed over */
	KUNIT_EXPECT_EQ(test, add_as(three, "dev3", &why), 0);
	numbered(test, "dev4");
	/* what was given back is used again, the lowest first */
	test_dev_del(one);
	test_dev_del(zero);
	test_dev_del(three);
	numbered(test, "dev0");
	numbered(test, "dev1");
	numbered(test, "dev3");
	numbered(test, "dev5");
}

/* Kinds of devices count for themselves. */
static void names_of_kinds(struct kunit *test)
{
	static const struct {
		u32 type;
		const char *name;
	} kinds[] = {
		{ VIRTIO_ID_NET, "eth0" },
		{ VIRTIO_ID_BLOCK, "ubd0" },
		{ VIRTIO_ID_CONSOLE, "con0" },
		{ VIRTIO_ID_9P, "9p0" },
		{ TEST_TYPE_IDLE, "dev0" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct test_dev *td = test_dev_new(test, kinds[i].type);

		test_dev_add(test, td);
		KUNIT_EXPECT_STREQ(test, virt_name(td->vdev), kinds[i].name);
	}
}

static void names_taken(struct kunit *test)
{
	struct test_dev *first = test_dev_new(test, TEST_TYPE_IDLE);
	struct test_dev *other, *last = test_dev_new(test, TEST_TYPE_IDLE);
	struct virt_why why;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, add_as(first, "dev-root", &why), 0);
	/* who was refused must not free the name for the next one */
	for (i = 0; i < 2; i++) {
		other = test_dev_new(test, TEST_TYPE_IDLE);
		KUNIT_EXPECT_EQ(test, add_as(other, "dev-root", &why), -EEXIST);
		KUNIT_EXPECT_NOT_NULL(test, strstr(why.text, "dev-root"));
		KUNIT_EXPECT_EQ(test, virt_dev_state(other->vdev), VIRT_GONE);
		KUNIT_EXPECT_EQ(test, other->transfers, 0);
	}
	KUNIT_EXPECT_EQ(test, virt_dev_state(first->vdev), VIRT_INITIALISING);
	test_dev_del(first);
	KUNIT_EXPECT_EQ(test, add_as(last, "dev-root", &why), 0);
}

/* A device that could not be added has no name any more. */
static void names_freed_by_failure(struct kunit *test)
{
	struct test_dev *deaf = test_dev_new(test, TEST_TYPE_IDLE);
	struct test_dev *td = test_dev_new(test, TEST_TYPE_IDLE);
	struct virt_why why;

	deaf->fail_at = 1;
	deaf->fail_with = -ETIMEDOUT;
	KUNIT_EXPECT_EQ(test, add_as(deaf, "dev7", &why), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, add_as(td, "dev7", &why), 0);
}

/**
 * struct wish - a name that is asked for
 * @type: kind of device
 * @name: the name
 * @reason: part of what is said when it is refused; NULL: it is not
 */
struct wish {
	u32 type;
	const char *name;
	const char *reason;
};

#define PREFIX	"a device of this kind is called"
#define LENGTH	"1 to 15 characters"
#define CHARS	"letters, digits and single dashes"
#define LETTER	"at least one letter"

static const struct wish wishes[] = {
	{ TEST_TYPE_IDLE, "dev7", NULL },
	{ TEST_TYPE_IDLE, "dev-a", NULL },
	{ TEST_TYPE_IDLE, "dev-a-B-9", NULL },
	{ TEST_TYPE_IDLE, "dev0x", NULL },
	{ TEST_TYPE_IDLE, "dev-45678901234", NULL },
	{ VIRTIO_ID_NET, "eth-lan", NULL },
	{ VIRTIO_ID_BLOCK, "ubd-root", NULL },
	{ VIRTIO_ID_CONSOLE, "con3", NULL },
	{ VIRTIO_ID_9P, "9p-home", NULL },
	/* of another kind, or of none */
	{ TEST_TYPE_IDLE, "ubd0", PREFIX },
	{ VIRTIO_ID_BLOCK, "dev0", PREFIX },
	{ VIRTIO_ID_BLOCK, "eth0", PREFIX },
	{ VIRTIO_ID_NET, "ubd0", PREFIX },
	{ VIRTIO_ID_CONSOLE, "9p0", PREFIX },
	{ VIRTIO_ID_9P, "p9", PREFIX },
	{ TEST_TYPE_IDLE, "Dev0", PREFIX },
	/* the prefix alone, and a longer word */
	{ TEST_TYPE_IDLE, "dev", PREFIX },
	{ TEST_TYPE_IDLE, "de", PREFIX },
	{ TEST_TYPE_IDLE, "device0", PREFIX },
	{ TEST_TYPE_IDLE, "", LENGTH },
	{ TEST_TYPE_IDLE, "dev-456789012345", LENGTH },
	{ TEST_TYPE_IDLE, "dev_0", CHARS },
	{ TEST_TYPE_IDLE, "dev/0", CHARS },
	{ TEST_TYPE_IDLE, "../dev0", CHARS },
	{ TEST_TYPE_IDLE, "dev 0", CHARS },
	{ TEST_TYPE_IDLE, "dev0\n", CHARS },
	{ TEST_TYPE_IDLE, "dev0%s", CHARS },
	{ TEST_TYPE_IDLE, "dev-\xc3\xa4", CHARS },
	{ TEST_TYPE_IDLE, "-dev0", CHARS },
	{ TEST_TYPE_IDLE, "dev0-", CHARS },
	{ TEST_TYPE_IDLE, "dev0--1", CHARS },
	{ TEST_TYPE_IDLE, "70", LETTER },
};

static void wish_name(const struct wish *wish, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%*pEp for type %u",
		 (int)strlen(wish->name), wish->name, wish->type);
}

KUNIT_ARRAY_PARAM(wishes, wishes, wish_name);

static void names_wish(struct kunit *test)
{
	const struct wish *wish = test->param_value;
	struct test_dev *td = test_dev_new(test, wish->type);
	struct virt_why why;

	KUNIT_EXPECT_EQ(test, add_as(td, wish->name, &why),
			wish->reason ? -EINVAL : 0);
	if (wish->reason) {
		KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(why.text, wish->reason),
					  "it says: %s", why.text);
		/* nobody need ask why */
		td = test_dev_new(test, wish->type);
		KUNIT_EXPECT_EQ(test, virt_dev_add(td->vdev, wish->name, NULL),
				-EINVAL);
	} else {
		KUNIT_EXPECT_STREQ(test, why.text, "");
		KUNIT_EXPECT_STREQ(test, virt_name(td->vdev), wish->name);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(names_first_free_number),
	KUNIT_CASE(names_of_kinds),
	KUNIT_CASE(names_taken),
	KUNIT_CASE(names_freed_by_failure),
	KUNIT_CASE_PARAM(names_wish, wishes_gen_params),
	{ }
};

struct kunit_suite names_suite = {
	.name = "virtbus_names",
	.suite_init = test_glue_open,
	.suite_exit = test_glue_close,
	.test_cases = cases,
};
