/* The kinds of job, in a table. Every one is idempotent: it may be killed at any instant and run again. */
#ifndef CAMPAIGN_JOBS_H
#define CAMPAIGN_JOBS_H

#include "campaign/worker.h"

#define LEASE_MS 30000

/* What a job sees of the worker that runs it. */
struct job_ctx {
	struct campaign *c;
	const struct job_rec *job;
	const char *owner;
	uint64_t renewed_ms;
};

/* Keep the lease. False when the job should end early: told to stop, or the lease is lost. Cheap to call often. */
bool job_alive(struct job_ctx *j);

struct job_kind {
	const char *name;
	enum worker_role role;
	unsigned max_attempts;
	int (*run)(struct job_ctx *j, struct err *err);
};

extern const struct job_kind job_kinds[]; /* ends with a NULL name */

int job_fuzz(struct job_ctx *j, struct err *err);
int job_triage(struct job_ctx *j, struct err *err);
int job_sweep(struct job_ctx *j, struct err *err);
int job_edge(struct job_ctx *j, struct err *err);
int job_minimize(struct job_ctx *j, struct err *err);
int job_regress(struct job_ctx *j, struct err *err);

#endif
