/* What years of campaigns leave in the store that nobody reads any more. Counters never go back by it. */
#ifndef STORE_RETENTION_H
#define STORE_RETENTION_H

#include "base/err.h"
#include "base/strlist.h"
#include <stdbool.h>
#include <stdint.h>

struct store;

struct store_surplus {
	uint64_t n, bytes;
};

/*
 * Of each site (of what didn't fail again: of each harness) only the `keep` smallest findings stay whole; the others stay as
 * rows, so that what was met before is known, without report and input. Never of one that wasn't triaged, and never of an
 * input that stands for a bug or a site. dry: only counted.
 */
int store_trim_findings(
	struct store *s, uint64_t keep, bool dry, struct store_surplus *out, struct err *err);
/* Jobs that ended, of all but the last `keep` campaigns. */
int store_prune_jobs(
	struct store *s, uint64_t keep, bool dry, struct store_surplus *out, struct err *err);
/* Each input that a row needs, or will once findings are trimmed to `keep`. fn must not use the store; non-zero from it ends it. */
typedef int (*store_input_fn)(void *arg, const char *sha1);
int store_inputs(struct store *s, uint64_t keep, store_input_fn fn, void *arg, struct err *err);
/*
 * Bytes in a shared store that no row needs, put there (or taken out of their last corpus) more than older_ms ago by the
 * database's clock: at least a day, and a year for what was in a corpus. Builds' packs aren't known here: fn is to leave
 * them out. fn must not use the store.
 */
typedef int (*store_unneeded_fn)(void *arg, const char *sha1, uint64_t bytes);
int store_blobs_unneeded(struct store *s, uint64_t keep, uint64_t older_ms, store_unneeded_fn fn,
	void *arg, struct err *err);
/* Those of them that are as old as that still. */
int store_blobs_remove(
	struct store *s, const struct strlist *names, uint64_t older_ms, struct err *err);
/* The texts of facts "PREFIX/CAMPAIGN" of the last `keep` campaigns. fn must not use the store. */
typedef int (*store_text_fn)(void *arg, const char *text);
int store_facts_of(struct store *s, const char *prefix, uint64_t keep, store_text_fn fn, void *arg,
	struct err *err);
/* And of all others: they go. */
int store_facts_prune(struct store *s, const char *prefix, uint64_t keep, struct err *err);
/* Room that rows left is given back to the disk. Needs as much again for a moment. */
int store_compact(struct store *s, struct err *err);

#endif
