/* Inputs that were seen to fail. */
#ifndef STORE_FINDINGS_H
#define STORE_FINDINGS_H

#include "base/err.h"
#include "store/records.h"

struct store;

/*
 * Findings. add: the same (harness, input) is one finding: *id is the old one's and *added false (both may be NULL).
 * A new one is on the disk when the call returns, or when its group is committed. Its campaign may be 0, for none.
 */
int store_finding_add(
	struct store *s, const struct finding_rec *f, int64_t *id, bool *added, struct err *err);
/* By id: state, note and all that triage gives are replaced. Its bug must be there: put that first; an alias will do. */
int store_finding_update(struct store *s, const struct finding_rec *f, struct err *err);
int store_finding_get(
	struct store *s, int64_t id, struct finding_rec *out, struct err *err); /* 0, 1 none, -1 */
typedef int (*store_finding_fn)(void *arg, const struct finding_rec *f);        /* non-zero stops */
/* bug NULL: all; state -1: any. In order of id. */
int store_findings(struct store *s, const char *bug, int state, store_finding_fn fn, void *arg,
	struct err *err);

/*
 * How many of a bug's findings are of which campaign, without reading any; in order of the bugs' ids, then of campaigns. fn
 * must not use the store. Non-zero from it ends it.
 */
typedef int (*store_finding_count_fn)(void *arg, const char *bug, int64_t campaign, uint64_t n);
int store_finding_counts(struct store *s, store_finding_count_fn fn, void *arg, struct err *err);

#endif
