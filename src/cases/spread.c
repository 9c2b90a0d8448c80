/* Evenly spread points. */
#include "base/prelude.h"
#include "cases/spread.h"

size_t cases_spread(size_t i, size_t n, size_t len)
{
	if (n >= len)
		return i;
	return n < 2 ? 0 : (size_t)((unsigned __int128)i * (len - 1) / (n - 1));
}
