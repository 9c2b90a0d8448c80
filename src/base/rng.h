/* xoshiro256** (Blackman and Vigna), seeded through splitmix64: fast, reproducible, not for secrets. */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include "base/prelude.h"

struct rng {
	uint64_t s[4];
};

void rng_seed(struct rng *r, uint64_t seed);
uint64_t rng_next(struct rng *r);
/* [0, n), unbiased; n > 0. */
uint64_t rng_below(struct rng *r, uint64_t n);
/* [0, 1). */
double rng_unit(struct rng *r);

#endif
