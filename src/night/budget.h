/* How long each step of a night may take, so that all of it ends in time and what matters least is cut first. Pure. */
#ifndef NIGHT_BUDGET_H
#define NIGHT_BUDGET_H

#include "base/prelude.h"

struct budget_row {
	/* thousandths of the night, but never more than BUDGET_MAX_MS; of the rest: no limit of its own */
	unsigned share;
	/* with less it isn't begun */
	uint64_t min_ms;
	/* of two steps for which there isn't time, the one with the lower is cut */
	unsigned value;
	/* gets what the others leave */
	bool rest;
	/* what it took the last time: so much is kept for it, though it may have more; 0: not known */
	uint64_t took_ms;
};

#define BUDGET_MAX_MS 600000

/* For step i, when so much of the whole is left; 0: it is cut. */
uint64_t budget_limit(
	const struct budget_row *rows, size_t n, size_t i, uint64_t total_ms, uint64_t left_ms);

#endif
