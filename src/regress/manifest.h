/*
 * What a regression test says of itself: readable "key: value" lines beside its input, written by us, read back by
 * us, and open to be edited or written by hand. The same bug gives the same bytes.
 */
#ifndef REGRESS_MANIFEST_H
#define REGRESS_MANIFEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/records.h"

#define MANIFEST_VERSION 1

/* Strings live in the arena; NULL where the manifest doesn't say. */
struct manifest {
	struct arena arena;
	uint64_t version;
	const char *bug, *harness;
	/* The place of the bug that this test is of, and in words. */
	const char *site, *place;
	enum bug_state state;
	/* of an ignore; 0: no end */
	uint64_t until_ms;
	/* of an ignore */
	const char *why;
	const char *kind, *summary;
	/* "top < next < third" */
	const char *frames;
	const char *sig_text, *signature;
	/* 0: not known */
	uint64_t found_ms;
	const char *found_by, *note;
	/* the input failed k of n times alone; n 0: not known */
	uint64_t k, n;
	/* how often a replay runs it; at least 1 */
	uint64_t runs;
	uint64_t size;
	const char *sha1;
	/* the proof: build variants, ", " between; fails: with this bug */
	const char *fails, *fails_otherwise, *passes, *not_built;
	const char *debug;
};

#define MANIFEST_INIT                                            \
	{                                                        \
		.arena = ARENA_INIT, .version = MANIFEST_VERSION \
	}

/* Appended; values are made one harmless line each. */
void manifest_format(struct buf *out, const struct manifest *m);
/*
 * m is fresh. Unknown keys and lines without a colon after a # are skipped, so that people may add their own; a value
 * that can't be is an error with name:line. A manifest of a newer version is read as far as it is understood.
 */
int manifest_parse(struct manifest *m, struct strv text, const char *name, struct err *err);
void manifest_release(struct manifest *m);

/* The same text with another `state:` line, for a manifest that somebody edited. Appended. */
void manifest_restate(struct buf *out, struct strv text, enum bug_state state);

/* Runs that let a failure seen k of n times slip through less than once in a thousand; 1 when it always failed. */
unsigned manifest_runs(unsigned k, unsigned n);

/* What a replay makes of a state now: an ignore that has ended is an open bug. */
enum bug_state manifest_state_at(const struct manifest *m, uint64_t now_ms);

#endif
