/* A search that strategies share. */
#ifndef MINIMIZE_LEAST_H
#define MINIMIZE_LEAST_H

#include "minimize/reduce.h"

/*
 * The least value in [lo, hi) whose candidate is accepted, where make gets the value as its number; supposes that what
 * is accepted stays accepted above, and settles for a local answer when it doesn't. *found is left alone when there is none.
 */
int reduce_least(struct reducer *r,
	enum made (*make)(void *arg, const struct reducer *r, uint64_t value, struct draft *d),
	void *arg, uint64_t lo, uint64_t hi, uint64_t *found);

#endif
