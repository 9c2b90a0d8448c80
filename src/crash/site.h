/*
 * The exact place and way of a failure, and what joins several of them into one bug. Pure.
 */
#ifndef CRASH_SITE_H
#define CRASH_SITE_H

#include "base/arena.h"
#include "crash/finish.h"
#include "crash/place.h"

/* What sites of one bug share. */
struct crash_key {
	/* First half of SHA-256 of text. */
	char id[17];
	const char *text;
	/* The row of the table of rules that made it. */
	const char *rule;
	/* Looked for among those of others, but not given: a hang and the memory that it takes. */
	bool seeks_only;
};

#define CRASH_KEYS_MAX 48

struct crash_site {
	struct arena arena;
	char id[17];
	/* What was hashed: "s2 bounds read parse_string {buffer[i]!='\"'}". */
	const char *text;
	/* Where it happened, and, where that is a shared helper, where from; function NULL: no frame of the project. */
	struct crash_place at, from;
	/* The free, the allocation or the origin, as `other_role` says; function NULL: none or not known. */
	struct crash_place other;
	const char *other_role;
	struct crash_key keys[CRASH_KEYS_MAX];
	size_t n_keys;
};

/* Of a finished report; never NULL. The first key, of which there is always one, names the bug. */
struct crash_site *crash_site_new(const struct crash_report *r, const struct crash_rules *rules);
void crash_site_free(struct crash_site *s); /* NULL is fine */

/*
 * Nothing says where it failed, and of its kind only the stack could: a recursion at the very limit of the stack, a hang or
 * memory gone where no stack could be had. What can't be told isn't another bug.
 */
bool crash_site_cannot_tell(const struct crash_report *r);

#endif
