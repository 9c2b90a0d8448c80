/* The queue of a campaign. */
#ifndef STORE_JOBS_H
#define STORE_JOBS_H

#include "base/err.h"
#include "store/records.h"

struct store;

/* Jobs. add: nothing happens when (campaign, kind, key) is there already; *added may be NULL. */
int store_job_add(struct store *s, const struct job_rec *job, bool *added, struct err *err);
/* A job that ended, done or failed, is to be done again, with all its attempts; *again (may be NULL): it was there. */
int store_job_again(struct store *s, int64_t campaign, const char *kind, const char *key,
	bool *again, struct err *err);
/* In the place of a time: the clock of the store, which for a server is the server's. Times of one's own are for tests. */
#define STORE_CLOCK UINT64_MAX

/*
 * The best job among `kinds` (NULL-terminated, at most 8; NULL: any) that is queued, or leased by an owner whose
 * lease ran out; leased to owner until now + lease. 0 found, 1 none, -1 error. out->attempts counts this taking: above
 * the caller's maximum, the job took its workers down each time; end it with store_job_fail. The leases of owners whose
 * names begin with `near` (NULL: nobody's) don't run out: the caller can see whether they live, and says so by
 * store_jobs_release_dead.
 */
int store_job_take(struct store *s, int64_t campaign, const char *const *kinds, const char *owner,
	const char *near, uint64_t now_ms, uint64_t lease_ms, struct job_rec *out, struct err *err);
/* The same for up to `max` at once, the best first; *n: how many. */
int store_jobs_take(struct store *s, int64_t campaign, const char *const *kinds, const char *owner,
	const char *near, uint64_t now_ms, uint64_t lease_ms, struct job_rec *out, size_t max,
	size_t *n, struct err *err);
/* The calls of a lease's owner: 0, 1 when the lease is no longer theirs (nothing is changed), -1 error. */
/* renew: a sign of life of the owner, which all that it holds is kept by until now + lease. */
int store_job_renew(struct store *s, int64_t id, const char *owner, uint64_t now_ms,
	uint64_t lease_ms, struct err *err);
/* done, or failed: queued again until max_attempts, then JOB_FAILED. */
int store_job_done(struct store *s, int64_t id, const char *owner, struct err *err);
int store_job_fail(struct store *s, int64_t id, const char *owner, const char *why,
	unsigned max_attempts, struct err *err);
/* Given back undone (an interrupt; NULL), or because the machine refused (why): queued again, and this attempt isn't counted. */
int store_job_release(
	struct store *s, int64_t id, const char *owner, const char *why, struct err *err);
/* Jobs whose payload begins so (NULL: none) are left to others from now on: this machine lacks what they need. */
void store_pass(struct store *s, const char *payload);
/*
 * From now on whatever is written is a result of that job (NULL: of none): where its lease was lost and somebody else took
 * it, writes fail and nothing of them is kept, so that a worker that slept changes nothing. The calls of a lease's owner say
 * so by 1, also where the same owner took the job again.
 */
void store_fence(struct store *s, const struct job_rec *job);
/*
 * Give back all leases of owners for which alive() is false (their process is gone). blame: the attempt counts, as the job
 * may have brought it about; not when the process was ended on purpose, or with all others.
 */
int store_jobs_release_dead(struct store *s, bool (*alive)(void *arg, const char *owner), void *arg,
	bool blame, struct err *err);
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

#endif
