/*
 * Steps behind this one that matter more keep their least in any case; all others keep their share as long as this one
 * gets its own.
 */
#include "base/prelude.h"
#include "night/budget.h"

static uint64_t share_of(const struct budget_row *r, uint64_t total_ms)
{
	uint64_t ms = r->rest ? total_ms : MIN(total_ms * r->share / 1000, BUDGET_MAX_MS);

	return MAX(ms, r->min_ms);
}

/* A step takes about as long as it took, and a little more for what is new. */
static uint64_t kept_for(const struct budget_row *r, uint64_t total_ms)
{
	uint64_t ms = share_of(r, total_ms);

	return r->took_ms ? MAX(MIN(ms, r->took_ms * 3 / 2 + 500), r->min_ms) : ms;
}

static uint64_t without(uint64_t ms, uint64_t less)
{
	return ms - MIN(ms, less);
}

uint64_t budget_limit(
	const struct budget_row *rows, size_t n, size_t i, uint64_t total_ms, uint64_t left_ms)
{
	uint64_t others = 0, better = 0, want = share_of(&rows[i], total_ms), limit;
	bool rest_is_over = true;

	for (size_t k = i + 1; k < n; k++) {
		rest_is_over = rest_is_over && !rows[k].rest;
		if (!rows[k].rest)
			others += kept_for(&rows[k], total_ms);
		if (rows[k].value > rows[i].value)
			better += rows[k].min_ms;
	}
	/* its share of what isn't kept for better ones; and what nobody asks for, once none would have it */
	limit = MIN(rows[i].rest ? rows[i].min_ms : want, without(left_ms, better));
	if (rest_is_over)
		limit = MAX(without(left_ms, others), limit);
	return limit < rows[i].min_ms ? 0 : limit;
}
