/*
 * The known word that is nearest to a mistyped one. Optimal string alignment distance: insert, delete, replace, and
 * swap of neighbours cost one each; far words are no suggestion.
 */
#include "base/prelude.h"
#include "cli/suggest.h"

#define MAX_WORD 64

static unsigned distance(const char *a, size_t n, const char *b, size_t m)
{
	unsigned d[3][MAX_WORD + 1];
	unsigned *before = d[0], *prev = d[1], *cur = d[2];

	for (size_t j = 0; j <= m; j++)
		prev[j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned *spare = before;

		cur[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			unsigned best = prev[j - 1] + (a[i - 1] != b[j - 1]);

			best = MIN(best, prev[j] + 1);
			best = MIN(best, cur[j - 1] + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				best = MIN(best, before[j - 2] + 1);
			cur[j] = best;
		}
		before = prev;
		prev = cur;
		cur = spare;
	}
	return prev[m];
}

void suggest_try(struct suggest *s, const char *candidate)
{
	size_t n = strlen(s->wrong), m = candidate ? strlen(candidate) : 0;
	unsigned d;

	if (!m || !n || n > MAX_WORD || m > MAX_WORD)
		return;
	/* what was cut short is meant, however much is missing */
	if (n >= 2 && n < m && strncmp(s->wrong, candidate, n) == 0) {
		d = 1;
	} else {
		d = distance(s->wrong, n, candidate, m);
		if (d > (MAX(n, m) <= 2 ? 1 : MAX(n, m) / 3 + (MAX(n, m) == 4)))
			return;
	}
	if (!s->best || d < s->distance) {
		s->best = candidate;
		s->distance = d;
	}
}
