/*
 * The campaign's memory: jobs, findings, bugs, statistics, events. No SQL above this line; a backend is a table
 * of the same calls (backend.h). Every write is one transaction; a kill at any instant loses nothing written.
 * Strings passed in are borrowed; records handed out are released by the caller.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/err.h"
#include "store/records.h"

struct store;

/*
 * "sqlite:PATH"; made, with its directory, when absent; migrated when older. A database of a newer thresh or a
 * corrupt one is an error that names the file and the mend, and the file is left as it is.
 */
struct store *store_open(const char *url, struct err *err);
void store_close(struct store *s); /* NULL is fine */

/* Campaigns. begin: *id is set. last: 0 found, 1 none, -1 error. */
int store_campaign_begin(struct store *s, uint64_t now_ms, uint64_t budget_ms,
	const char *harnesses, int64_t *id, struct err *err);
int store_campaign_spend(struct store *s, int64_t id, uint64_t spent_ms, struct err *err);
int store_campaign_end(struct store *s, int64_t id, uint64_t now_ms, struct err *err);
int store_campaign_last(struct store *s, struct campaign_rec *out, struct err *err);

/* Jobs. add: nothing happens when (campaign, kind, key) is there already; *added may be NULL. */
int store_job_add(struct store *s, const struct job_rec *job, bool *added, struct err *err);
/*
 * The best job among `kinds` (NULL-terminated; NULL: any) that is queued, or leased by an owner whose lease
 * ran out; leased to owner until now + lease. 0 found, 1 none, -1 error.
 */
int store_job_take(struct store *s, int64_t campaign, const char *const *kinds, const char *owner,
	uint64_t now_ms, uint64_t lease_ms, struct job_rec *out, struct err *err);
int store_job_renew(
	struct store *s, int64_t id, const char *owner, uint64_t until_ms, struct err *err);
/* done, or failed: queued again until max_attempts, then JOB_FAILED. Only while the owner holds the lease. */
int store_job_done(struct store *s, int64_t id, const char *owner, struct err *err);
int store_job_fail(struct store *s, int64_t id, const char *owner, const char *why,
	unsigned max_attempts, struct err *err);
/* Give back all leases of owners for which alive() is false (their process is gone). */
int store_jobs_release_dead(
	struct store *s, bool (*alive)(void *arg, const char *owner), void *arg, struct err *err);
/* Counts by state, for one kind or all (NULL). counts[enum job_state]. */
int store_job_counts(
	struct store *s, int64_t campaign, const char *kind, uint64_t counts[4], struct err *err);

/* Findings. add: the same (harness, input) is one finding: *id is the old one's and *added false. */
int store_finding_add(
	struct store *s, const struct finding_rec *f, int64_t *id, bool *added, struct err *err);
int store_finding_update(struct store *s, const struct finding_rec *f, struct err *err); /* by id */
int store_finding_get(
	struct store *s, int64_t id, struct finding_rec *out, struct err *err); /* 0, 1 none, -1 */
typedef int (*store_finding_fn)(void *arg, const struct finding_rec *f);        /* non-zero stops */
/* bug NULL: all; state -1: any. In order of id. */
int store_findings(struct store *s, const char *bug, int state, store_finding_fn fn, void *arg,
	struct err *err);

/* Bugs. put: insert, or replace all fields but first_ms and findings. */
int store_bug_put(struct store *s, const struct bug_rec *b, bool *is_new, struct err *err);
/* By id, by an alias, or by a unique prefix of at least 4 digits: 0, 1 none, -1 error (ambiguous: usage error). */
int store_bug_get(struct store *s, const char *id, struct bug_rec *out, struct err *err);
int store_bug_by_signature(
	struct store *s, const char *signature, struct bug_rec *out, struct err *err);
typedef int (*store_bug_fn)(void *arg, const struct bug_rec *b);
int store_bugs(struct store *s, store_bug_fn fn, void *arg,
	struct err *err); /* severity down, then first_ms */
/* old stays valid in every call and means `id` from now on; findings of old move. */
int store_bug_alias(struct store *s, const char *old, const char *id, struct err *err);

/* Statistics: adds execs, wall_ms, crashes, restarts to what is there; the rest replaces it. */
int store_stat_add(struct store *s, const struct stat_rec *r, struct err *err);
typedef int (*store_stat_fn)(void *arg, const struct stat_rec *r);
int store_stats(struct store *s, int64_t campaign, store_stat_fn fn, void *arg, struct err *err);

int store_event_add(struct store *s, int64_t campaign, uint64_t when_ms, const char *kind,
	const char *text, struct err *err);
typedef int (*store_event_fn)(void *arg, const struct event_rec *e);
int store_events(struct store *s, int64_t after_id, store_event_fn fn, void *arg, struct err *err);

/* Small facts: one row of text per key ("minimize/<bug>" progress, baselines, ...). get: 0, 1 none, -1. */
int store_fact_set(struct store *s, const char *key, const char *value, struct err *err);
int store_fact_get(struct store *s, const char *key, char **value, struct err *err);

#endif
