/*
 * Evenly spread points: of n numbered i, the first is 0 and the last is len - 1, so that a sample has both ends.
 */
#include "base/prelude.h"
#include "cases/spread.h"

size_t cases_spread(size_t i, size_t n, size_t len)
{
	if (n >= len)
		return i;
	return n < 2 ? 0 : (size_t)((unsigned __int128)i * (len - 1) / (n - 1));
}
