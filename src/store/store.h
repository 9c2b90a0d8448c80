/*
 * The campaign's memory: jobs, findings, bugs, statistics, events. No SQL above this line; a database is one
 * more backend (backend.h). Every write is one transaction; a kill at any instant loses nothing written.
 * Strings passed in are borrowed; records handed out are released by the caller; those handed to a callback are
 * borrowed for the call. Callbacks may use the store. A store isn't used across a fork: the child opens its own.
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

/*
 * Group writes: all calls until the matching commit are one transaction, kept or undone together, with one sync to the
 * disk at the end; also the way to read, decide and write without another process in between. Groups may nest; only
 * the outermost ends it. When the store fails within a group, commit fails and nothing of it is kept. Others wait
 * meanwhile: never run a target inside. rollback drops the whole group; fine without one.
 */
int store_begin(struct store *s, struct err *err);
int store_commit(struct store *s, struct err *err);
void store_rollback(struct store *s);

/* Campaigns. begin: *id is set. last: 0 found, 1 none, -1 error. */
int store_campaign_begin(struct store *s, uint64_t now_ms, uint64_t budget_ms,
	const char *harnesses, int64_t *id, struct err *err);
int store_campaign_spend(struct store *s, int64_t id, uint64_t spent_ms, struct err *err);
int store_campaign_end(struct store *s, int64_t id, uint64_t now_ms, struct err *err);
int store_campaign_last(struct store *s, struct campaign_rec *out, struct err *err);

/* Jobs. add: nothing happens when (campaign, kind, key) is there already; *added may be NULL. */
int store_job_add(struct store *s, const struct job_rec *job, bool *added, struct err *err);
/* A job that ended, done or failed, is to be done again, with all its attempts; *again (may be NULL): it was there. */
int store_job_again(struct store *s, int64_t campaign, const char *kind, const char *key,
	bool *again, struct err *err);
/*
 * The best job among `kinds` (NULL-terminated, at most 8; NULL: any) that is queued, or leased by an owner whose
 * lease ran out; leased to owner until now + lease. 0 found, 1 none, -1 error. out->attempts counts this taking: above
 * the caller's maximum, the job took its workers down each time; end it with store_job_fail.
 */
int store_job_take(struct store *s, int64_t campaign, const char *const *kinds, const char *owner,
	uint64_t now_ms, uint64_t lease_ms, struct job_rec *out, struct err *err);
/* The calls of a lease's owner: 0, 1 when the lease is no longer theirs (nothing is changed), -1 error. */
int store_job_renew(
	struct store *s, int64_t id, const char *owner, uint64_t until_ms, struct err *err);
/* done, or failed: queued again until max_attempts, then JOB_FAILED. */
int store_job_done(struct store *s, int64_t id, const char *owner, struct err *err);
int store_job_fail(struct store *s, int64_t id, const char *owner, const char *why,
	unsigned max_attempts, struct err *err);
/* Given back undone (an interrupt): queued again, and this attempt isn't counted. */
int store_job_release(struct store *s, int64_t id, const char *owner, struct err *err);
/* Give back all leases of owners for which alive() is false (their process is gone). */
int store_jobs_release_dead(
	struct store *s, bool (*alive)(void *arg, const char *owner), void *arg, struct err *err);
/* Jobs of one kind with an id above after_id, whatever their state, in order of id. */
typedef int (*store_job_fn)(void *arg, const struct job_rec *j); /* non-zero stops */
int store_jobs(struct store *s, int64_t campaign, const char *kind, int64_t after_id,
	store_job_fn fn, void *arg, struct err *err);
/*
 * What older campaigns left undone becomes this campaign's, but jobs of the kind `except` (an engine's slice of a
 * campaign that is over has no meaning); a job that is there already under the same key stays behind.
 */
int store_jobs_adopt(struct store *s, int64_t campaign, const char *except, struct err *err);
/* Counts by state, for one kind or all (NULL). counts[enum job_state]. */
int store_job_counts(
	struct store *s, int64_t campaign, const char *kind, uint64_t counts[4], struct err *err);

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

/* Statistics: adds execs, wall_ms, crashes, restarts to what is there; edges never go back; no corpus (0) says nothing. */
int store_stat_add(struct store *s, const struct stat_rec *r, struct err *err);
typedef int (*store_stat_fn)(void *arg, const struct stat_rec *r);
int store_stats(struct store *s, int64_t campaign, store_stat_fn fn, void *arg, struct err *err);

int store_event_add(struct store *s, int64_t campaign, uint64_t when_ms, const char *kind,
	const char *text, struct err *err);
typedef int (*store_event_fn)(void *arg, const struct event_rec *e);
int store_events(struct store *s, int64_t after_id, store_event_fn fn, void *arg, struct err *err);

/* Small facts: one row of text per key ("minimize/<bug>" progress, baselines, ...). set: NULL forgets. get: 0, 1 none, -1. */
int store_fact_set(struct store *s, const char *key, const char *value, struct err *err);
int store_fact_get(struct store *s, const char *key, char **value, struct err *err);

#endif
