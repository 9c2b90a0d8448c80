/* Bugs, and the signatures that stand for them. */
#ifndef STORE_BUGS_H
#define STORE_BUGS_H

#include "base/err.h"
#include "store/records.h"

struct store;

/*
 * Bugs. put: insert, or replace all fields but first_ms and findings; last_ms never goes back; kind and kinds are added
 * to the kinds there were. An alias's id means the bug it stands for. is_new may be NULL. To change a bug that others
 * may change too: store_begin, get, put, store_commit.
 */
int store_bug_put(struct store *s, const struct bug_rec *b, bool *is_new, struct err *err);
/*
 * Narrow writes, by id or alias: 1: no such bug. state: with `why` and `until_ms` of an ignore (NULL, 0 else). seen: an
 * observed kind (NULL: none) and when; last_ms never goes back.
 */
int store_bug_set_state(struct store *s, const char *id, enum bug_state state, const char *why,
	uint64_t until_ms, struct err *err);
int store_bug_seen(
	struct store *s, const char *id, const char *kind, uint64_t last_ms, struct err *err);
/* By id, by an alias, or by a unique prefix of at least 4 digits: 0, 1 none, -1 error (ambiguous: usage error). */
int store_bug_get(struct store *s, const char *id, struct bug_rec *out, struct err *err);
/* The bug that findings of this signature belong to: by its current signature, else by alias or id. 0, 1 none, -1. */
int store_bug_by_signature(
	struct store *s, const char *signature, struct bug_rec *out, struct err *err);
typedef int (*store_bug_fn)(void *arg, const struct bug_rec *b);
int store_bugs(struct store *s, store_bug_fn fn, void *arg,
	struct err *err); /* severity down, then first_ms */
/*
 * old (an id or a former signature, 16 digits) stays valid in every call and means `id` from now on. Where old is a bug
 * of its own, its findings, aliases and kinds move and its record ends. Nothing happens when they are one already.
 */
int store_bug_alias(struct store *s, const char *old, const char *id, struct err *err);
/*
 * Undo it: old means nothing until it is filed again; the findings whose own signature it is become FINDING_NEW without
 * a bug, for triage to file. 0, 1 it was no alias, -1.
 */
int store_bug_unalias(struct store *s, const char *old, struct err *err);

#endif
