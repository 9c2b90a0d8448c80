/*
 * The exact place and way of a failure, and what joins several of them into one bug. Pure.
 */
#ifndef CRASH_SITE_H
#define CRASH_SITE_H

#include "base/arena.h"
#include "crash/finish.h"
#include "crash/place.h"

/* Two sites are one bug when one of them gives what the other seeks; the usual key does both. */
enum crash_key_part {
	CRASH_KEY_SHARES,
	CRASH_KEY_SEEKS, /* looked for among those of others, but not given */
	CRASH_KEY_GIVES, /* there for others to find, but not looked for */
};

/* What sites of one bug share. */
struct crash_key {
	/* First half of SHA-256 of text. */
	char id[17];
	const char *text;
	/* The row of the table of rules that made it. */
	const char *rule;
	enum crash_key_part part;
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
	/* Who called the place, and who made the object that it failed on, looked through allocators; NULL: not known. */
	const char *caller, *maker;
	struct crash_key keys[CRASH_KEYS_MAX];
	size_t n_keys;
	/*
	 * So many frames of the report's first stack, as it was printed, and the way of the failure make the site: any
	 * others below them don't change it. 0: more of the report counts.
	 */
	size_t depth;
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
