/* A place in the code, in the words that signatures are made of. */
#ifndef CRASH_PLACE_H
#define CRASH_PLACE_H

#include "base/buf.h"
#include "crash/finish.h"

/* Strings live in the arena of the site that the place is of. */
struct crash_place {
	/* Normalised; the harness's own function goes by its file's name. NULL: no frame names one. */
	const char *function;
	/* Its source text as crash_rules.statement gives it, and which of equal ones in the function; NULL: not known. */
	const char *statement;
	unsigned ordinal;
	/* Base name and line, for people; NULL and 0: not known. */
	const char *file;
	unsigned line;
	/* Where the source isn't known: the offset in the module, and that one's build id or name; NULL: not known. */
	const char *module;
	uint64_t offset;
	/* The harness's own code: other statements of it have nothing in common. */
	bool harness;
};

/* "parse_string {buffer[i]!='\"'}#2". Appended. */
void place_add(struct buf *b, const struct crash_place *p);
/* The message of families that sign by it, numbers and paths folded, quoted, behind a blank. Appended. */
void place_add_message(struct buf *b, const struct crash_report *r);
/* Is family one of " a b "? NULL: of all. */
bool place_family_in(const char *families, const char *family);
/*
 * A function that others call with what isn't its own: strlcpy, xmalloc, die. By its name and the project's list. family: of
 * the failure, or "freed" for the stack of a free.
 */
bool place_is_helper(const char *function, const char *family, const struct crash_rules *rules);

#endif
