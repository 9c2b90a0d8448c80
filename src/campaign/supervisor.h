/* The workers that a campaign starts, watches and ends: one refines, the others explore. */
#ifndef CAMPAIGN_SUPERVISOR_H
#define CAMPAIGN_SUPERVISOR_H

#include "campaign/worker.h"
#include "proc/proc.h"

struct supervisor_member {
	/* NULL: there is nobody any more */
	struct proc *proc;
	enum worker_role role;
	/* in a row, each soon after the last */
	unsigned restarts;
	uint64_t started_ms;
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

int supervisor_hire(struct supervisor *c, unsigned explorers, struct err *err);
/* A worker that died: says so, and starts another: a refining one always, others only where `explore`. */
void supervisor_watch(struct supervisor *c, bool explore);
bool supervisor_has(const struct supervisor *c, enum worker_role role);
/* Told to stop, workers end what they do; those that don't are ended. */
void supervisor_dismiss(struct supervisor *c);

#endif
