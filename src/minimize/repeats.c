/*
 * What occurs again and again goes at once: deletion one by one would be accepted as often, and each acceptance is a
 * crash. Deep nesting is made of such repetition.
 */
#include "base/prelude.h"
#include "base/mem.h"
#include "minimize/strategy.h"

#define MAX_GROUPS 512
#define MANY 32 /* what occurs less often goes as fast with its neighbours */
#define PART 16 /* and so does what is a smaller part of the whole */

enum which { WHICH_ALL, WHICH_BUT_FIRST, WHICH_BUT_LAST, N_WHICH };

/* Places of the same content: index[first .. first + n) of the units. */
struct group {
	size_t first, n, bytes;
};

struct alike {
	void (*cut)(const struct reducer *r, struct ends *e);
	struct ends ends;
	size_t *index; /* of units, equal ones together, in their order */
	struct group *g;
	size_t n_g, cap_g;
	size_t run;    /* groups that go together in the first candidate; 1: there is none such */
	bool *gone;    /* scratch: by unit */
	uint64_t base; /* number of the first candidate */
};

static const struct alike *sort_alike; /* qsort has no context; one thread */
static const unsigned char *sort_data;

static size_t unit_from(const struct alike *a, size_t i)
{
	return i ? a->ends.v[i - 1] : 0;
}

static size_t unit_len(const struct alike *a, size_t i)
{
	return a->ends.v[i] - unit_from(a, i);
}

static int compare_units(const struct alike *a, const unsigned char *p, size_t i, size_t j)
{
	size_t n = unit_len(a, i), m = unit_len(a, j);

	if (n != m)
		return n < m ? -1 : 1;
	return memcmp(p + unit_from(a, i), p + unit_from(a, j), n);
}

static int by_content(const void *x, const void *y)
{
	size_t i = *(const size_t *)x, j = *(const size_t *)y;
	int c = compare_units(sort_alike, sort_data, i, j);

	return c ? c : i < j ? -1 : i > j;
}

static int by_bytes(const void *x, const void *y)
{
	const struct group *a = x, *b = y;

	if (a->bytes != b->bytes)
		return a->bytes > b->bytes ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

static void find_groups(struct alike *a, const struct reducer *r)
{
	size_t n;

	a->ends.n = a->n_g = 0;
	a->cut(r, &a->ends);
	n = a->ends.n;
	a->index = xrealloc(a->index, (n ? n : 1) * sizeof(*a->index));
	a->gone = xrealloc(a->gone, (n ? n : 1) * sizeof(*a->gone));
	for (size_t i = 0; i < n; i++)
		a->index[i] = i;
	sort_alike = a;
	sort_data = r->data;
	qsort(a->index, n, sizeof(*a->index), by_content);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1;
			end < n && !compare_units(a, r->data, a->index[i], a->index[end]);)
			end++;
		if (end - i < MANY || (end - i) * unit_len(a, a->index[i]) < r->len / PART)
			continue;
		GROW(a->g, a->n_g, a->cap_g);
		a->g[a->n_g++] = (struct group){ i, end - i, (end - i) * unit_len(a, a->index[i]) };
	}
	if (a->n_g)
		qsort(a->g, a->n_g, sizeof(*a->g), by_bytes);
	a->n_g = MIN(a->n_g, (size_t)MAX_GROUPS);
}

/* Marks a group's units, but for its first or last. */
static void mark(struct alike *a, const struct group *g, enum which which)
{
	size_t first = g->first + (which == WHICH_BUT_FIRST);
	size_t end = g->first + g->n - (which == WHICH_BUT_LAST);

	for (size_t j = first; j < end; j++)
		a->gone[a->index[j]] = true;
}

static void draft_rest(const struct alike *a, const struct reducer *r, struct draft *d)
{
	size_t from = 0;

	for (size_t i = 0; i < a->ends.n; i++) {
		if (!a->gone[i])
			continue;
		draft_add(d, r->data + from, unit_from(a, i) - from);
		from = a->ends.v[i];
	}
	draft_add(d, r->data + from, r->len - from);
}

/* The first number is several groups at once, where the last acceptance was of as many as half of them. */
static enum made make_alike(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	struct alike *a = arg;
	bool together = a->run > 1;
	uint64_t k = i - a->base;

	if (!together || k > 0)
		k -= together;
	else if (a->n_g < 2)
		return MADE_SKIP;
	if (k / N_WHICH >= a->n_g)
		return MADE_END;
	memset(a->gone, 0, a->ends.n * sizeof(*a->gone));
	if (together && i == a->base)
		for (size_t j = 0; j < MIN(a->run, a->n_g); j++)
			mark(a, &a->g[j], WHICH_ALL);
	else
		mark(a, &a->g[k / N_WHICH], (enum which)(k % N_WHICH));
	draft_rest(a, r, d);
	return MADE;
}

static uint64_t alike_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	struct alike *a = arg;
	bool together = a->run > 1;

	if (together && i == a->base)
		a->run *= 2;
	else
		a->run = (i - a->base - together) % N_WHICH == WHICH_ALL ? 2 : 1;
	find_groups(a, r);
	a->base = i + 1;
	return i + 1;
}

static void cut_bytes(const struct reducer *r, struct ends *e)
{
	for (size_t i = 0; i < r->len; i++)
		ends_add(e, i + 1);
}

int strategy_repeats(struct reducer *r)
{
	static void (*const cuts[])(
		const struct reducer *r, struct ends *e) = { cut_lines, cut_tokens, cut_bytes };
	bool changed = false;
	int rc = 0;

	for (size_t k = 0; k < ARRAY_LEN(cuts) && rc >= 0; k++) {
		struct alike a = { .cut = cuts[k], .run = 1 };
		struct sweep s = { make_alike, alike_accepted, &a };

		find_groups(&a, r);
		rc = reduce_sweep(r, &s);
		changed |= rc > 0;
		free(a.ends.v);
		free(a.index);
		free(a.gone);
		free(a.g);
	}
	return rc < 0 ? -1 : changed;
}
