/* The workers that a campaign starts, watches and ends: one refines, the others explore. */
#ifndef CAMPAIGN_SUPERVISOR_H
#define CAMPAIGN_SUPERVISOR_H

#include "campaign/worker.h"
#include "proc/proc.h"

struct supervisor_member {
	/* NULL: there is nobody now */
	struct proc *proc;
	enum worker_role role;
	/* in a row, each soon after the last */
	unsigned restarts;
	/* starts in a row that this machine refused */
	unsigned refusals;
	/* the last time */
	uint64_t started_ms;
	/* when to start another; 0: never */
	uint64_t again_ms;
};

struct supervisor {
	int64_t campaign;
	/* borrowed, as more_args */
	const char *config;
	/* of each worker; ends with NULL, may be NULL */
	const char *const *more_args;
	/* the caller frees it after supervisor_dismiss */
	struct supervisor_member *v;
	size_t n;
};

/* What this machine refuses now is tried again by supervisor_watch. */
int supervisor_hire(struct supervisor *c, unsigned explorers, struct err *err);
/*
 * A worker that died: says so, and starts another: a refining one always, others only where `explore`. True: one did, and
 * its lease is to be given back.
 */
bool supervisor_watch(struct supervisor *c, bool explore);
/* There is one, or there will be. */
bool supervisor_has(const struct supervisor *c, enum worker_role role);
/*
 * Told to stop, workers end what they do; told again after patience_ms, they end now; those that don't are ended. WORKER_ANY:
 * all of them. Hurries when this process is told to. True: some had to be ended, and their leases are to be given back.
 */
bool supervisor_dismiss(struct supervisor *c, enum worker_role role, uint64_t patience_ms);

#endif
