/*
 * Leases: who holds a job, whether its holder still lives, and what a job sees of the worker that runs it. A lease that
 * isn't kept runs out, and the job is somebody else's.
 */
#ifndef PROJECT_LEASE_H
#define PROJECT_LEASE_H

#include "project/project.h"

struct depot;

#define LEASE_OWNER_MAX 96
/*
 * This process as the owner of leases: "host/place:pid:start": place tells containers of one name apart, start is in the
 * system's ticks, as pids come again.
 */
void lease_owner(char out[LEASE_OWNER_MAX]);
/* What the names of all owners of this host begin with. */
void lease_near(char out[LEASE_OWNER_MAX]);
/* False when it is of this host and the process is gone; another machine's lease has to run out. For the store. */
bool lease_owner_alive(void *arg, const char *owner);

/*
 * For workers of other machines, which can't see whether an owner lives: so long a lease is kept without a sign of life.
 * (THRESH_TEST_LEASE_MS: another one, for tests.)
 */
#define LEASE_MS 30000
uint64_t lease_ms(void);

/* What a job sees of the worker that runs it. */
struct job_ctx {
	struct project *project;
	const struct job_rec *job;
	const char *owner;
	/* clock_mono_ms */
	uint64_t renewed_ms;
	/* of a shared store, else NULL: see depot/corpora.h */
	struct depot *depot;
};

/* For people: "fuzz of parse", or "regress" where it is of no harness. */
#define JOB_FMT "%s%s%s"
#define JOB_ARG(j) (j)->kind, *(j)->harness ? " of " : "", (j)->harness
/* Keep the lease. False when the job should end early: told to stop, or the lease is lost. Cheap to call often. */
bool job_alive(struct job_ctx *j);

#endif
