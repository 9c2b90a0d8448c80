/* A search that strategies share. */
#ifndef MINIMIZE_LEAST_H
#define MINIMIZE_LEAST_H

#include "minimize/reduce.h"

/* Part of the best that a search replaces again and again: [from, to) of it as it is now. */
struct region {
	size_t from, to;
};

/* Writes the best with `n` given way to what stands for `value`, and nothing else of it changed. */
typedef enum made (*region_make_fn)(
	const struct region *n, const struct reducer *r, uint64_t value, struct draft *d);

/*
 * The least value in [lo, hi) whose candidate is accepted; supposes that what is accepted stays accepted above, and
 * settles for a local answer when it doesn't. The region is kept to what each acceptance has left of it.
 */
int reduce_least(
	struct reducer *r, region_make_fn make, struct region *n, uint64_t lo, uint64_t hi);

/* Number `keep`: the first so many bytes of the region, or the last. */
enum made region_first(
	const struct region *n, const struct reducer *r, uint64_t keep, struct draft *d);
enum made region_last(
	const struct region *n, const struct reducer *r, uint64_t keep, struct draft *d);

#endif
