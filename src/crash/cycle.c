/*
 * The repeating part of a stack overflow. For people: the smallest cycle, in the rotation that sorts
 * first. For the signature: the set of functions that keep coming back, sorted, which is the same whether a
 * recursion ran A B A B or A B A A B, and wherever the stack happened to end.
 */
#include "base/prelude.h"
#include "crash/internal.h"
#include "base/mem.h"

enum { CYCLE_MAX = 64, TIMES = 3 };

static bool same(const char *a, const char *b)
{
	return a == b || !strcmp(a, b);
}

/*
 * The smallest start, then the smallest length, whose block stands TIMES times in a row. Names are interned by
 * the caller's order of first appearance, so equality is cheap; runs[l] counts how far names[i] == names[i + l].
 */
size_t cycle_find(const char **names, size_t n, size_t *start, size_t *length)
{
	size_t best = SIZE_MAX;

	for (size_t l = 1; l <= CYCLE_MAX && l * TIMES <= n; l++) {
		size_t run = 0, need = l * (TIMES - 1);

		for (size_t i = 0; i + l < n && (best == SIZE_MAX || i < best + need); i++) {
			run = same(names[i], names[i + l]) ? run + 1 : 0;
			if (run < need)
				continue;
			if (i + 1 - need < best) {
				best = i + 1 - need;
				*start = best;
				*length = l;
			}
			break;
		}
	}
	return best == SIZE_MAX ? 0 : *length;
}

/* The rotation that sorts first; n is small. */
size_t cycle_canonical(const char **cycle, size_t n, const char **out)
{
	size_t best = 0;

	for (size_t r = 1; r < n; r++)
		for (size_t i = 0; i < n; i++) {
			int c = strcmp(cycle[(r + i) % n], cycle[(best + i) % n]);

			if (c < 0)
				best = r;
			if (c)
				break;
		}
	for (size_t i = 0; i < n; i++)
		out[i] = cycle[(best + i) % n];
	return n;
}

static int by_name(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;

	return x == y ? 0 : strcmp(x, y);
}

/* Names seen at least TIMES, and at least a quarter as often as the commonest one; sorted. */
size_t cycle_set(const char **names, size_t n, const char **out, size_t max)
{
	const char **sorted = xmalloc((n + 1) * sizeof(*sorted));
	size_t most = 0, found = 0;

	memcpy(sorted, names, n * sizeof(*sorted));

	qsort(sorted, n, sizeof(*sorted), by_name);
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0, j; i < n; i = j) {
			for (j = i; j < n && same(sorted[i], sorted[j]);)
				j++;
			if (!pass)
				most = MAX(most, j - i);
			else if (j - i >= TIMES && (j - i) * 4 >= most && found < max)
				out[found++] = sorted[i];
		}
	free(sorted);
	return found;
}
