/* Numbers for mutations: fast, and the same for the same seed. */
#ifndef THRESH_RT_RANDOM_H
#define THRESH_RT_RANDOM_H

#include <stdint.h>

static inline uint64_t thresh_rt_random_seed(uint64_t seed)
{
	uint64_t rng = (seed + 1) * 0x9e3779b97f4a7c15u;

	return rng ? rng : 1;
}

/* Below a bound that isn't 0: xorshift64* (Vigna, 2016). */
static inline uint32_t thresh_rt_random(uint64_t *rng, uint32_t below)
{
	*rng ^= *rng >> 12;
	*rng ^= *rng << 25;
	*rng ^= *rng >> 27;
	return (uint32_t)((*rng * 0x2545f4914f6cdd1du >> 32) % below);
}

#endif
