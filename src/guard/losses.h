/* What the same inputs reached on one build and reach no more on another, made sure of. */
#ifndef GUARD_LOSSES_H
#define GUARD_LOSSES_H

#include "guard/reach.h"
#include "project/project.h"

/* The later build, and the inputs: SHA-1s, sorted, in dir. until_ms as gather() has it. */
struct losses_of {
	struct project *p;
	const struct config_harness *h;
	const char *dir;
	const struct strlist *names;
	uint64_t until_ms;
};

/*
 * Into *out, which borrows from `before`. What seems lost gets more chances, by the inputs that reached it, which are added
 * to *now: what comes and goes is no loss. 1: no time was left for that, and *out says nothing.
 */
int losses_find(const struct losses_of *of, const struct reach *before, struct reach *now,
	struct reach_losses *out, struct err *err);

#endif
