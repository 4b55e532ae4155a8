// SPDX-License-Identifier: GPL-2.0
/* No text whatever makes the parser read or write where it must not. */
#include <stdlib.h>
#include <string.h>

#include <virtbus/spec.h>

#include "harness.h"

#define TEXTS	300000

/* All strings of the result lie in the result, and are closed there. */
static void inside(const struct virt_spec *spec, const char *s)
{
	const char *end = spec->text + sizeof(spec->text);

	CHECK(s >= spec->text && s < end);
	CHECK(memchr(s, '\0', end - s));
}

static void sound(const struct virt_spec *spec)
{
	unsigned int i;

	CHECK(!virt_name_check(spec->name, NULL));
	inside(spec, spec->backend);
	CHECK(*spec->backend);
	CHECK(spec->nargs <= VIRT_SPEC_ARGS && spec->nkeys <= VIRT_SPEC_ARGS);
	for (i = 0; i < spec->nargs; i++) {
		inside(spec, spec->args[i]);
		CHECK(!strchr(spec->args[i], '='));
	}
	for (i = 0; i < spec->nkeys; i++) {
		inside(spec, spec->keys[i].key);
		inside(spec, spec->keys[i].value);
		CHECK(virt_spec_key(spec, spec->keys[i].key) ==
		      spec->keys[i].value);
	}
}

/* An allocation of its own, so that a sanitizer sees its ends. */
static void parse(const char *bytes, size_t len, unsigned int *good)
{
	static const char *const known[] = { "a", "0", NULL };
	struct virt_spec *spec = malloc(sizeof(*spec));
	struct virt_why *why = malloc(sizeof(*why));
	char *text = malloc(len + 1);
	u64 size;

	memcpy(text, bytes, len);
	text[len] = '\0';
	memset(why, 'x', sizeof(*why));
	if (!virt_spec_parse(spec, text, why)) {
		++*good;
		sound(spec);
		virt_spec_only_keys(spec, known, why);
	} else {
		CHECK(memchr(why->text, '\0', sizeof(why->text)));
		CHECK(why->text[0]);
	}
	virt_name_check(text, why);
	virt_spec_size(text, &size);
	free(text);
	free(why);
	free(spec);
}

TEST(random_bytes)
{
	unsigned int i, k, good = 0;
	char text[300];

	random_start();
	for (i = 0; i < TEXTS; i++) {
		unsigned int len = random_below(sizeof(text));

		for (k = 0; k < len; k++)
			text[k] = random_u64();
		parse(text, len, &good);
	}
}

/* Mostly of what specs are made of, so that many are nearly right. */
TEST(random_pieces)
{
	static const char pieces[] = "aaa0bK=,,==,--\n9T ";
	unsigned int i, k, good = 0;
	char text[300];

	random_start();
	for (i = 0; i < TEXTS; i++) {
		unsigned int len = random_below(i % 8 ? 40 : sizeof(text));

		for (k = 0; k < len; k++)
			text[k] = pieces[random_below(sizeof(pieces) - 1)];
		parse(text, len, &good);
	}
	test_note("%u of %u were good", good, TEXTS);
	CHECK(good > TEXTS / 1000);
}

/* As long as a spec may be, and a little more. */
TEST(random_and_long)
{
	static const char pieces[] = "abcdefghijklmnopqrstuvwxyz012345-.:,=";
	unsigned int i, k, good = 0;
	char text[VIRT_SPEC_MAX + 6];

	random_start();
	for (i = 0; i < TEXTS / 4; i++) {
		unsigned int len = VIRT_SPEC_MAX - 4 + random_below(10);

		for (k = 0; k < len; k++)
			text[k] = pieces[random_below(sizeof(pieces) - 1)];
		memcpy(text, "ubd0=ram,k=", 11);
		/* a few of them only, or all have too many arguments */
		for (k = 11; k < len; k++)
			if (text[k] == ',' && random_below(4))
				text[k] = '.';
		parse(text, len, &good);
	}
	test_note("%u of %u were good", good, TEXTS / 4);
	CHECK(good > TEXTS / 1000);
}

/* One character of a good spec changed. */
TEST(random_changes)
{
	static const char spec[] =
		"ubd-root=ram,64M,a=1,b=22,c=,0000:00:03.0,seed=12345678";
	unsigned int i, good = 0;
	char text[sizeof(spec)];

	random_start();
	for (i = 0; i < TEXTS; i++) {
		memcpy(text, spec, sizeof(spec));
		text[random_below(sizeof(spec) - 1)] = random_u64();
		text[random_below(sizeof(spec) - 1)] = ',';
		parse(text, strlen(text), &good);
	}
	test_note("%u of %u were good", good, TEXTS);
}
