/* The workers that a campaign starts, watches and ends: one refines, the others explore. */
#ifndef CAMPAIGN_CREW_H
#define CAMPAIGN_CREW_H

#include "campaign/worker.h"
#include "proc/proc.h"

struct crew_member {
	struct proc *proc; /* NULL: there is nobody any more */
	enum worker_role role;
	unsigned restarts; /* in a row, each soon after the last */
	uint64_t started_ms;
};

struct crew {
	int64_t campaign;
	const char *config;           /* borrowed, as more_args */
	const char *const *more_args; /* of each worker; ends with NULL, may be NULL */
	struct crew_member *v;        /* the caller frees it after crew_dismiss */
	size_t n;
};

int crew_hire(struct crew *c, unsigned explorers, struct err *err);
/* A worker that died: says so, and starts another: a refining one always, others only where `explore`. */
void crew_watch(struct crew *c, bool explore);
bool crew_has(const struct crew *c, enum worker_role role);
/* Told to stop, workers end what they do; those that don't are ended. */
void crew_dismiss(struct crew *c);

#endif
