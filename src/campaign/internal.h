/* The kinds of job, in a table. Every one is idempotent: it may be killed at any instant and run again. */
#ifndef CAMPAIGN_INTERNAL_H
#define CAMPAIGN_INTERNAL_H

#include "campaign/worker.h"
#include "project/lease.h"

struct job_kind {
	const char *name;
	enum worker_role role;
	unsigned max_attempts;
	int (*run)(struct job_ctx *j, struct err *err);
	/* of a lease's time, as it gives no sign of life meanwhile; and how many are taken at once where others are far */
	unsigned leases, batch;
	/* finds nothing new, and takes long: while a campaign explores it gets a part of the time only */
	bool can_wait;
	/* it needs no checkout: neither the tree that tests are written to, nor people's decisions and hooks */
	bool anywhere;
};

/* ends with a NULL name */
extern const struct job_kind job_kinds[];

int job_fuzz(struct job_ctx *j, struct err *err);
int job_triage(struct job_ctx *j, struct err *err);
int job_recheck(struct job_ctx *j, struct err *err);
int job_sweep(struct job_ctx *j, struct err *err);
int job_edge(struct job_ctx *j, struct err *err);
int job_minimize(struct job_ctx *j, struct err *err);
int job_regress(struct job_ctx *j, struct err *err);

#endif
